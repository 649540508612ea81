/*
 * nonprofit_import: a register of nonprofits from a file into the books.
 *
 * The file's first line names its columns.  The Exempt Organizations Business
 * Master File of the United States' Internal Revenue Service has EIN, NAME,
 * CITY, STATE and two dozen more that we leave out; a list of one's own has
 * slug, name, ein, description, logo_url, city and state, or some of them.
 *
 * Lines go in by the thousand, a commit for each thousand, so that requests
 * are answered meanwhile; the same file again changes nothing twice, so what
 * was broken off is simply begun again.
 */
#include <sys/stat.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "bin/command/cli.h"
#include "bin/command/nonprofit_import.h"
#include "lib/base/arena.h"
#include "lib/base/csv.h"
#include "lib/giving/donations/nonprofit.h"

/* Which columns are taken, and what for. */
static const struct {
	const char	*column;
	size_t		 at;
} columns[] = {
	{ "slug", offsetof(struct nonprofit_entry, slug) },
	{ "name", offsetof(struct nonprofit_entry, name) },
	{ "ein", offsetof(struct nonprofit_entry, ein) },
	{ "description", offsetof(struct nonprofit_entry, description) },
	{ "logo_url", offsetof(struct nonprofit_entry, logo_url) },
	{ "city", offsetof(struct nonprofit_entry, city) },
	{ "state", offsetof(struct nonprofit_entry, state) },
};

#define COLUMNS		(sizeof(columns) / sizeof(columns[0]))
#define IMPORT_CACHE_MIB 64		/* slugs come in no order */
#define BAD_NAMED	20		/* bad lines that are told one by one */

struct import {
	struct cli	*c;
	struct csv	*csv;
	struct arena	*arena;		/* of one batch */
	int64_t		 size;		/* of the file; 0: not known */
	size_t		 width;		/* fields of a line */
	int		 place[COLUMNS]; /* of each column; -1: it has none */
	int64_t		 rows, added, changed, same, bad;
	int64_t		 began_us;
};

struct summary {
	int64_t		 rows, added, changed, same, bad, duration_ms;
};

static const struct shape summary_out = SHAPE("Import", struct summary,
	{ "rows",      INT(struct summary, rows) },
	{ "added",     INT(struct summary, added) },
	{ "updated",   INT(struct summary, changed) },
	{ "unchanged", INT(struct summary, same) },
	{ "bad",       INT(struct summary, bad) },
	{ "milliseconds", INT(struct summary, duration_ms) });

/* A line of the file is no good: it is counted, and the first are named. */
static void
complain(struct import *im, const char *where, const char *why)
{
	if (im->bad++ >= BAD_NAMED)
		return;
	print_progress_end();
	fprintf(stderr, "line %" PRId64 ": %s%s%s\n", im->csv->line, where,
	    *where != '\0' ? ": " : "", why);
	if (im->bad == BAD_NAMED)
		fprintf(stderr, "Further bad lines are only counted.\n");
}

/* The first line: which column stands where. */
static bool
read_names(struct import *im)
{
	struct csv	*csv = im->csv;

	if (csv_next(csv) != CSV_ROW)
		return false;
	im->width = csv->count;
	for (size_t k = 0; k < COLUMNS; k++) {
		im->place[k] = -1;
		for (size_t i = 0; i < csv->count; i++)
			if (strcasecmp(csv->fields[i],
			    columns[k].column) == 0)
				im->place[k] = (int)i;
	}

	return im->place[1] >= 0;
}

/* Blanks around a field say nothing; an empty one is not said at all. */
static const char *
field(struct import *im, int place)
{
	const char	*text;
	size_t		 n;

	if (place < 0)
		return NULL;
	text = im->csv->fields[place];
	text += strspn(text, " \t");
	n = strlen(text);
	while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
		n--;

	return n == 0 ? NULL : arena_copy(im->arena, text, n);
}

static void
take_row(struct import *im)
{
	struct nonprofit_entry	 entry = { 0 };
	struct work		*w = &im->c->work;
	enum nonprofit_put	 done;

	if (im->csv->count != im->width) {
		complain(im, "", "it has another number of fields than the"
		    " first line");
		return;
	}
	for (size_t k = 0; k < COLUMNS; k++)
		*(const char **)((char *)&entry + columns[k].at) =
		    field(im, im->place[k]);
	if (nonprofit_put(w, &entry, &done) != OK) {
		complain(im, w->faults->first->pointer + 1,
		    w->faults->first->detail);
		faults_init(w->faults, im->arena);
		return;
	}
	im->added += done == NONPROFIT_ADDED;
	im->changed += done == NONPROFIT_CHANGED;
	im->same += done == NONPROFIT_SAME;
}

/* " 61 %  812,000 rows, 31,000 a second, 0:24 left": on a terminal. */
static void
show_progress(const struct import *im)
{
	int64_t	 spent_us = clock_ticks_us() - im->began_us + 1;
	int64_t	 done = im->csv->bytes, left_s;

	if (!isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r\033[K");
	if (im->size > 0)
		fprintf(stderr, "%3d %%  ", (int)(done * 100 / im->size));
	fprintf(stderr, "%" PRId64 " rows, %" PRId64 " a second", im->rows,
	    im->rows * 1000000 / spent_us);
	if (im->size > 0 && done > 0) {
		left_s = spent_us / done * (im->size - done) / 1000000;
		fprintf(stderr, ", %" PRId64 ":%02" PRId64 " left",
		    left_s / 60, left_s % 60);
	}
	fflush(stderr);
}

/* A batch of lines in one commit.  False at the end, or if it failed. */
static bool
take_batch(struct import *im)
{
	enum csv_row	 row = CSV_ROW;

	db_begin(im->c->db, DB_WRITE);
	for (int i = 0; i < LIMIT_IMPORT_BATCH; i++) {
		row = csv_next(im->csv);
		if (row == CSV_END)
			break;
		im->rows++;
		if (row == CSV_BAD)
			complain(im, "", im->csv->fields[0]);
		else
			take_row(im);
	}
	if (!db_commit(im->c->db))
		return false;
	db_tidy(im->c->db);
	arena_reset(im->arena);
	faults_init(im->c->work.faults, im->arena);
	show_progress(im);

	return row != CSV_END;
}

static int
finish(struct import *im)
{
	struct cli		*c = im->c;
	const struct summary	 said = { im->rows, im->added, im->changed,
	    im->same, im->bad, (clock_ticks_us() - im->began_us) / 1000 };
	bool			 read = !ferror(im->csv->in);

	print_progress_end();
	if (db_trouble(c->db) != DB_WELL || !db_flush(c->db)) {
		fprintf(stderr, "almoner: the books did not take it: %s\n"
		    "What went in before stays; the same file again goes on"
		    " from there.\n", db_why(c->db));
		db_close(c->db);
		return 1;
	}
	db_close(c->db);
	if (!read)
		fprintf(stderr, "almoner: the file cannot be read further:"
		    " %s\n", strerror(errno));
	print_one(c, &summary_out, &said);

	return read && im->bad == 0 ? 0 : 1;
}

static FILE *
open_file(struct cli *c, int64_t *size)
{
	const char	*path = cli_value(c, "file");
	struct stat	 st;
	FILE		*in;

	*size = 0;
	if (strcmp(path, "-") == 0)
		return stdin;
	in = fopen(path, "r");
	if (in == NULL || fstat(fileno(in), &st) != 0 ||
	    S_ISDIR(st.st_mode)) {
		fprintf(stderr, "almoner: cannot read %s: %s\n", path,
		    strerror(in == NULL ? errno : EISDIR));
		exit(1);
	}
	if (S_ISREG(st.st_mode))
		*size = (int64_t)st.st_size;

	return in;
}

int
nonprofit_import(struct cli *c)
{
	static struct csv	 csv;
	struct import		 im = { .c = c, .csv = &csv };
	FILE			*in = open_file(c, &im.size);
	int			 status;

	csv_begin(&csv, in);
	if (!read_names(&im)) {
		fprintf(stderr, "almoner: the first line must name the"
		    " columns, one of them name, as\n  slug,name,ein,"
		    "description,logo_url,city,state\n");
		return 1;
	}
	cli_open(c, DB_READ);
	db_rollback(c->db);
	db_cache(c->db, IMPORT_CACHE_MIB);
	im.arena = arena_new();
	im.began_us = clock_ticks_us();
	c->work.arena = im.arena;
	faults_init(c->work.faults, im.arena);
	while (take_batch(&im))
		;
	c->work.arena = c->arena;
	faults_init(c->work.faults, c->arena);
	status = finish(&im);
	arena_free(im.arena);
	if (in != stdin)
		fclose(in);

	return status;
}
