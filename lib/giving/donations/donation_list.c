/*
 * donation_list: donations by the page, the newest first.
 */
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

static struct query *
ask(struct work *w, const char *sql, const struct donation_filter *f,
    int64_t below)
{
	struct query	*q = db_query(w->db, sql);

	db_int(q, w->tenant);
	db_int(q, below);
	page_bind_times(q, f->from, f->to);
	db_int_if(q, f->status >= 0, f->status + 1);

	return q;
}

static void
read_row(struct work *w, struct query *q, void *row)
{
	donation_row_read(w, q, row);
}

static void
complete(struct work *w, void *row)
{
	donation_row_complete(w, row);
}

static const struct page_rows rows = { sizeof(struct donation),
	offsetof(struct donation, id), read_row, complete };

enum err
donation_list(struct work *w, const struct donation_filter *f,
    struct donation_list *out)
{
	struct page_range	 range;

	if (page_range(w, &f->page, ID_DONATION, &range) != OK)
		return ERR_INVALID_REQUEST;
	if (f->page.cursor == NULL)
		range.total = page_count(ask(w, f->status >= 0 ?
		    SQL(COUNT OF_STATUS " LIMIT ?)") :
		    SQL(COUNT ANY " LIMIT ?)"), f, INT64_MAX));

	return page_read(w, &range, ask(w, f->status >= 0 ?
	    SQL(ROW OF_STATUS NEWEST) : SQL(ROW ANY NEWEST),
	    f, range.below), &rows, &out->rows, &out->pagination);
}
