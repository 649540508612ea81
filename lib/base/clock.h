#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/*
 * A moment is milliseconds since 1970-01-01T00:00:00Z, leap seconds not
 * counted, as POSIX has it.  0 means "not said".
 */
struct moment { int64_t ms; };

/*
 * Where the time comes from.  `source` is NULL for the system's clock, or the
 * value of ALMONER_NOW: unix seconds ("1746876000"), or the absolute path of
 * a file that holds them and is read anew at each call, so that a test can
 * move the clock of a running server; while the file cannot be read, the time
 * last read stands still.  False, and the clock as it was, if it is neither.
 * Set once, before there are threads.
 */
bool		 clock_set(const char *source);

struct moment	 clock_now(void);

/* A clock that nobody can move, for measuring: microseconds. */
int64_t		 clock_ticks_us(void);

/* "2026-05-10T09:12:00Z", with ".123" before the Z unless it is ".000". */
const char	*clock_format(struct arena *, struct moment);

/* The same without an arena. */
#define CLOCK_TEXT 25		/* the longest such text, and a NUL */
void		 clock_text(char out[CLOCK_TEXT], struct moment);

/*
 * Read RFC 3339: a date, "T" or "t", a time with an optional fraction (digits
 * beyond milliseconds are cut off), and "Z", "z" or an offset, which is
 * required.  Years 1970 to 9999 in UTC.  A leap second, which POSIX does not
 * count, is the second after it.  False, and *at untouched, for anything else.
 */
bool		 clock_parse(const char *, struct moment *at);

#endif
