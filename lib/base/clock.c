/*
 * Time.  The calendar is computed here and not by gmtime(), which takes a
 * lock that all threads would share.  Days are counted in years that begin in
 * March, so that the leap day is a year's last and months need no table.
 */
#include <assert.h>
#include <ctype.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/clock.h"

#define DAY_S		86400
#define LAST_S		253402300799	/* 9999-12-31T23:59:59Z */
#define ERA_YEARS	400		/* after which the calendar repeats */
#define ERA_DAYS	146097
#define EPOCH_DAYS	719468		/* 0000-03-01 to 1970-01-01 */

/* Set once, by clock_set(): a fixed second, or the file that has it. */
static int64_t	fixed_s;
static char	file[1024];

/* What the file said last, for the moment in which a test rewrites it. */
static _Atomic int64_t	last_s;

/* Digits and at most one line end: a unix second from 1 on, 0 if not. */
static int64_t
read_seconds(const char *text)
{
	int64_t	s = 0;
	size_t	digits = strspn(text, "0123456789");
	size_t	i;

	if (digits == 0 || digits > 12)
		return 0;
	if (text[digits] != '\0' && strcmp(text + digits, "\n") != 0)
		return 0;
	for (i = 0; i < digits; i++)
		s = s * 10 + (text[i] - '0');

	return s <= LAST_S ? s : 0;
}

static int64_t
read_file(const char *path)
{
	char	text[32];
	ssize_t	size;
	int	fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return 0;
	size = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	if (size <= 0)
		return 0;
	text[size] = '\0';

	return read_seconds(text);
}

bool
clock_set(const char *source)
{
	int64_t s = 0;

	if (source == NULL) {
		fixed_s = 0;
		file[0] = '\0';
		return true;
	}
	if (source[0] == '/' && strlen(source) < sizeof(file)) {
		s = read_file(source);
		if (s == 0)
			return false;
		strcpy(file, source);
		fixed_s = 0;
		last_s = s;
		return true;
	}
	s = read_seconds(source);
	if (s == 0)
		return false;
	fixed_s = s;
	file[0] = '\0';

	return true;
}

struct moment
clock_now(void)
{
	struct timespec	now;
	int64_t		s;

	if (fixed_s != 0)
		return (struct moment){ fixed_s * 1000 };
	if (file[0] != '\0') {
		s = read_file(file);
		if (s != 0)
			last_s = s;
		return (struct moment){ last_s * 1000 };
	}
	(void)clock_gettime(CLOCK_REALTIME, &now);

	return (struct moment){
		(int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000
	};
}

int64_t
clock_ticks_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);

	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

struct date {
	int	year, month, day;	/* month and day from 1 on */
};

static struct date
date_of(int64_t days)
{
	struct date	date;
	int		era, in_era, years, in_year, months;

	days += EPOCH_DAYS;
	era = (int)(days / ERA_DAYS);
	in_era = (int)(days % ERA_DAYS);
	/* Of the leap days that have passed: +4 years, -100, +400. */
	years = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096)
	    / 365;
	in_year = in_era - (365 * years + years / 4 - years / 100);
	/* From March on, five months have 153 days, again and again. */
	months = (5 * in_year + 2) / 153;

	date.day = in_year - (153 * months + 2) / 5 + 1;
	date.month = months < 10 ? months + 3 : months - 9;
	date.year = era * ERA_YEARS + years + (date.month <= 2);

	return date;
}

/* Days since 1970-01-01 of a date that exists, from year 1 on. */
static int64_t
days_of(struct date date)
{
	int years = date.month <= 2 ? date.year - 1 : date.year;
	int months = date.month > 2 ? date.month - 3 : date.month + 9;
	int in_era = years % ERA_YEARS;

	return (int64_t)(years / ERA_YEARS) * ERA_DAYS + in_era * 365 +
	    in_era / 4 - in_era / 100 + (153 * months + 2) / 5 + date.day - 1 -
	    EPOCH_DAYS;
}

/* Write `width` digits at `at`, with zeros in front. */
static char *
put(char *at, int number, int width)
{
	int i;

	for (i = width - 1; i >= 0; i--) {
		at[i] = (char)('0' + number % 10);
		number /= 10;
	}

	return at + width;
}

void
clock_text(char out[CLOCK_TEXT], struct moment moment)
{
	struct date	 date;
	char		*at = out;
	int		 s, ms;

	assert(moment.ms >= 0 && moment.ms / 1000 <= LAST_S);
	ms = (int)(moment.ms % 1000);
	s = (int)(moment.ms / 1000 % DAY_S);
	date = date_of(moment.ms / 1000 / DAY_S);

	at = put(at, date.year, 4);
	*at++ = '-';
	at = put(at, date.month, 2);
	*at++ = '-';
	at = put(at, date.day, 2);
	*at++ = 'T';
	at = put(at, s / 3600, 2);
	*at++ = ':';
	at = put(at, s / 60 % 60, 2);
	*at++ = ':';
	at = put(at, s % 60, 2);
	if (ms != 0) {
		*at++ = '.';
		at = put(at, ms, 3);
	}
	*at++ = 'Z';
	*at = '\0';
}

const char *
clock_format(struct arena *arena, struct moment moment)
{
	char text[CLOCK_TEXT];

	clock_text(text, moment);

	return arena_text(arena, text);
}

/* Exactly `width` digits from `min` to `max`; moves *at past them. */
static bool
number(const char **at, int width, int min, int max, int *out)
{
	int i, n = 0;

	for (i = 0; i < width; i++) {
		if (!isdigit((unsigned char)(*at)[i]))
			return false;
		n = n * 10 + ((*at)[i] - '0');
	}
	*at += width;
	*out = n;

	return n >= min && n <= max;
}

/* One character of `allowed`; moves *at past it. */
static bool
mark(const char **at, const char *allowed)
{
	if (**at == '\0' || strchr(allowed, **at) == NULL)
		return false;
	++*at;

	return true;
}

/* "YYYY-MM-DD" of a day that the calendar has. */
static bool
parse_date(const char **at, int64_t *days)
{
	struct date	date, same;

	/* 1969 may be 1970 in UTC, and 9999 has no year after it. */
	if (!number(at, 4, 1969, 9999, &date.year) || !mark(at, "-") ||
	    !number(at, 2, 1, 12, &date.month) || !mark(at, "-") ||
	    !number(at, 2, 1, 31, &date.day))
		return false;
	*days = days_of(date);
	/* 30 February comes back as 2 March. */
	same = date_of(*days);

	return same.day == date.day;
}

/* "HH:MM:SS" with an optional fraction. */
static bool
parse_time(const char **at, int *s, int *ms)
{
	int hour, minute, second, scale;

	if (!number(at, 2, 0, 23, &hour) || !mark(at, ":") ||
	    !number(at, 2, 0, 59, &minute) || !mark(at, ":") ||
	    !number(at, 2, 0, 60, &second))
		return false;
	*s = hour * 3600 + minute * 60 + second;
	*ms = 0;
	if (!mark(at, "."))
		return true;
	if (!isdigit((unsigned char)**at))
		return false;
	for (scale = 100; isdigit((unsigned char)**at); ++*at, scale /= 10)
		*ms += (**at - '0') * scale;

	return true;
}

/* "Z", or "+HH:MM" or "-HH:MM": seconds to take away for UTC. */
static bool
parse_offset(const char **at, int *s)
{
	int hour, minute, sign = **at == '-' ? -1 : 1;

	*s = 0;
	if (mark(at, "Zz"))
		return true;
	if (!mark(at, "+-") || !number(at, 2, 0, 23, &hour) ||
	    !mark(at, ":") || !number(at, 2, 0, 59, &minute))
		return false;
	*s = sign * (hour * 3600 + minute * 60);

	return true;
}

/* Leap seconds come at the end of June and of December, in UTC. */
static bool
follows_leap(int64_t s)
{
	struct date date = date_of(s / DAY_S);

	return s % DAY_S == 0 && date.day == 1 &&
	    (date.month == 1 || date.month == 7);
}

bool
clock_parse(const char *text, struct moment *at)
{
	int64_t	days, utc;
	int	s, ms, offset;
	bool	leap;

	if (!parse_date(&text, &days) || !mark(&text, "Tt"))
		return false;
	leap = strlen(text) > 8 && strncmp(text + 6, "60", 2) == 0;
	if (!parse_time(&text, &s, &ms) || !parse_offset(&text, &offset) ||
	    *text != '\0')
		return false;
	utc = days * DAY_S + s - offset;
	if (utc < 0 || utc > LAST_S)
		return false;
	if (leap && !follows_leap(utc))
		return false;
	at->ms = utc * 1000 + ms;

	return true;
}
