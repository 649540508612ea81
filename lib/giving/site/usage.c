/*
 * usage: how much a tenant asked of us, day by day.
 */
#include "lib/db/db.h"
#include "lib/giving/site/usage.h"

void
usage_add(struct work *w, int64_t day, const char *group, int counter,
    int64_t times)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO usage (tenant, day, endpoints, counter, times)"
	    " VALUES (?, ?, ?, ?, ?)"
	    " ON CONFLICT (tenant, day, endpoints, counter)"
	    " DO UPDATE SET times = times + excluded.times"));
	db_int(q, w->tenant);
	db_int(q, day);
	db_text(q, group);
	db_int(q, counter);
	db_int(q, times);
	db_run(q);
}
