#ifndef UNIT_DATABASE_H
#define UNIT_DATABASE_H

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/db/db.h"

/*
 * A small database of its own for each test, in a folder of its own.
 * Include cmocka.h and tests/unit/semaphores.h first.
 */
static char	database_folder[64];
static char	database_path[320];

static inline struct db *
database_open(unsigned flags)
{
	char	 why[256] = "";
	struct db *db = db_open(database_path, flags, why, sizeof(why));

	assert_string_equal(why, "");
	assert_non_null(db);
	return db;
}

static inline int
database_make_named(const char *name)
{
	struct db *db;
	bool	 good;

	strcpy(database_folder, "/tmp/almoner-db-XXXXXX");
	if (mkdtemp(database_folder) == NULL)
		return -1;
	snprintf(database_path, sizeof(database_path), "%s/%s",
	    database_folder, name);
	db = database_open(DB_CREATE);
	good = db_script(db,
	    "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, bytes BLOB)"
	    " STRICT;"
	    "CREATE TABLE child (t INTEGER REFERENCES t) STRICT;"
	    "CREATE TABLE law (n INTEGER CHECK (n > 0)) STRICT;");
	db_close(db);
	return good ? 0 : -1;
}

static inline int
database_make(void)
{
	return database_make_named("ledger.db");
}

static inline int
database_remove(void)
{
	DIR	*dir = opendir(database_folder);
	struct dirent *entry;

	(void)remove_semaphores();
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		(void)unlinkat(dirfd(dir), entry->d_name, 0);
	(void)closedir(dir);
	return rmdir(database_folder);
}

/* In a transaction that is open. */
static inline void
database_add(struct db *db, const char *name)
{
	struct query *q = db_query(db, "INSERT INTO t (name) VALUES (?)");

	db_text(q, name);
	(void)db_run(q);
}

static inline int64_t
database_count(struct db *db)
{
	struct query *q = db_query(db, "SELECT count(*) AS n FROM t");
	int64_t	 n = db_next(q) ? db_col_int(q, "n") : -1;

	db_done(q);
	return n;
}

/* In transactions of their own. */
static inline bool
database_insert(struct db *db, const char *name)
{
	db_begin(db, DB_WRITE);
	database_add(db, name);
	return db_commit(db);
}

static inline int64_t
database_rows(struct db *db)
{
	int64_t	 n;

	db_begin(db, DB_READ);
	n = database_count(db);
	return db_commit(db) ? n : -1;
}

/* Commit rows of a hundred kilobytes until it fails; how many went in. */
static inline int
database_fill(struct db *on)
{
	struct query *q;
	int	rows = 0;

	do {
		db_begin(on, DB_WRITE);
		q = db_query(on, "INSERT INTO t (bytes) "
		    "VALUES (randomblob(100000))");
		(void)db_run(q);
	} while (db_commit(on) && ++rows < 1000);
	return rows;
}

#endif
