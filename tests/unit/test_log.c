/*
 * The log: its form, what nobody can forge in it, and lines of many threads
 * that stay whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"

#define NOW "2025-05-10T11:20:00Z"

static char	path[] = "/tmp/almoner-log-XXXXXX";
static char	text[4 * 1024 * 1024];

/* All that the log says now; it is empty again afterwards. */
static const char *
taken(void)
{
	FILE	*file = fopen(path, "r");
	size_t	 size;

	assert_non_null(file);
	size = fread(text, 1, sizeof(text) - 1, file);
	text[size] = '\0';
	assert_int_equal(fclose(file), 0);
	assert_int_equal(truncate(path, 0), 0);

	return text;
}

static int
start(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	if (fd == -1 || close(fd) == -1 || unlink(path) == -1)
		return -1;
	log_to(path);

	return clock_set("1746876000") ? 0 : -1;
}

static int
finish(void **state)
{
	(void)state;
	log_to(NULL);

	return unlink(path);
}

static void
has_its_form(void **state)
{
	struct stat file;

	(void)state;
	log_line(LOG_ERROR, "disk %d is %s", 7, "full");
	assert_string_equal(taken(), NOW " error - disk 7 is full\n");
	log_request("req_65f1");
	log_line(LOG_WARN, "slow");
	log_line(LOG_INFO, "%s", "");
	assert_string_equal(taken(), NOW " warn req_65f1 slow\n"
	    NOW " info req_65f1 \n");
	log_request(NULL);
	log_line(LOG_INFO, "again");
	assert_string_equal(taken(), NOW " info - again\n");
	assert_int_equal(stat(path, &file), 0);
	assert_int_equal(file.st_mode & 07777, 0600);
}

/* As logrotate does it, and as who truncates it does. */
static void
begins_anew_when_it_was_renamed(void **state)
{
	char	 old[sizeof(path) + 2];

	(void)state;
	snprintf(old, sizeof(old), "%s.1", path);
	log_line(LOG_INFO, "before");
	assert_int_equal(rename(path, old), 0);
	log_line(LOG_INFO, "after");
	assert_string_equal(taken(), NOW " info - after\n");
	assert_int_equal(unlink(old), 0);
	assert_int_equal(unlink(path), 0);
	log_line(LOG_INFO, "removed");
	assert_string_equal(taken(), NOW " info - removed\n");
	log_line(LOG_INFO, "cut");
	assert_string_equal(taken(), NOW " info - cut\n");
}

static void
cannot_be_forged(void **state)
{
	(void)state;
	log_line(LOG_INFO, "%s", "a\n" NOW " error - b\r\t\x1b[31m\x7f");
	assert_string_equal(taken(), NOW " info - a\\x0a" NOW
	    " error - b\\x0d\\x09\\x1b[31m\\x7f\n");
	log_request("r\n1");
	log_line(LOG_INFO, "x");
	assert_string_equal(taken(), NOW " info r\\x0a1 x\n");
	log_request(NULL);
	/* UTF-8 stays, but not U+009B, which starts an escape as well. */
	log_line(LOG_INFO, "%s", "Zo\xc3\xab \xf0\x9f\x8e\x97 \xc2\x9b");
	assert_string_equal(taken(),
	    NOW " info - Zo\xc3\xab \xf0\x9f\x8e\x97 \\xc2\\x9b\n");
	log_line(LOG_INFO, "%s", "\xc3\xab\xff");
	assert_string_equal(taken(), NOW " info - \\xc3\\xab\\xff\n");
}

static void
cuts_what_is_too_long(void **state)
{
	static char	 longer[10000];
	const char	*line;
	size_t		 prefix = strlen(NOW " info - ");
	size_t		 size;

	(void)state;
	memset(longer, 'x', sizeof(longer) - 1);
	log_line(LOG_INFO, "%s", longer);
	line = taken();
	assert_true(strlen(line) <= 4096);
	assert_string_equal(line + strlen(line) - 5, "x...\n");

	for (size = 4050; size < 4100; size++) {
		log_line(LOG_INFO, "%.*s", (int)size, longer);
		line = taken();
		assert_true(strlen(line) <= 4096);
		if (prefix + size + 4 <= 4096)
			assert_int_equal(strlen(line), prefix + size + 1);
		else
			assert_non_null(strstr(line, "...\n"));
	}
	memset(longer, '\n', sizeof(longer) - 1);
	log_line(LOG_INFO, "%s", longer);
	line = taken();
	assert_true(strlen(line) <= 4096);
	assert_string_equal(line + strlen(line) - 8, "\\x0a...\n");
}

#define THREADS	8
#define LINES	500

static void *
talk(void *at)
{
	const char	*name = at;
	char		 words[200];
	int		 i;

	log_request(name);
	memset(words, name[0], sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	for (i = 0; i < LINES; i++)
		log_line(LOG_INFO, "%s", words);

	return NULL;
}

static void
keeps_the_lines_of_threads_whole(void **state)
{
	static char	 names[THREADS][2];
	pthread_t	 threads[THREADS];
	const char	*line;
	size_t		 prefix = strlen(NOW " info ");
	int		 i, count = 0;

	(void)state;
	for (i = 0; i < THREADS; i++) {
		names[i][0] = (char)('a' + i);
		assert_int_equal(pthread_create(&threads[i], NULL, talk,
		    names[i]), 0);
	}
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (line = taken(); *line != '\0'; line = strchr(line, '\n') + 1) {
		char letter[2] = { line[prefix], '\0' };

		/* Each line names its own thread and no other. */
		assert_memory_equal(line, NOW " info ", prefix);
		assert_int_equal(strspn(line + prefix + 2, letter), 199);
		assert_int_equal(line[prefix + 2 + 199], '\n');
		count++;
	}
	assert_int_equal(count, THREADS * LINES);
}

static void
leaves_errno_alone(void **state)
{
	(void)state;
	errno = ENOSPC;
	log_line(LOG_INFO, "x");
	assert_int_equal(errno, ENOSPC);
	(void)taken();
}

/* What cannot be opened must not cost the lines. */
static void
falls_back_to_standard_error(void **state)
{
	int	saved = dup(STDERR_FILENO);
	int	fd = open(path, O_WRONLY | O_APPEND);

	(void)state;
	assert_true(saved >= 0 && fd >= 0);
	assert_true(dup2(fd, STDERR_FILENO) >= 0);
	log_to("/nowhere/at/all");
	log_line(LOG_INFO, "x");
	log_to("");
	log_line(LOG_INFO, "y");
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	assert_int_equal(close(saved), 0);
	assert_int_equal(close(fd), 0);
	log_to(path);
	assert_string_equal(taken(), NOW " error - cannot append to"
	    " /nowhere/at/all: No such file or directory\n"
	    NOW " info - x\n" NOW " info - y\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_its_form),
		cmocka_unit_test(begins_anew_when_it_was_renamed),
		cmocka_unit_test(cannot_be_forged),
		cmocka_unit_test(cuts_what_is_too_long),
		cmocka_unit_test(keeps_the_lines_of_threads_whole),
		cmocka_unit_test(leaves_errno_alone),
		cmocka_unit_test(falls_back_to_standard_error),
	};

	return cmocka_run_group_tests(tests, start, finish);
}
