/*
 * Transactions: in line for the writers' lock, begun, committed, on disk.
 *
 * Trouble sticks.  Once the engine has refused something, nothing is asked
 * of it until the transaction ends, so that what follows a failure cannot
 * be half done, and a commit after it is a rollback.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/db/handle.h"
#include "lib/db/lock.h"
#include "lib/db/wal.h"

static bool	still_there(struct db *);
static void	end(struct db *);

const char *
db_disorder(const struct db *db)
{
	return db->lock == NULL ? NULL : lock_disorder(db->lock);
}

void
db_begin(struct db *db, enum db_kind kind)
{
	int rc;

	assert(db->state == DB_IDLE);
	db->state = kind == DB_WRITE ? DB_WRITING : DB_READING;
	db->marks = 0;
	db->locked = false;
	db->trouble = DB_WELL;
	db->why[0] = '\0';
	if (kind == DB_WRITE) {
		if (db->lock == NULL) {
			db_stick_as(db, DB_NO_WRITE, "opened to be read");
			return;
		}
		if (wal_is_lost()) {
			db_stick_as(db, DB_BROKEN, "a sync failed before");
			return;
		}
		db->locked = lock_take(db->lock, LIMIT_LOCK_WAIT_MS);
		if (!db->locked) {
			db_stick_as(db, DB_BUSY, strerror(errno));
			return;
		}
	}
	/* Who replaces it holds the lock, so it is asked behind the lock. */
	if (!still_there(db))
		return;
	rc = db_order(db, kind == DB_WRITE ? SQL("BEGIN IMMEDIATE") :
	    SQL("BEGIN"));
	if (rc != SQLITE_OK)
		db_stick(db, rc);
}

bool
db_commit(struct db *db)
{
	int rc;

	assert(db->state != DB_IDLE);
	assert(db->trouble != DB_WELL || db->marks == 0);
	/* A query left open would keep its view of the database open. */
	db_done_all(db);
	if (db->trouble == DB_WELL) {
		rc = db_order(db, SQL("COMMIT"));
		if (rc != SQLITE_OK)
			db_stick(db, rc);
	}
	end(db);
	return db->trouble == DB_WELL;
}

void
db_rollback(struct db *db)
{
	assert(db->state != DB_IDLE);
	db_done_all(db);
	end(db);
}

void
db_mark(struct db *db)
{
	assert(db->state == DB_WRITING);
	db->marks++;
	(void)db_run(db_query(db, SQL("SAVEPOINT mark")));
}

void
db_undo(struct db *db)
{
	assert(db->marks > 0);
	(void)db_run(db_query(db, SQL("ROLLBACK TO mark")));
	db_keep(db);
}

void
db_keep(struct db *db)
{
	assert(db->marks > 0);
	db->marks--;
	(void)db_run(db_query(db, SQL("RELEASE mark")));
}

bool
db_flush(struct db *db)
{
	/* A rollback journal, or DB_FULL: COMMIT has done it. */
	bool alone = db->wal != NULL && !db->full;

	if (alone ? wal_flush(db->wal) : !wal_is_lost())
		return true;
	db_stick_as(db, DB_BROKEN, alone ? strerror(errno) : "in a COMMIT");
	return false;
}

bool
db_lost(void)
{
	return wal_is_lost();
}

int
db_due(struct db *db)
{
	return db->wal != NULL && db->lock != NULL ? wal_due(db->wal) : 0;
}

void
db_checkpoint(struct db *db, int frames)
{
	assert(db->state == DB_IDLE);
	if (frames > 0 && db->wal != NULL && db->lock != NULL)
		wal_tidy(db->wal, db->lock, frames);
	if (wal_is_lost())
		db_stick_as(db, DB_BROKEN, "the log cannot be moved");
}

void
db_tidy(struct db *db)
{
	db_checkpoint(db, db_due(db));
}

/* SQLite would go on with the old file, which nobody will ever open again. */
bool
db_moved(struct db *db)
{
	int moved = 0;

	(void)sqlite3_file_control(db->sql, "main", SQLITE_FCNTL_HAS_MOVED,
	    &moved);
	return moved != 0;
}

static bool
still_there(struct db *db)
{
	bool moved = db_moved(db);

	if (moved)
		db_stick_as(db, DB_NO_FILE,
		    "the file was removed or replaced under us");
	return !moved;
}

/*
 * Whatever is still open is rolled back; after some errors SQLite has done
 * so by itself.  Then the next in line may write.
 */
static void
end(struct db *db)
{
	if (!sqlite3_get_autocommit(db->sql) &&
	    db_order(db, SQL("ROLLBACK")) != SQLITE_OK)
		db_stick_as(db, DB_BROKEN, sqlite3_errmsg(db->sql));
	if (db->locked)
		lock_drop(db->lock);
	db->locked = false;
	db->state = DB_IDLE;
}
