/*
 * Requests by FastCGI: several over one socket, to one process with one or
 * more threads, which leaves when it is told to.
 */
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/echo.h"

static struct sockaddr_un where = { .sun_family = AF_UNIX };
static int	 said = -1;	/* the standard output of the last started */

static pid_t
start(const char *threads)
{
	char *const args[] = { self, (char *)(uintptr_t)threads, NULL };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), ends[2];
	pid_t child;

	if (said != -1)
		close(said);
	assert_int_equal(pipe(ends), 0);
	said = ends[0];
	snprintf(where.sun_path, sizeof(where.sun_path),
	    "/tmp/almoner-http-%d.sock", (int)getpid());
	(void)unlink(where.sun_path);
	assert_int_equal(bind(fd, (struct sockaddr *)&where, sizeof(where)),
	    0);
	assert_int_equal(listen(fd, 64), 0);
	if ((child = fork()) == 0) {
		dup2(fd, 0);
		dup2(ends[1], 1);
		close(fd);
		close(ends[0]);
		close(ends[1]);
		execv(self, args);
		_exit(127);
	}
	close(fd);
	close(ends[1]);
	return child;
}

/* Does it go by itself?  A busy machine takes its time. */
static void
check_end(pid_t child)
{
	int status = -1;

	for (int i = 0; i < 2000; i++) {
		if (waitpid(child, &status, WNOHANG) == child)
			break;
		nap(10);
		status = -1;
	}
	if (status == -1)
		(void)kill(child, SIGKILL);
	assert_int_equal(status, 0);
	(void)unlink(where.sun_path);
}

static void
record(int fd, int type, const void *content, size_t size)
{
	unsigned char head[8] = { 1, (unsigned char)type, 0, 1,
	    (unsigned char)(size >> 8), (unsigned char)size, 0, 0 };

	assert_int_equal(write(fd, head, 8), 8);
	/* At the end of the input it may answer, and hang up, at once. */
	if (size > 0)
		assert_int_equal(write(fd, content, size), size);
}

/* Names and values are shorter than 128 bytes here. */
static int
ask(char *const *env, const char *body, size_t size)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char params[1024], *p = params;
	size_t part;

	assert_int_equal(connect(fd, (struct sockaddr *)&where,
	    sizeof(where)), 0);
	record(fd, 1, "\0\1\0\0\0\0\0", 8);
	for (; *env != NULL; env++) {
		size_t name = strcspn(*env, "="), all = strlen(*env);

		*p++ = (char)name;
		*p++ = (char)(all - name - 1);
		memcpy(p, *env, name);
		memcpy(p + name, *env + name + 1, all - name - 1);
		p += all - 1;
	}
	record(fd, 4, params, (size_t)(p - params));
	record(fd, 4, "", 0);
	for (; size > 0; size -= part, body += part) {
		part = size < 60000 ? size : 60000;
		record(fd, 5, body, part);
	}
	record(fd, 5, "", 0);
	return fd;
}

static bool
read_all(int fd, void *to, size_t size)
{
	ssize_t n;

	for (char *at = to; size > 0; at += n, size -= (size_t)n)
		if ((n = read(fd, at, size)) <= 0)
			return false;
	return true;
}

/* What follows the headers; "" if the connection just ended. */
static const char *
hear(int fd)
{
	unsigned char head[8];
	size_t got = 0, size;
	char waste[256], *body;

	while (read_all(fd, head, 8)) {
		size = (size_t)head[4] << 8 | head[5];
		assert_true(got + size < sizeof(answer));
		assert_true(read_all(fd, answer + got, size));
		if (head[1] == 6)
			got += size;
		assert_true(read_all(fd, waste, head[6]));
	}
	close(fd);
	answer[got] = '\0';
	body = strstr(answer, "\r\n\r\n");
	return body == NULL ? "" : body + 4;
}

#define POST(path) ENV("REQUEST_METHOD=POST", "CONTENT_LENGTH=100000", \
    "HTTP_X_PARTNER_KEY=k", "HTTP_X_PARTNER_KEY=l", "REQUEST_URI=" path)

static void
test_fastcgi(void **state)
{
	char *body = calloc(1, 100000);
	pid_t child = start("1");

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_string_equal(hear(ask(POST("/v1/a"), body, 100000)),
		    "POST|/v1/a||/v1/a|-|||good 100000 0|k 2|");
		assert_string_equal(hear(ask(POST("/v1/a"), body, 99999)),
		    "POST|/v1/a||/v1/a|-|||short 99999 0|k 2|");
		assert_string_equal(hear(ask(ENV("REQUEST_METHOD=HEAD"), "",
		    0)), "");
	}
	free(body);
	(void)kill(child, SIGTERM);
	check_end(child);
}

/* The request that is being served when SIGTERM comes is served. */
static void
test_stop_in_request(void **state)
{
	(void)state;
	for (int i = 1; i <= 4; i += 3) {
		pid_t child = start(i == 1 ? "1" : "4");
		int fd = ask(ENV("REQUEST_METHOD=GET", "REQUEST_URI=/v1/slow"),
		    "", 0);
		char begun;

		assert_int_equal(read(said, &begun, 1), 1);
		(void)kill(child, SIGTERM);
		assert_string_equal(hear(fd),
		    "GET|/v1/slow||/v1/slow|-|||good 0 0|- 0|");
		check_end(child);
	}
}

static void
test_threads(void **state)
{
	for (int round = 0; round < 5; round++) {
		pid_t child = start("4");
		int fds[8];

		(void)state;
		for (int i = 0; i < 8; i++)
			fds[i] = ask(ENV("REQUEST_METHOD=GET",
			    "REQUEST_URI=/v1/x"), "", 0);
		for (int i = 0; i < 8; i++)
			assert_string_equal(hear(fds[i]),
			    "GET|/v1/x||/v1/x|-|||good 0 0|- 0|");
		(void)kill(child, round % 2 == 0 ? SIGTERM : SIGUSR1);
		check_end(child);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fastcgi),
		cmocka_unit_test(test_stop_in_request),
		cmocka_unit_test(test_threads),
	};

	if (argc == 2)
		return program(atoi(argv[1]));
	if (find_self() != 0)
		return 1;
	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
