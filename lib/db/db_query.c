/*
 * Statements: each text is prepared once for each connection and found again
 * by the address of its literal, which is cheaper than its bytes.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/db/handle.h"

static struct query	*prepare(struct db *, const char *sql);
static int		 step(struct query *);
static int		 column(struct query *, const char *name);
static void		 bound(struct query *, int code);

struct query *
db_query(struct db *db, const char *sql)
{
	struct query *q;

	/* Outside of a transaction it would read without a view of its own
	 * and write without the lock. */
	assert(db->state != DB_IDLE);
	if (db->trouble != DB_WELL || (q = db_statement(db, sql)) == NULL)
		return &db->nothing;
	assert(!q->used);
	assert(db->state == DB_WRITING || sqlite3_stmt_readonly(q->stmt));
	q->used = true;
	q->row = q->ended = false;
	q->bound = q->hint = 0;
	q->next = db->used;
	db->used = q;
	return q;
}

/*
 * Values are copied by SQLite, into memory that the connection keeps for
 * small things; so the caller's may go before the query is done.
 */
void
db_int(struct query *q, int64_t value)
{
	if (q->stmt != NULL)
		bound(q, sqlite3_bind_int64(q->stmt, ++q->bound, value));
}

void
db_text(struct query *q, const char *value)
{
	if (q->stmt != NULL)
		bound(q, sqlite3_bind_text(q->stmt, ++q->bound, value, -1,
		    SQLITE_STATIC));
}

void
db_bytes(struct query *q, const void *value, size_t size)
{
	/* To SQLite no address means NULL, whatever the size. */
	if (q->stmt != NULL)
		bound(q, sqlite3_bind_blob64(q->stmt, ++q->bound,
		    size == 0 ? "" : value, size, SQLITE_STATIC));
}

void
db_null(struct query *q)
{
	if (q->stmt != NULL)
		bound(q, sqlite3_bind_null(q->stmt, ++q->bound));
}

void
db_int_if(struct query *q, bool said, int64_t value)
{
	if (said)
		db_int(q, value);
	else
		db_null(q);
}

bool
db_next(struct query *q)
{
	if (q->stmt == NULL || q->ended || q->db->trouble != DB_WELL) {
		q->row = false;
		return false;
	}
	assert(q->used);
	assert(q->row || q->bound == sqlite3_bind_parameter_count(q->stmt));
	q->row = step(q) == SQLITE_ROW;
	q->ended = !q->row;
	return q->row;
}

int64_t
db_col_int(struct query *q, const char *name)
{
	int i = column(q, name);

	return i == -1 ? 0 : sqlite3_column_int64(q->stmt, i);
}

bool
db_col_null(struct query *q, const char *name)
{
	int i = column(q, name);

	return i == -1 || sqlite3_column_type(q->stmt, i) == SQLITE_NULL;
}

const char *
db_col_text(struct query *q, struct arena *arena, const char *name)
{
	int i = column(q, name);
	const unsigned char *text;

	if (i == -1 || (text = sqlite3_column_text(q->stmt, i)) == NULL)
		return NULL;
	return arena_copy(arena, text,
	    (size_t)sqlite3_column_bytes(q->stmt, i));
}

const void *
db_col_bytes(struct query *q, struct arena *arena, const char *name,
    size_t *size)
{
	int i = column(q, name);
	const void *bytes;

	*size = 0;
	if (i == -1 || sqlite3_column_type(q->stmt, i) == SQLITE_NULL)
		return NULL;
	bytes = sqlite3_column_blob(q->stmt, i);
	*size = (size_t)sqlite3_column_bytes(q->stmt, i);
	return arena_copy(arena, *size == 0 ? "" : bytes, *size);
}

void
db_done(struct query *q)
{
	struct query **at;

	if (q->stmt == NULL || !q->used)
		return;
	/* step() has told its error.  What RETURNING returns is written
	 * before the first row, so nothing is lost by not reading on. */
	(void)sqlite3_reset(q->stmt);
	for (at = &q->db->used; *at != q; at = &(*at)->next)
		assert(*at != NULL);
	*at = q->next;
	q->next = NULL;
	q->used = q->row = false;
}

int64_t
db_run(struct query *q)
{
	int64_t changes = 0;

	while (db_next(q))
		;
	if (q->stmt != NULL && q->db->trouble == DB_WELL &&
	    !sqlite3_stmt_readonly(q->stmt))
		changes = sqlite3_changes64(q->db->sql);
	db_done(q);
	return changes;
}

int64_t
db_only_int(struct query *q)
{
	int64_t number = 0;

	if (db_next(q)) {
		assert(sqlite3_column_count(q->stmt) == 1);
		number = sqlite3_column_int64(q->stmt, 0);
	}
	db_done(q);
	return number;
}

int64_t
db_next_number(struct db *db, int64_t tenant, const char *sql)
{
	struct query *q = db_query(db, sql);
	int64_t number = 1;

	db_int(q, tenant);
	if (db_next(q))
		number = sqlite3_column_int64(q->stmt, 0) + 1;
	db_done(q);
	return number;
}

/* For begin and commit, which do not wait for trouble to pass. */
int
db_order(struct db *db, const char *sql)
{
	struct query *q;
	int rc;

	if ((q = db_statement(db, sql)) == NULL)
		return sqlite3_extended_errcode(db->sql);
	errno = 0;
	rc = sqlite3_step(q->stmt);
	(void)sqlite3_reset(q->stmt);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

struct query *
db_statement(struct db *db, const char *sql)
{
	size_t at = ((uintptr_t)sql * 11400714819323198485u) >> 40;
	struct query *q;

	for (;; at++) {
		q = db->slots[at & (DB_SLOTS - 1)];
		if (q == NULL)
			break;
		if (q->sql == sql) {
			/* A literal: a buffer would have changed by now. */
			assert(strcmp(sqlite3_sql(q->stmt), sql) == 0);
			return q;
		}
	}
	if ((q = prepare(db, sql)) != NULL) {
		assert(db->statements < LIMIT_STATEMENTS);
		db->slots[at & (DB_SLOTS - 1)] = q;
		db->statements++;
	}
	return q;
}

void
db_done_all(struct db *db)
{
	while (db->used != NULL)
		db_done(db->used);
}

void
db_forget_all(struct db *db)
{
	struct query *q;

	for (size_t i = 0; i < DB_SLOTS; i++) {
		if ((q = db->slots[i]) == NULL)
			continue;
		sqlite3_finalize(q->stmt);
		free(q);
		db->slots[i] = NULL;
	}
	db->statements = 0;
}

static struct query *
prepare(struct db *db, const char *sql)
{
	struct query *q;
	sqlite3_stmt *stmt;
	const char *rest;
	int rc, columns;

	rc = sqlite3_prepare_v3(db->sql, sql, -1, SQLITE_PREPARE_PERSISTENT,
	    &stmt, &rest);
	if (rc != SQLITE_OK) {
		db_stick(db, rc);
		return NULL;
	}
	assert(stmt != NULL && *rest == '\0');	/* one statement */
	columns = sqlite3_column_count(stmt);
	q = calloc(1, sizeof(*q) + (size_t)columns * sizeof(*q->names));
	if (q == NULL) {
		sqlite3_finalize(stmt);
		db_stick_as(db, DB_BROKEN, "out of memory");
		return NULL;
	}
	q->db = db;
	q->stmt = stmt;
	q->sql = sql;
	q->columns = columns;
	q->names = (const char **)(void *)(q + 1);
	return q;
}

static int
step(struct query *q)
{
	int rc;

	errno = 0;
	rc = sqlite3_step(q->stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		db_stick(q->db, rc);
	return rc;
}

static void
bound(struct query *q, int code)
{
	assert(code != SQLITE_RANGE && code != SQLITE_MISUSE);
	if (code != SQLITE_OK)
		db_stick(q->db, code);
}

/*
 * Most read columns in the order in which they were selected, so the first
 * look finds the name, and often by the address of its literal.  Where there
 * is no row because the engine failed, there is no column either; otherwise
 * it is our bug.
 */
static int
column(struct query *q, const char *name)
{
	int i, found = -1;

	if (!q->row) {
		assert(q->db->trouble != DB_WELL);
		return -1;
	}
	for (int tries = 0; tries < q->columns && found == -1; tries++) {
		i = q->hint;
		q->hint = i + 1 < q->columns ? i + 1 : 0;
		if (q->names[i] == name ||
		    strcmp(sqlite3_column_name(q->stmt, i), name) == 0)
			found = i;
	}
	assert(found != -1);
	q->names[found] = name;
	return found;
}
