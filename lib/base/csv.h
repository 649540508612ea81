#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Comma-separated values as RFC 4180 has them, read line by line from a
 * stream: fields in quotes may hold commas, line breaks and "" for a quote;
 * lines end with CRLF or LF; a byte order mark at the beginning is skipped,
 * as are empty lines.  No line is longer than CSV_LINE.
 */
#define CSV_LINE	(64 * 1024)	/* bytes */
#define CSV_FIELDS	64

struct csv {
	FILE		*in;
	int64_t		 line;		/* where the row began: 1, 2, … */
	int64_t		 next_line;
	int64_t		 bytes;		/* read so far */
	size_t		 count;
	const char	*fields[CSV_FIELDS];	/* until the next row */
	char		 text[CSV_LINE];
};

/* Of a stream that stays the caller's. */
void	csv_begin(struct csv *, FILE *);

/*
 * The next row.  CSV_BAD is a row that breaks the rules, with the reason in
 * fields[0]; the next call goes on behind its line.
 */
enum csv_row { CSV_ROW, CSV_BAD, CSV_END };
enum csv_row	csv_next(struct csv *);

#endif
