/*
 * Migrations: each is taken whole or not at all, in their order, once, also
 * when the process is killed in the middle of one; and who may open what.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "tests/unit/semaphores.h"

#include "tests/unit/database.h"

#include "lib/giving/site/migration.h"
#include "lib/giving/site/site.h"

/* What an upgrade may have to do: add, fill, and make a table anew. */
static const struct migration steps[] = {
	{ 2, 1, "things have a colour",
	    "ALTER TABLE t ADD COLUMN colour TEXT NOT NULL DEFAULT 'red';"
	    "UPDATE t SET colour = 'blue' WHERE name = 'sky';" },
	{ 3, 3, "things must have a name",
	    "CREATE TABLE t_new (id INTEGER PRIMARY KEY,"
	    " name TEXT NOT NULL, colour TEXT NOT NULL) STRICT;"
	    "INSERT INTO t_new SELECT id, name, colour FROM t;"
	    "DROP TABLE t; ALTER TABLE t_new RENAME TO t;" },
	{ 0 }
};

static const struct migration torn[] = {
	{ 2, 1, "this breaks in its middle",
	    "ALTER TABLE t ADD COLUMN colour TEXT;"
	    "UPDATE t SET colour = nosuch;" },
	{ 0 }
};

static const struct migration orphans[] = {
	{ 2, 1, "this leaves children without parents", "DELETE FROM t;" },
	{ 0 }
};

static int
make(void **state)
{
	struct db	*db;
	bool		 good;

	(void)state;
	if (database_make() != 0)
		return -1;
	db = database_open(0);
	good = db_script(db, "CREATE TABLE site (one INTEGER PRIMARY KEY,"
	    " version INTEGER NOT NULL, oldest INTEGER NOT NULL) STRICT;"
	    "INSERT INTO site VALUES (1, 1, 1);"
	    "INSERT INTO t (id, name) VALUES (1, 'sky'), (2, 'rose');"
	    "INSERT INTO child VALUES (1), (2);");
	db_close(db);
	return good ? 0 : -1;
}

static int
clear(void **state)
{
	(void)state;
	return database_remove();
}

static bool
run(const struct migration *m, void (*done)(const struct migration *),
    char *why)
{
	struct db	*db = database_open(DB_LOOSE);
	bool		 good = migration_run(db, m, done, why, 256);

	db_close(db);
	return good;
}

static struct migration_state
look(void)
{
	struct migration_state	 at = { 0 };
	struct db		*db = database_open(0);

	assert_true(migration_look(db, &at));
	db_close(db);
	return at;
}

/* How many rows the statement finds; -1 if the schema does not have it. */
static int64_t
count(const char *sql)
{
	struct db	*db = database_open(0);
	struct query	*q;
	int64_t		 n = -1;

	db_begin(db, DB_READ);
	q = db_query(db, sql);
	if (db_next(q))
		n = db_col_int(q, "n");
	db_done(q);
	db_rollback(db);
	db_close(db);
	return n;
}

#define COLOURS	"SELECT count(*) AS n FROM t WHERE colour = 'red'"

static void
test_in_order_and_once(void **state)
{
	char	 why[256] = "";

	(void)state;
	assert_true(run(steps, NULL, why));
	assert_int_equal(look().version, 3);
	assert_int_equal(look().oldest, 3);
	assert_int_equal(count(COLOURS), 1);
	assert_int_equal(count("SELECT count(*) AS n FROM child"), 2);
	assert_true(run(steps, NULL, why));
	assert_int_equal(look().version, 3);
}

static void
test_broken_is_nothing(void **state)
{
	char	 why[256] = "";

	(void)state;
	assert_false(run(torn, NULL, why));
	assert_non_null(strstr(why, "version 2, this breaks in its middle"));
	assert_int_equal(look().version, 1);
	assert_int_equal(count(COLOURS), -1);
	assert_false(run(orphans, NULL, why));
	assert_non_null(strstr(why, "refers to another"));
	assert_int_equal(look().version, 1);
	assert_int_equal(count("SELECT count(*) AS n FROM t"), 2);
}

static int	fatal;

static void
die(const struct migration *m)
{
	if (m->version == fatal)
		(void)raise(SIGKILL);
}

/* With all of a step done but its commit: the worst moment that there is. */
static void
test_killed(void **state)
{
	char	 why[256] = "";
	int	 status;
	pid_t	 child;

	(void)state;
	for (fatal = 2; fatal <= 3; fatal++) {
		child = fork();
		if (child == 0) {
			(void)run(steps, die, why);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(look().version, fatal - 1);
		assert_int_equal(count(COLOURS), fatal == 2 ? -1 : 1);
	}
	assert_true(run(steps, NULL, why));
	assert_int_equal(look().version, 3);
}

static void
test_breaks(void **state)
{
	struct migration_state	 one = { 1, 1 }, two = { 2, 1 };
	struct migration_state	 three = { 3, 3 };

	(void)state;
	assert_true(migration_breaks(steps, &one));
	assert_true(migration_breaks(steps, &two));
	assert_false(migration_breaks(steps, &three));
	assert_false(migration_breaks(torn, &one));
}

/* Ours follow one another up to the version that this program has. */
static void
test_ours(void **state)
{
	int	 version = 1;

	(void)state;
	for (const struct migration *m = migration_all; m->version != 0; m++)
		assert_int_equal(m->version, ++version);
	assert_int_equal(version, SITE_VERSION);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_in_order_and_once,
		    make, clear),
		cmocka_unit_test_setup_teardown(test_broken_is_nothing,
		    make, clear),
		cmocka_unit_test_setup_teardown(test_killed, make, clear),
		cmocka_unit_test(test_breaks),
		cmocka_unit_test(test_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
