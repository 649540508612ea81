/*
 * page: lists by page and by cursor.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/db/db.h"
#include "lib/giving/site/page.h"

const struct shape page_out = SHAPE("Pagination", struct pagination,
	{ "page",       INT(struct pagination, page), NULLS, .preset = -1,
	    .about = "this page's number, or null in a walk by cursor" },
	{ "limit",      INT(struct pagination, limit),
	    .about = "how many rows a page has" },
	{ "total",      INT(struct pagination, total), NULLS, .preset = -1,
	    .about = "how many rows there are, null in a walk by cursor"
	    " and where a filter finds more than 100000" },
	{ "totalPages", INT(struct pagination, total_pages), NULLS,
	    .preset = -1,
	    .about = "how many pages there are, null if total is" },
	{ "nextCursor", TEXT(struct pagination, next_cursor), NULLS,
	    .about = "where the next page begins, null at the end" });

enum err
page_range(struct work *w, const struct page_in *in, enum id_kind kind,
    struct page_range *out)
{
	struct id	 id;

	*out = (struct page_range){ INT64_MAX, 0, in->limit + 1, 0, in, 0 };
	if (in->cursor == NULL) {
		out->skip = (in->page - 1) * in->limit;
		return OK;
	}
	if (!id_read(kind, in->cursor, &id) || id.tenant != w->tenant) {
		faults_add(w->faults, "/cursor", "Not a cursor of this list:"
		    " use nextCursor of the page before, unchanged.");
		return ERR_INVALID_REQUEST;
	}
	out->below = id.number;

	return OK;
}

#define HOUR_MS	(60 * 60 * 1000)

/* The lowest number that an hour or a later one has; none: past them all. */
static int64_t
first_since(struct work *w, enum page_list list, int64_t hour)
{
	struct query	*q;
	int64_t		 first = INT64_MAX;

	q = db_query(w->db, SQL(
	    "SELECT first FROM hours WHERE tenant = ? AND list = ?"
	    " AND hour >= ? ORDER BY hour LIMIT 1"));
	db_int(q, w->tenant);
	db_int(q, list);
	db_int(q, hour);
	if (db_next(q))
		first = db_col_int(q, "first");
	db_done(q);

	return first;
}

/* The highest number that an hour or an earlier one has; 0: there is none. */
static int64_t
last_until(struct work *w, enum page_list list, int64_t hour)
{
	struct query	*q;
	int64_t		 last = 0;

	q = db_query(w->db, SQL(
	    "SELECT last FROM hours WHERE tenant = ? AND list = ?"
	    " AND hour <= ? ORDER BY hour DESC LIMIT 1"));
	db_int(q, w->tenant);
	db_int(q, list);
	db_int(q, hour);
	if (db_next(q))
		last = db_col_null(q, "last") ? INT64_MAX - 1 :
		    db_col_int(q, "last");
	db_done(q);

	return last;
}

void
page_between(struct work *w, enum page_list list, struct moment from,
    struct moment to, struct page_range *range)
{
	int64_t	 first = 0, end = INT64_MAX;

	if (from.ms != 0)
		first = first_since(w, list, from.ms / HOUR_MS);
	if (to.ms != 0)
		end = last_until(w, list, to.ms / HOUR_MS) + 1;
	if (first > range->from)
		range->from = first;
	if (end < range->below)
		range->below = end;
}

void
page_bind_times(struct query *q, struct moment from, struct moment to)
{
	db_int(q, from.ms);
	db_int(q, to.ms != 0 ? to.ms : INT64_MAX);
}

int64_t
page_count(struct query *q)
{
	int64_t	 n;

	db_int(q, LIMIT_COUNT + 1);
	n = db_only_int(q);

	return n > LIMIT_COUNT ? PAGE_UNCOUNTED : n;
}

/* How many rows to read there; -1: a number does not lead so deep. */
static int64_t
reach(const struct page_range *p)
{
	if (p->in->cursor != NULL)
		return p->take;
	if (p->skip >= p->total)
		return 0;

	return p->total > LIMIT_COUNT &&
	    p->skip + p->in->limit > LIMIT_COUNT ? -1 : p->take;
}

/* `rows` were read, and `last` is the id of the last one shown. */
static const struct pagination *
say(struct work *w, const struct page_range *p, int64_t rows,
    const char *last)
{
	const struct page_in	*in = p->in;
	struct pagination	*out = arena_alloc(w->arena, sizeof(*out));
	bool			 counted;

	counted = in->cursor == NULL && p->total != PAGE_UNCOUNTED;
	out->page = in->cursor == NULL ? in->page : -1;
	out->limit = in->limit;
	out->total = counted ? p->total : -1;
	out->total_pages = counted ?
	    (p->total + in->limit - 1) / in->limit : -1;
	out->next_cursor = rows > in->limit ? last : NULL;

	return out;
}

/* A cursor is an id without a prefix that says what it names. */
static const char *
cursor(const struct page_rows *how, const char *row)
{
	const void	*field = row + how->id;
	const char	*id = *(const char *const *)field;
	const char	*prefix = strchr(id, '_');

	return prefix != NULL ? prefix + 1 : id;
}

enum err
page_read(struct work *w, const struct page_range *p, struct query *q,
    const struct page_rows *how, struct list *rows, const void **pagination)
{
	char	*items;
	int64_t	 n = 0, shown, take = reach(p);

	if (take < 0) {
		db_done(q);
		faults_add(w->faults, "/page", "Beyond row %d of a long list"
		    " only nextCursor leads on: begin without page.",
		    LIMIT_COUNT);
		return ERR_INVALID_REQUEST;
	}
	db_int(q, take);
	db_int(q, p->skip);
	items = arena_array(w->arena, (size_t)take, how->size);
	for (; n < take && db_next(q); n++)
		how->read(w, q, items + (size_t)n * how->size);
	db_done(q);

	shown = n > p->in->limit ? p->in->limit : n;
	for (int64_t i = 0; how->complete != NULL && i < shown; i++)
		how->complete(w, items + (size_t)i * how->size);
	*rows = (struct list){ items, (size_t)shown };
	*pagination = say(w, p, n, shown == 0 ? NULL :
	    cursor(how, items + (size_t)(shown - 1) * how->size));

	return OK;
}

void
page_one(struct work *w, const struct page_range *p, void *row,
    struct list *rows, const void **pagination)
{
	struct page_range	 of_one = *p;

	of_one.total = row != NULL;
	*rows = (struct list){ row, row != NULL && p->skip == 0 };
	*pagination = say(w, &of_one, of_one.total, NULL);
}
