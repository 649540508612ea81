/*
 * donation_list: donations by the page, the newest first.
 */
#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "lib/giving/donations/donation.h"
#include "lib/giving/donations/donation_row.h"

/* All of them, or those of one status: each is a walk along an index. */
#define MATCHING " WHERE tenant = ? AND id < ? AND created_at BETWEEN ? AND ?"
#define ANY " FROM donations" MATCHING " AND status = coalesce(?, status)"
#define OF_STATUS " FROM donations INDEXED BY donations_by_status" MATCHING \
	" AND status = ?"
#define ROW "SELECT " DONATION_COLUMNS
#define NEWEST " ORDER BY id DESC LIMIT ? OFFSET ?"
#define COUNT "SELECT count(*) AS n FROM (SELECT 1"

static void
bind(struct work *w, struct query *q, const struct donation_filter *f,
    int64_t below)
{
	db_int(q, w->tenant);
	db_int(q, below);
	db_int(q, f->from.ms);
	db_int(q, f->to.ms != 0 ? f->to.ms : INT64_MAX);
	if (f->status >= 0)
		db_int(q, f->status + 1);
	else
		db_null(q);
}

static int64_t
count(struct work *w, const struct donation_filter *f)
{
	struct query	*q;

	q = db_query(w->db, f->status >= 0 ?
	    SQL(COUNT OF_STATUS " LIMIT ?)") : SQL(COUNT ANY " LIMIT ?)"));
	bind(w, q, f, INT64_MAX);
	db_int(q, LIMIT_COUNT + 1);

	return page_total(db_only_int(q));
}

static size_t
read_rows(struct work *w, const struct donation_filter *f,
    const struct page_range *range, struct donation *rows)
{
	struct query	*q;
	size_t		 n = 0;

	q = db_query(w->db, f->status >= 0 ?
	    SQL(ROW OF_STATUS NEWEST) : SQL(ROW ANY NEWEST));
	bind(w, q, f, range->below);
	db_int(q, range->take);
	db_int(q, range->skip);
	while ((int64_t)n < range->take && db_next(q))
		donation_row_read(w, q, &rows[n++]);
	db_done(q);

	return n;
}

enum err
donation_list(struct work *w, const struct donation_filter *f,
    struct donation_list *out)
{
	struct page_range	 range;
	struct pagination	*pagination;
	struct donation		*rows;
	int64_t			 total = -1;
	size_t			 n, shown;

	if (page_range(w, &f->page, ID_DONATION, &range) != OK)
		return ERR_INVALID_REQUEST;
	if (f->page.cursor == NULL)
		total = count(w, f);
	if (page_reach(w, &f->page, total, &range) != OK)
		return ERR_INVALID_REQUEST;

	rows = arena_array(w->arena, (size_t)range.take, sizeof(*rows));
	n = read_rows(w, f, &range, rows);
	shown = (int64_t)n > f->page.limit ? (size_t)f->page.limit : n;
	for (size_t i = 0; i < shown; i++)
		donation_row_complete(w, &rows[i]);
	pagination = arena_alloc(w->arena, sizeof(*pagination));
	page_say(&f->page, n, total,
	    shown > 0 ? rows[shown - 1].id : NULL, pagination);
	*out = (struct donation_list){ { rows, shown }, pagination };

	return OK;
}
