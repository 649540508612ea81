/*
 * csv: comma-separated values, RFC 4180.
 */
#include <string.h>

#include "lib/base/csv.h"

void
csv_begin(struct csv *csv, FILE *in)
{
	csv->in = in;
	csv->line = 0;
	csv->next_line = 1;
	csv->bytes = 0;
	csv->count = 0;
}

static int
get(struct csv *csv)
{
	int	 c = getc_unlocked(csv->in);

	if (c == EOF)
		return EOF;
	csv->bytes++;
	if (c == '\n')
		csv->next_line++;

	return c;
}

/* A byte order mark: EF BB BF, before everything else. */
static int
get_first(struct csv *csv)
{
	int	 c = get(csv);

	if (c != 0xEF)
		return c;
	if (get(csv) != 0xBB || get(csv) != 0xBF)
		return 0;	/* no text begins so: the row is bad */

	return get(csv);
}

/* The row breaks the rules: past the line it breaks them in. */
static enum csv_row
bad(struct csv *csv, int c, const char *why)
{
	while (c != EOF && c != '\n')
		c = get(csv);
	csv->fields[0] = why;
	csv->count = 1;

	return CSV_BAD;
}

static const char	too_long[] = "it is longer than 64 KiB";

/* Where a row is being read to. */
struct reading {
	size_t		 n;		/* bytes of text */
	const char	*why;		/* it is bad, and why */
};

static void
put(struct csv *csv, struct reading *r, int c)
{
	if (c == '\0')
		r->why = "it holds a NUL";
	else if (r->n == CSV_LINE)
		r->why = too_long;
	else
		csv->text[r->n++] = (char)c;
}

/* Behind the opening quote; the character behind the closing one. */
static int
read_quoted(struct csv *csv, struct reading *r)
{
	int	 c;

	while ((c = get(csv)) != EOF && r->why == NULL) {
		if (c == '"') {
			c = get(csv);
			if (c != '"')
				return c;
		}
		put(csv, r, c);
	}
	if (r->why == NULL)
		r->why = "its last quote is not closed";

	return c;
}

static int
read_bare(struct csv *csv, struct reading *r, int c)
{
	for (; c != EOF && c != ',' && c != '\n' && r->why == NULL;
	    c = get(csv)) {
		if (c == '\r') {
			c = get(csv);
			if (c == '\n' || c == EOF)
				return c;
			put(csv, r, '\r');
			if (c == ',' || r->why != NULL)
				return c;
		}
		if (c == '"')
			r->why = "a quote stands inside a field";
		else
			put(csv, r, c);
	}

	return c;
}

/* One field that begins with c; what comes behind it: , or the line's end. */
static int
read_field(struct csv *csv, struct reading *r, int c)
{
	if (c != '"')
		return read_bare(csv, r, c);
	c = read_quoted(csv, r);
	if (c == '\r')
		c = get(csv);
	if (r->why == NULL && c != ',' && c != '\n' && c != EOF)
		r->why = "something stands behind a closing quote";

	return c;
}

enum csv_row
csv_next(struct csv *csv)
{
	struct reading	 r = { 0, NULL };
	int		 c = csv->bytes == 0 ? get_first(csv) : get(csv);

	while (c == '\n' || c == '\r')
		c = get(csv);
	csv->line = csv->next_line;
	csv->count = 0;
	if (c == EOF)
		return CSV_END;
	for (;;) {
		if (csv->count == CSV_FIELDS)
			return bad(csv, c, "it has more than 64 fields");
		csv->fields[csv->count++] = csv->text + r.n;
		c = read_field(csv, &r, c);
		if (r.why == NULL && r.n == CSV_LINE)
			r.why = too_long;
		if (r.why != NULL)
			return bad(csv, c, r.why);
		csv->text[r.n++] = '\0';
		if (c != ',')
			return CSV_ROW;
		c = get(csv);
	}
}
