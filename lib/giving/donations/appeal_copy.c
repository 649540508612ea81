/*
 * appeal_copy: the appeals of a sandbox that begins again.
 */
#include "lib/db/db.h"
#include "lib/giving/donations/appeal.h"

void
appeal_copy_all(struct work *w, int64_t from)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO appeals (tenant, id, nonprofit, title, currency,"
	    " goal, created_at) SELECT ?, id, nonprofit, title, currency,"
	    " goal, created_at FROM appeals WHERE tenant = ?"));
	db_int(q, w->tenant);
	db_int(q, from);
	db_run(q);
	q = db_query(w->db, SQL(
	    "INSERT INTO perks (tenant, id, appeal, title, description,"
	    " question, min_amount, stock) SELECT ?, id, appeal, title,"
	    " description, question, min_amount, stock FROM perks"
	    " WHERE tenant = ?"));
	db_int(q, w->tenant);
	db_int(q, from);
	db_run(q);
	q = db_query(w->db, SQL(
	    "INSERT INTO fundraisers (tenant, id, appeal, title, owner)"
	    " SELECT ?, id, appeal, title, owner FROM fundraisers"
	    " WHERE tenant = ?"));
	db_int(q, w->tenant);
	db_int(q, from);
	db_run(q);
}
