/*
 * hours: which numbers were given when.
 *
 * A row is written once an hour, so nearly always nothing is written; and to
 * see that is cheaper here, where the last row was looked at for its number,
 * than in a trigger, which would have to look at it again.
 */
#include "lib/db/db.h"
#include "lib/ledger/hours.h"

#define HOUR_MS	3600000LL

void
hours_add(struct work *w, enum hours_list list, int64_t number,
    struct moment last)
{
	struct query	*q;

	if (number > 1 && last.ms / HOUR_MS == w->now.ms / HOUR_MS)
		return;
	q = db_query(w->db, SQL(
	    "INSERT INTO hour_begins (tenant, list, hour, number)"
	    " VALUES (?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, list);
	db_int(q, w->now.ms / HOUR_MS);
	db_int(q, number);
	db_run(q);
}

int64_t
hours_next(struct work *w, enum hours_list list, const char *sql)
{
	struct query	*q = db_query(w->db, sql);
	struct moment	 last = { 0 };
	int64_t		 number = 1;

	db_int(q, w->tenant);
	if (db_next(q)) {
		number = db_col_int(q, "number") + 1;
		last.ms = db_col_int(q, "created_at");
	}
	db_done(q);
	hours_add(w, list, number, last);

	return number;
}
