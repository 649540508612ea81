/*
 * Requests by CGI: in the environment of a process of its own.
 */
#include <sys/wait.h>

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/echo.h"

static const char *
cgi(char *const *env, const void *body, size_t size)
{
	char *const args[] = { self, (char[]){ "1" }, NULL };
	int in[2], out[2], status;
	size_t got = 0, done = 0;
	ssize_t n;
	pid_t child;

	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	if ((child = fork()) == 0) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		close(in[0]);
		close(in[1]);
		close(out[0]);
		close(out[1]);
		execve(self, args, env);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	while (done < size && (n = write(in[1], (const char *)body + done,
	    size - done)) > 0)
		done += (size_t)n;
	close(in[1]);
	while ((n = read(out[0], answer + got, sizeof(answer) - 1 - got)) > 0)
		got += (size_t)n;
	answer[got] = '\0';
	close(out[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	return answer;
}

static void
check(char *const *env, const char *body, size_t size, const char *wanted)
{
	const char *got = strstr(cgi(env, body, size), "\r\n\r\n");

	assert_non_null(got);
	assert_string_equal(got + 4, wanted);
}

static void
test_get(void **state)
{
	const char *got = cgi(ENV("REQUEST_METHOD=GET",
	    "REQUEST_URI=/give/v1/a%2fb//c?x=%41&y=/v1/",
	    "REMOTE_ADDR=192.0.2.7", "CONTENT_LENGTH=",
	    "HTTP_X_PARTNER_KEY=pk_1"), NULL, 0);

	(void)state;
	assert_string_equal(got, "Status: 402 Payment Required\r\n"
	    "X-Echo: yes\r\nContent-Type: text/plain\r\n"
	    "Content-Length: 89\r\n\r\n"
	    "GET|/v1/a%2fb//c?x=%41&y=/v1/|/give|/v1/a%2fb//c|x=%41&y=/v1/|"
	    "192.0.2.7||good 0 0|pk_1 1|");
}

static void
test_targets(void **state)
{
	static const char *const rows[][2] = {
		{ "/v1/", "/v1/||/v1/|-" },
		{ "/v1/x?", "/v1/x?||/v1/x|" },
		{ "/a/b/v1/x/v1/y", "/v1/x/v1/y|/a/b|/v1/x/v1/y|-" },
		{ "http://h/v1/x", "/v1/x||/v1/x|-" },
		{ "https://h:8/s/v1/x?q", "/v1/x?q|/s|/v1/x|q" },
		{ "https://h?/v1/x", "-||-|-" },
		{ "/v1", "-||-|-" },
		{ "/x?/v1/", "-||-|-" },
		{ "*", "-||-|-" },
		{ "", "-||-|-" },
	};
	char uri[LIMIT_TARGET + 100] = "REQUEST_URI=", wanted[200];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		strcpy(uri + 12, rows[i][0]);
		snprintf(wanted, sizeof(wanted), "GET|%s|||good 0 0|- 0|",
		    rows[i][1]);
		check(ENV("REQUEST_METHOD=GET", uri), NULL, 0, wanted);
	}
	check(ENV("REQUEST_METHOD=GET"), NULL, 0,
	    "GET|-||-|-|||good 0 0|- 0|");
	strcpy(uri + 12, "/v1/");
	memset(uri + 16, 'x', LIMIT_TARGET);
	check(ENV("REQUEST_METHOD=GET", uri), NULL, 0,
	    "GET|-||-|-|||good 0 0|- 0|");
}

static void
test_bodies(void **state)
{
	static const struct {
		const char	*length, *coding;
		size_t		 sent;
		const char	*wanted;
	} rows[] = {
		{ "CONTENT_LENGTH=10", NULL, 10, "good 10 1200" },
		/* What follows is not ours to read. */
		{ "CONTENT_LENGTH=10", NULL, 12, "good 10 1200" },
		{ "CONTENT_LENGTH=10", NULL, 9, "short 9 1080" },
		{ "CONTENT_LENGTH=10", NULL, 0, "short 0 0" },
		{ "CONTENT_LENGTH=0", NULL, 0, "good 0 0" },
		{ "CONTENT_LENGTH=", NULL, 0, "good 0 0" },
		{ "X=", NULL, 5, "good 0 0" },
		{ "CONTENT_LENGTH=-1", NULL, 5, "short 0 0" },
		{ "CONTENT_LENGTH=0x5", NULL, 5, "short 0 0" },
		{ "CONTENT_LENGTH=5 ", NULL, 5, "short 0 0" },
		{ "CONTENT_LENGTH=99999999999999999999999999", NULL, 5,
		    "large 0 0" },
		{ "CONTENT_LENGTH=1048576", NULL, 1048576,
		    "good 1048576 125829120" },
		{ "CONTENT_LENGTH=1048577", NULL, 1048577, "large 0 0" },
		{ "CONTENT_LENGTH=3000000", NULL, 3000000, "large 0 0" },
		{ "X=", "chunked", 10, "good 10 1200" },
		{ "CONTENT_LENGTH=3", "gzip, Chunked", 10, "good 10 1200" },
		{ "CONTENT_LENGTH=3", "gzip", 10, "good 3 360" },
		{ "X=", "chunked", 0, "good 0 0" },
		{ "X=", "chunked", 4096, "good 4096 491520" },
		{ "X=", "chunked", 1048576, "good 1048576 125829120" },
		{ "X=", "chunked", 1048577, "large 0 0" },
		{ "X=", "chunked", 3000000, "large 0 0" },
	};
	char length[64], coding[64], wanted[100];
	char *body = malloc(3000000);

	(void)state;
	memset(body, 'x', 3000000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(length, sizeof(length), "%s", rows[i].length);
		snprintf(coding, sizeof(coding), "HTTP_TRANSFER_ENCODING=%s",
		    rows[i].coding == NULL ? "" : rows[i].coding);
		snprintf(wanted, sizeof(wanted), "POST|/v1/||/v1/|-||a/b|%s|"
		    "- 0|", rows[i].wanted);
		check(ENV("REQUEST_METHOD=POST", "REQUEST_URI=/v1/", length,
		    rows[i].coding == NULL ? "Y=" : coding,
		    "CONTENT_TYPE=a/b"), body, rows[i].sent, wanted);
	}
	free(body);
}

static void
test_headers(void **state)
{
	char large[LIMIT_HEADER + 100] = "HTTP_X_PARTNER_KEY=";

	(void)state;
	/* lighttpd passes X_Partner_Key on beside X-Partner-Key. */
	check(ENV("REQUEST_METHOD=GET", "HTTP_X_PARTNER_KEY=one",
	    "HTTP_X_PARTNER_KEYS=two", "X_PARTNER_KEY=three",
	    "HTTP_X_PARTNER=four", "HTTP_X_PARTNER_KEY=five"), NULL, 0,
	    "GET|-||-|-|||good 0 0|one 2|");
	memset(large + strlen(large), 'x', LIMIT_HEADER + 1);
	check(ENV("REQUEST_METHOD=GET", large), NULL, 0,
	    "GET|-||-|-|||good 0 0|- 1|");
}

static void
test_no_body(void **state)
{
	(void)state;
	assert_string_equal(cgi(ENV("REQUEST_METHOD=HEAD"), NULL, 0),
	    "Status: 402 Payment Required\r\nX-Echo: yes\r\n"
	    "Content-Type: text/plain\r\nContent-Length: 27\r\n\r\n");
	assert_string_equal(cgi(ENV("REQUEST_METHOD=DELETE"), NULL, 0),
	    "Status: 204 No Content\r\n\r\n");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_get),
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_no_body),
	};

	if (argc == 2)
		return program(atoi(argv[1]));
	if (find_self() != 0)
		return 1;
	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
