/*
 * The database: values, transactions, and trouble that sticks.
 */
#define _XOPEN_SOURCE 700		/* semctl() */
#include "tests/unit/semaphores.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "tests/unit/database.h"
#include "tests/unit/death.h"

static struct db	*db;
static struct arena	*arena;

static int
set_up(void **state)
{
	(void)state;
	if (database_make() != 0)
		return -1;
	db = database_open(0);
	arena = arena_new();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	db_close(db);
	arena_free(arena);
	return database_remove();
}

static void
test_open(void **state)
{
	char why[256], other[100];
	struct stat st;
	int fd;

	(void)state;
	assert_int_equal(stat(database_path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_string_equal(db_journal(db), "wal");
	assert_null(db_open(database_path, DB_CREATE, why, sizeof(why)));
	assert_non_null(strstr(why, "File exists"));
	assert_null(db_open("/nowhere/x.db", 0, why, sizeof(why)));
	assert_string_equal(why, "/nowhere/x.db: No such file or directory");
	assert_null(db_open(":memory:", 0, why, sizeof(why)));
	assert_null(db_open("/tmp", 0, why, sizeof(why)));
	assert_string_equal(why, "/tmp: Is a directory");

	snprintf(other, sizeof(other), "%s/other.db", database_folder);
	fd = open(other, O_CREAT | O_WRONLY, 0600);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(write(fd, "not a database\n", 15), 15);
	close(fd);
	assert_null(db_open(other, 0, why, sizeof(why)));
	assert_non_null(strstr(why, "other.db is not a database"));
	assert_int_equal(unlink(other), 0);
}

static void
test_values(void **state)
{
	struct query *q;
	char name[] = "one";
	size_t size;

	(void)state;
	db_begin(db, DB_WRITE);
	q = db_query(db, "INSERT INTO t VALUES (?, ?, ?), (?, ?, ?)");
	db_int(q, INT64_MIN);
	db_text(q, name);
	db_bytes(q, "a\0b", 3);
	db_int(q, INT64_MAX);
	db_text(q, NULL);
	db_bytes(q, NULL, 0);
	assert_int_equal(db_run(q), 2);

	q = db_query(db, "SELECT bytes, id, name FROM t ORDER BY id");
	assert_true(db_next(q));
	assert_int_equal(db_col_int(q, "id"), INT64_MIN);
	assert_string_equal(db_col_text(q, arena, "name"), "one");
	assert_memory_equal(db_col_bytes(q, arena, "bytes", &size), "a\0b", 4);
	assert_int_equal(size, 3);
	assert_false(db_col_null(q, "name"));
	assert_true(db_next(q));
	assert_true(db_col_int(q, "id") == INT64_MAX);
	assert_true(db_col_null(q, "name"));
	assert_null(db_col_text(q, arena, "name"));
	assert_non_null(db_col_bytes(q, arena, "bytes", &size));
	assert_int_equal(size, 0);
	assert_null(db_col_bytes(q, arena, "name", &size));
	assert_false(db_next(q));
	assert_false(db_next(q));	/* nor does it begin anew */
	db_done(q);
	db_done(q);

	q = db_query(db, "UPDATE t SET name = ?");
	db_null(q);
	assert_int_equal(db_run(q), 2);
	assert_true(db_commit(db));
}

static void
test_statement_again(void **state)
{
	static const char *const sql = "INSERT INTO t (name) VALUES (?)";
	struct query *q, *first = NULL;

	(void)state;
	for (int i = 0; i < 10; i++) {
		db_begin(db, DB_WRITE);
		for (int j = 0; j < 10; j++) {
			q = db_query(db, sql);
			assert_true(first == NULL || first == q);
			first = q;
			db_text(q, "same");
			assert_int_equal(db_run(q), 1);
		}
		assert_true(db_commit(db));
	}
	assert_int_equal(database_rows(db), 100);
}

static void
test_one_moment(void **state)
{
	struct db *two = database_open(0);

	(void)state;
	database_insert(db, "first");
	db_begin(two, DB_READ);
	assert_int_equal(database_count(two), 1);
	database_insert(db, "second");
	assert_int_equal(database_count(two), 1);
	assert_true(db_commit(two));
	assert_int_equal(database_rows(two), 2);

	db_begin(db, DB_WRITE);
	assert_int_equal(db_run(db_query(db, "DELETE FROM t")), 2);
	db_rollback(db);
	assert_int_equal(database_rows(two), 2);
	db_close(two);
}

static void
test_marks(void **state)
{
	(void)state;
	db_begin(db, DB_WRITE);
	database_add(db, "kept");
	db_mark(db);
	database_add(db, "undone");
	db_mark(db);
	database_add(db, "undone, too");
	db_keep(db);
	db_undo(db);
	db_mark(db);
	database_add(db, "kept, too");
	db_keep(db);
	assert_true(db_commit(db));
	assert_int_equal(database_rows(db), 2);
}

/* The laws in the schema refuse; then nothing happens until the next begin. */
static void
test_sticky(void **state)
{
	struct query *q;

	(void)state;
	db_begin(db, DB_WRITE);
	database_add(db, "lost with the rest");
	db_mark(db);
	assert_int_equal(db_run(db_query(db, "INSERT INTO law VALUES (0)")), 0);
	assert_int_equal(db_trouble(db), DB_REFUSED);
	assert_non_null(strstr(db_why(db), "CHECK"));

	q = db_query(db, "SELECT count(*) AS n FROM t WHERE id <> ?");
	db_int(q, 1);
	db_text(q, "anything");
	assert_false(db_next(q));
	assert_int_equal(db_col_int(q, "n"), 0);
	assert_true(db_col_null(q, "n"));
	assert_null(db_col_text(q, arena, "nonsense"));
	db_done(q);
	assert_int_equal(db_run(db_query(db, "INSERT INTO law VALUES (1)")), 0);
	assert_int_equal(db_run(db_query(db, "this is not SQL")), 0);
	db_undo(db);
	assert_int_equal(db_trouble(db), DB_REFUSED);
	assert_false(db_commit(db));
	assert_int_equal(db_trouble(db), DB_REFUSED);
	assert_int_equal(database_rows(db), 0);
	assert_int_equal(db_trouble(db), DB_WELL);

	db_begin(db, DB_READ);
	assert_int_equal(db_run(db_query(db, "SELECT nothing")), 0);
	assert_int_equal(db_trouble(db), DB_BROKEN);
	assert_false(db_commit(db));
}

/* All is written and checked before RETURNING returns its first row. */
static void
test_returning(void **state)
{
	struct query *q;

	(void)state;
	db_begin(db, DB_WRITE);
	q = db_query(db, "INSERT INTO t (name) VALUES (?) RETURNING id");
	db_text(q, "one");
	assert_true(db_next(q));
	assert_int_equal(db_col_int(q, "id"), 1);
	db_done(q);
	q = db_query(db, "INSERT INTO child VALUES (1), (1) RETURNING t");
	assert_true(db_next(q));
	db_done(q);
	q = db_query(db, "SELECT count(*) AS n FROM child");
	assert_true(db_next(q));
	assert_int_equal(db_col_int(q, "n"), 2);
	db_done(q);
	q = db_query(db, "INSERT INTO child VALUES (1), (99) RETURNING t");
	assert_false(db_next(q));
	db_done(q);
	assert_int_equal(db_trouble(db), DB_REFUSED);
	assert_false(db_commit(db));
	assert_int_equal(database_rows(db), 0);
}

static void
test_script(void **state)
{
	(void)state;
	assert_false(db_script(db, "CREATE TABLE one (n); CREATE TABLE t (n)"));
	assert_int_equal(db_trouble(db), DB_BROKEN);
	assert_true(db_script(db, "CREATE TABLE one (n);"
	    "CREATE TABLE two (n)"));
	assert_true(db_flush(db));
}

static void
nested(void)
{
	db_begin(db, DB_READ);
	db_begin(db, DB_READ);
}

static void
outside(void)
{
	(void)db_query(db, "SELECT 1");
}

static void
write_while_reading(void)
{
	db_begin(db, DB_READ);
	(void)db_query(db, "DELETE FROM t");
}

static void
no_such_column(void)
{
	struct query *q;

	db_begin(db, DB_READ);
	q = db_query(db, "SELECT count(*) AS n FROM t");
	if (db_next(q))
		(void)db_col_int(q, "m");
}

static void
used_twice(void)
{
	static const char *const sql = "SELECT 1 AS n";

	db_begin(db, DB_READ);
	(void)db_next(db_query(db, sql));
	(void)db_query(db, sql);
}

static void
too_few_values(void)
{
	db_begin(db, DB_READ);
	(void)db_next(db_query(db, "SELECT ? AS n"));
}

static void
test_bugs_die(void **state)
{
	void (*const bugs[])(void) = { nested, outside, write_while_reading,
	    no_such_column, used_twice, too_few_values };

	(void)state;
	for (size_t i = 0; i < sizeof(bugs) / sizeof(bugs[0]); i++)
		assert_true(dies(bugs[i]));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_open),
		TEST(test_values),
		TEST(test_statement_again),
		TEST(test_one_moment),
		TEST(test_marks),
		TEST(test_sticky),
		TEST(test_returning),
		TEST(test_script),
		TEST(test_bugs_die),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
