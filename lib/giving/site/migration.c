/*
 * migration: from an older schema to ours.
 *
 * The first row to come has version 2, and SITE_VERSION moves with it; what
 * it does stands in schema.sql, too, as if it had always been so.
 */
#include <stdio.h>

#include "lib/db/db.h"
#include "lib/giving/site/migration.h"

const struct migration migration_all[] = {
	{ 0 }
};

bool
migration_look(struct db *db, struct migration_state *at)
{
	struct query	*q;
	bool		 found;

	db_begin(db, DB_READ);
	q = db_query(db, SQL(
	    "SELECT version, oldest FROM site WHERE one = 1"));
	found = db_next(q);
	if (found)
		*at = (struct migration_state){ db_col_int(q, "version"),
		    db_col_int(q, "oldest") };
	db_done(q);

	return db_commit(db) && found;
}

bool
migration_breaks(const struct migration *m, const struct migration_state *at)
{
	for (; m->version != 0; m++)
		if (m->version > at->version && m->oldest > at->version)
			return true;

	return false;
}

/* Somebody else may have taken it while we waited: then there is no row. */
static bool
note(struct db *db, const struct migration *m)
{
	struct query	*q;

	q = db_query(db, SQL(
	    "UPDATE site SET version = ?, oldest = ?"
	    " WHERE one = 1 AND version = ?"));
	db_int(q, m->version);
	db_int(q, m->oldest);
	db_int(q, m->version - 1);

	return db_run(q) == 1;
}

static bool
step(struct db *db, const struct migration *m,
    void (*done)(const struct migration *))
{
	db_begin(db, DB_WRITE);
	if (!note(db, m)) {
		db_rollback(db);
		return db_trouble(db) == DB_WELL;
	}
	(void)db_script(db, m->sql);
	(void)db_check(db, DB_CHECK_KEYS);
	if (done != NULL && db_trouble(db) == DB_WELL)
		done(m);

	return db_commit(db) && db_flush(db);
}

bool
migration_run(struct db *db, const struct migration *m,
    void (*done)(const struct migration *), char *why, size_t size)
{
	struct migration_state	 at = { 0 };

	if (!migration_look(db, &at)) {
		snprintf(why, size, "it is not the database of a site: %s",
		    db_why(db));
		return false;
	}
	for (; m->version != 0; m++)
		if (m->version > at.version && !step(db, m, done)) {
			snprintf(why, size, "version %d, %s, was not taken:"
			    " %s", m->version, m->about, db_why(db));
			return false;
		}

	return true;
}
