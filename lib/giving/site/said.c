/*
 * said: was this asked for before?
 */
#include "lib/db/db.h"
#include "lib/giving/site/said.h"

int64_t
said_before(struct work *w, const char *sql, const char *key, int64_t digest,
    enum maybe *same)
{
	struct query	*q;
	int64_t		 number = 0;

	q = db_query(w->db, sql);
	db_int(q, w->tenant);
	db_text(q, key);
	if (db_next(q)) {
		number = db_col_int(q, "id");
		*same = db_col_int(q, "digest") == digest ? YES : NO;
	}
	db_done(q);

	return number;
}
