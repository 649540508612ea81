/*
 * The calendar, both ways, and a clock that a test can move.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "tests/unit/death.h"

#define LAST_MS 253402300799999		/* 9999-12-31T23:59:59.999Z */

static void
formats(void **state)
{
	static const struct {
		int64_t		 ms;
		const char	*text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 1, "1970-01-01T00:00:00.001Z" },
		{ 1778404320000, "2026-05-10T09:12:00Z" },
		{ 1778404320120, "2026-05-10T09:12:00.120Z" },
		{ 951782400000, "2000-02-29T00:00:00Z" },
		{ 951868800000, "2000-03-01T00:00:00Z" },
		{ 4107542400000, "2100-03-01T00:00:00Z" },
		{ LAST_MS, "9999-12-31T23:59:59.999Z" },
	};
	struct arena	*arena = arena_new();
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(clock_format(arena,
		    (struct moment){ cases[i].ms }), cases[i].text);
	arena_free(arena);
}

/* Every day of some 8000 years, beside what the C library says. */
static void
calendar_agrees_with_the_library(void **state)
{
	char		ours[CLOCK_TEXT], theirs[40];
	struct moment	back;
	struct tm	tm;
	time_t		s;

	(void)state;
	for (s = 12345; s < LAST_MS / 1000; s += 86400) {
		assert_non_null(gmtime_r(&s, &tm));
		assert_true(strftime(theirs, sizeof(theirs),
		    "%Y-%m-%dT%H:%M:%SZ", &tm) > 0);
		clock_text(ours, (struct moment){ s * 1000 });
		if (strcmp(ours, theirs) != 0)
			fail_msg("%s is not %s", ours, theirs);
		if (!clock_parse(ours, &back) || back.ms != s * 1000)
			fail_msg("%s did not come back", ours);
	}
}

static void
parses(void **state)
{
	static const struct {
		const char	*text;
		int64_t		 ms;
	} cases[] = {
		{ "2026-05-10T09:12:00Z", 1778404320000 },
		{ "2026-05-10t09:12:00z", 1778404320000 },
		{ "2026-05-10T11:12:00+02:00", 1778404320000 },
		{ "2026-05-10T05:42:00-03:30", 1778404320000 },
		{ "2026-05-10T09:12:00-00:00", 1778404320000 },
		{ "2026-05-11T09:11:00+23:59", 1778404320000 },
		{ "2026-05-10T09:12:00.1Z", 1778404320100 },
		{ "2026-05-10T09:12:00.12Z", 1778404320120 },
		{ "2026-05-10T09:12:00.123Z", 1778404320123 },
		{ "2026-05-10T09:12:00.1239999999Z", 1778404320123 },
		{ "2026-05-10T09:12:00.0009+00:00", 1778404320000 },
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01T00:00:00-00:01", 60000 },
		{ "1969-12-31T23:30:00-01:00", 1800000 },
		{ "2024-02-29T00:00:00Z", 1709164800000 },
		{ "2000-02-29T00:00:00Z", 951782400000 },
		{ "9999-12-31T23:59:59.999Z", LAST_MS },
		/* Leap seconds are the second that follows. */
		{ "2016-12-31T23:59:60Z", 1483228800000 },
		{ "2015-07-01T01:59:60+02:00", 1435708800000 },
		{ "2016-12-31T23:59:60.5Z", 1483228800500 },
	};
	struct moment	at;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		at.ms = -1;
		if (!clock_parse(cases[i].text, &at) ||
		    at.ms != cases[i].ms)
			fail_msg("%s gave %lld", cases[i].text,
			    (long long)at.ms);
	}
}

static void
refuses(void **state)
{
	static const char *const cases[] = {
		"", "2026", "2026-05-10", "2026-05-10T09:12:00",
		"2026-05-10 09:12:00Z", "2026-05-10T09:12Z",
		"2026-5-10T09:12:00Z", "26-05-10T09:12:00Z",
		"2026-05-10T9:12:00Z", "2026-05-10T09:12:00.Z",
		"2026-05-10T09:12:00,5Z", "2026-05-10T09:12:00Z ",
		" 2026-05-10T09:12:00Z", "2026-05-10T09:12:00ZZ",
		"2026-05-10T09:12:00+0200", "2026-05-10T09:12:00+02",
		"2026-05-10T09:12:00+24:00", "2026-05-10T09:12:00+02:60",
		"2026-05-10T09:12:00+2:00", "2026-05-10T24:00:00Z",
		"2026-05-10T09:60:00Z", "2026-05-10T09:12:61Z",
		"2026-00-10T09:12:00Z", "2026-13-10T09:12:00Z",
		"2026-05-00T09:12:00Z", "2026-05-32T09:12:00Z",
		"2026-04-31T09:12:00Z", "2026-02-29T09:12:00Z",
		"2024-02-30T09:12:00Z", "2100-02-29T09:12:00Z",
		"1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01",
		"1968-12-31T23:59:59-23:59", "10000-01-01T00:00:00Z",
		"9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z",
		"0000-01-01T00:00:00Z", "+2026-05-10T09:12:00Z",
		"-026-05-10T09:12:00Z", "2026-05-10T09:12:60Z",
		"2026-05-10T23:59:60Z", "2016-12-31T22:59:60Z",
		"2016-12-31T23:59:60+01:00", "1778404320",
		"2026-05-10T09:12:0", "2026-05-10T", "2026-05-10T09:12:60",
		"\xd9\xa2-26-05-10T09:12:00Z",
	};
	struct moment	at = { 77 };
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (clock_parse(cases[i], &at))
			fail_msg("%s was taken", cases[i]);
	assert_int_equal(at.ms, 77);
}

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
moves_by_a_file(void **state)
{
	char	path[] = "/tmp/almoner-clock-XXXXXX";
	int	fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	assert_false(clock_set(path));		/* empty */
	write_file(path, "soon\n");
	assert_false(clock_set(path));
	write_file(path, "1746876000\n");
	assert_true(clock_set(path));
	assert_int_equal(clock_now().ms, 1746876000000);
	write_file(path, "1746962400");
	assert_int_equal(clock_now().ms, 1746962400000);
	/* While it is being rewritten the time stands still. */
	write_file(path, "");
	assert_int_equal(clock_now().ms, 1746962400000);
	write_file(path, "1746962400 \n");
	assert_int_equal(clock_now().ms, 1746962400000);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(clock_now().ms, 1746962400000);
	assert_false(clock_set(path));
	assert_true(clock_set(NULL));
}

static void
takes_its_source(void **state)
{
	static const char *const wrong[] = {
		"", "0", "-1", "now", "1746876000x", "1746876000.5",
		" 1746876000", "/", "/nowhere/at/all", "relative",
		"253402300800", "99999999999999999999", "/dev/null",
	};
	int64_t	before = (int64_t)time(NULL) * 1000;
	size_t	i;

	(void)state;
	assert_true(clock_set(NULL));
	assert_true(clock_now().ms >= before);
	assert_true(clock_now().ms < before + 60000);

	assert_true(clock_set("1746876000"));
	assert_int_equal(clock_now().ms, 1746876000000);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (clock_set(wrong[i]))
			fail_msg("\"%s\" was taken", wrong[i]);
	assert_int_equal(clock_now().ms, 1746876000000);
	assert_true(clock_set("253402300799"));
	assert_int_equal(clock_now().ms, 253402300799000);
	assert_true(clock_set(NULL));
	assert_true(clock_now().ms < before + 60000);
}

static void
ticks_go_on(void **state)
{
	struct timespec	pause = { 0, 2000000 };
	int64_t		before;

	(void)state;
	/* Nobody moves this one. */
	assert_true(clock_set("1746876000"));
	before = clock_ticks_us();
	(void)nanosleep(&pause, NULL);
	assert_true(clock_ticks_us() >= before + 2000);
	assert_true(clock_set(NULL));
}

static void
before_the_calendar(void)
{
	char text[CLOCK_TEXT];

	clock_text(text, (struct moment){ -1 });
}

static void
after_the_calendar(void)
{
	char text[CLOCK_TEXT];

	clock_text(text, (struct moment){ LAST_MS + 1 });
}

static void
bugs_abort(void **state)
{
	(void)state;
	assert_true(dies(before_the_calendar));
	assert_true(dies(after_the_calendar));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats),
		cmocka_unit_test(calendar_agrees_with_the_library),
		cmocka_unit_test(parses),
		cmocka_unit_test(refuses),
		cmocka_unit_test(moves_by_a_file),
		cmocka_unit_test(takes_its_source),
		cmocka_unit_test(ticks_go_on),
		cmocka_unit_test(bugs_abort),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
