/*
 * heartbeat: a row for each program, written when it begins and ends.
 */
#include <stddef.h>

#include "lib/db/db.h"
#include "lib/giving/site/heartbeat.h"

void
heartbeat_begin(struct work *w, const char *program)
{
	struct query	*q;

	db_begin(w->db, DB_WRITE);
	q = db_query(w->db, SQL(
	    "INSERT INTO heartbeats (program, began_at) VALUES (?, ?)"
	    " ON CONFLICT (program) DO UPDATE"
	    " SET began_at = excluded.began_at, ended_at = NULL"));
	db_text(q, program);
	db_int(q, clock_now().ms);
	db_run(q);
	(void)db_commit(w->db);
}

void
heartbeat_end(struct work *w, const char *program)
{
	struct query	*q;

	db_begin(w->db, DB_WRITE);
	q = db_query(w->db, SQL(
	    "UPDATE heartbeats SET ended_at = ? WHERE program = ?"));
	db_int(q, clock_now().ms);
	db_text(q, program);
	db_run(q);
	(void)db_commit(w->db);
}

struct moment
heartbeat_last(struct work *w, const char *program)
{
	struct moment	 at = { 0 };
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT began_at FROM heartbeats WHERE program = ?"));
	db_text(q, program);
	if (db_next(q))
		at.ms = db_col_int(q, "began_at");
	db_done(q);

	return at;
}
