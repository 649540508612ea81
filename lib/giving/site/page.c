/*
 * page: lists by page and by cursor.
 */
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

	*out = (struct page_range){ INT64_MAX, 0, in->limit + 1, 0 };
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

int64_t
page_total(int64_t counted)
{
	return counted > LIMIT_COUNT ? PAGE_UNCOUNTED : counted;
}

enum err
page_reach(struct work *w, const struct page_in *in, int64_t total,
    struct page_range *range)
{
	if (in->cursor != NULL)
		return OK;
	if (range->skip >= total) {
		range->take = 0;
		return OK;
	}
	if (range->skip + in->limit > LIMIT_COUNT && total > LIMIT_COUNT) {
		faults_add(w->faults, "/page", "Beyond row %d of a long list"
		    " only nextCursor leads on: begin without page.",
		    LIMIT_COUNT);
		return ERR_INVALID_REQUEST;
	}

	return OK;
}

void
page_say(const struct page_in *in, size_t rows, int64_t total,
    const char *last, struct pagination *out)
{
	bool	 counted = in->cursor == NULL && total >= 0 &&
	    total != PAGE_UNCOUNTED;

	out->page = in->cursor == NULL ? in->page : -1;
	out->limit = in->limit;
	out->total = counted ? total : -1;
	out->total_pages = counted ?
	    (total + in->limit - 1) / in->limit : -1;
	out->next_cursor = (int64_t)rows > in->limit ? last : NULL;
}
