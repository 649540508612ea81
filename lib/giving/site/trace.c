/*
 * trace: rows that say that the file may still hold what was erased.
 *
 * They are in real time, which a sandbox cannot move.
 */
#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/db/db.h"
#include "lib/giving/site/trace.h"

void
trace_leave(struct work *w)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO traces (left_at) VALUES (?) RETURNING id"));
	db_int(q, clock_now().ms);
	if (db_next(q))
		w->trace = db_col_int(q, "id");
	db_done(q);
}

void
trace_gone(struct work *w)
{
	struct query	*q;

	db_begin(w->db, DB_WRITE);
	q = db_query(w->db, SQL("DELETE FROM traces WHERE id = ?"));
	db_int(q, w->trace);
	db_run(q);
	if (db_commit(w->db))
		w->trace = 0;
}

/* The last of them, if it is time for one; 0: it is not. */
static int64_t
find(struct work *w, bool now)
{
	struct query	*q;
	int64_t		 last = 0;

	db_begin(w->db, DB_READ);
	/* scans: there are hardly ever any */
	q = db_query(w->db, SQL(
	    "SELECT coalesce(max(id), 0) AS last, coalesce(max(? OR"
	    " coalesce(tried_at + ?, left_at + ?) <= ?), 0) AS due"
	    " FROM traces"));
	db_int(q, now);
	db_int(q, LIMIT_TRACE_AGAIN_S * 1000LL);
	db_int(q, LIMIT_TRACE_S * 1000LL);
	db_int(q, w->now.ms);
	if (db_next(q) && db_col_int(q, "due") != 0)
		last = db_col_int(q, "last");
	db_done(q);
	(void)db_commit(w->db);

	return last;
}

/* Those up to `last` are gone, or were tried. */
static bool
note(struct work *w, int64_t last, bool clean)
{
	struct query	*q;

	db_begin(w->db, DB_WRITE);
	q = db_query(w->db, clean ?
	    SQL("DELETE FROM traces WHERE id <= ?1 AND ?2 IS NOT NULL") :
	    SQL("UPDATE traces SET tried_at = ?2 WHERE id <= ?1"));
	db_int(q, last);
	db_int(q, w->now.ms);
	db_run(q);

	return db_commit(w->db);
}

bool
trace_sweep(struct work *w, const struct trace_plan *plan)
{
	int64_t	 last = find(w, plan->now);
	bool	 clean;

	if (last == 0)
		return db_trouble(w->db) == DB_WELL;
	clean = db_rewrite(w->db, plan->bytes);
	if (!clean)
		log_line(LOG_WARN, "what was erased may still be found in"
		    " free space of the database: it is not written anew: %s."
		    "  It is tried again in an hour; when the site is at"
		    " rest, run housekeep --rewrite", db_why(w->db));

	return note(w, last, clean) && clean;
}
