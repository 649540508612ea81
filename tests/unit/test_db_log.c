/*
 * The log: that it neither grows for ever nor lies about being on disk, that
 * threads may share the database, and that it works without a log, too.
 */
#define _XOPEN_SOURCE 700		/* semctl() */
#include "tests/unit/semaphores.h"

#include <sys/stat.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "tests/unit/database.h"

#define THREADS 4
#define TIMES	150

static struct db	*db;

static int
set_up(void **state)
{
	(void)state;
	if (database_make() != 0)
		return -1;
	db = database_open(0);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	db_close(db);
	return database_remove();
}

static off_t
size_of(const char *tail)
{
	char	name[400];
	struct stat st;

	snprintf(name, sizeof(name), "%s%s", database_path, tail);
	return stat(name, &st) == 0 ? st.st_size : -1;
}

/* SQLite would go on writing to a log that has no name any more. */
static void
test_log_gone(void **state)
{
	char	name[400];

	(void)state;
	snprintf(name, sizeof(name), "%s-wal", database_path);
	assert_true(database_insert(db, "one"));
	assert_true(db_flush(db));
	assert_int_equal(unlink(name), 0);
	assert_true(database_insert(db, "two"));
	assert_false(db_flush(db));
	assert_false(db_flush(db));
}

static void
test_log_stays_short(void **state)
{
	struct db *reader = database_open(0);
	off_t	longest = 0;

	(void)state;
	for (int i = 0; i < 6 * LIMIT_WAL_FRAMES; i++) {
		assert_true(database_insert(db, "two frames, or three"));
		db_tidy(db);
		if (size_of("-wal") > longest)
			longest = size_of("-wal");
	}
	assert_in_range(longest, 1, (LIMIT_WAL_FRAMES + 100) * 4120);

	/* While somebody reads on and on it grows, and then not any more. */
	db_begin(reader, DB_READ);
	assert_in_range(database_count(reader), 1, INT64_MAX);
	assert_true(database_fill(db) == 1000);
	db_tidy(db);
	assert_in_range(size_of("-wal"), 90000000, INT64_MAX);
	db_rollback(reader);
	for (int i = 0; i < 2; i++)
		assert_true(database_fill(db) == 1000);
	db_tidy(db);
	assert_int_equal(size_of("-wal"), 0);
	db_close(reader);
}

/* The last to close leaves one file, which is all there is to back up. */
static void
test_close(void **state)
{
	(void)state;
	assert_true(database_insert(db, "one"));
	assert_in_range(size_of("-wal"), 1, INT64_MAX);
	db_close(db);
	assert_int_equal(size_of("-wal"), -1);
	assert_int_equal(size_of("-shm"), -1);
	db = database_open(DB_FULL);
	assert_int_equal(database_rows(db), 1);
	assert_true(database_insert(db, "two"));
	assert_true(db_flush(db));
}

static void *
count_up(void *arg)
{
	struct db *mine = database_open(0);
	struct query *q;

	for (int i = 0; i < TIMES; i++) {
		int64_t	n;

		db_begin(mine, DB_WRITE);
		q = db_query(mine, "SELECT max(id) AS n FROM t");
		n = db_next(q) ? db_col_int(q, "n") : 0;
		db_done(q);
		q = db_query(mine, "INSERT INTO t (id) VALUES (?)");
		db_int(q, n + 1);
		(void)db_run(q);
		if (!db_commit(mine) || !db_flush(mine))
			return arg;
		db_tidy(mine);
	}
	db_close(mine);
	return NULL;
}

static void
test_threads(void **state)
{
	pthread_t threads[THREADS];
	void	*failed;

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count_up,
		    db), 0);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
	assert_int_equal(database_rows(db), THREADS * TIMES);
}

/*
 * Without WAL.  This name is so long that the scratch database beside it
 * cannot be made, while the lock and the journal can.
 */
static void
test_rollback_journal(void **state)
{
	char	name[246];
	struct db *two;

	(void)state;
	db_close(db);
	assert_int_equal(database_remove(), 0);
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(database_make_named(name), 0);
	db = database_open(0);
	two = database_open(0);
	assert_non_null(strstr(db_journal(db), "truncate: "));
	assert_true(database_insert(db, "one"));
	assert_true(db_flush(db));
	db_tidy(db);
	assert_int_equal(size_of("-wal"), -1);
	assert_int_equal(size_of("-journal"), 0);
	assert_true(database_insert(two, "two"));
	assert_int_equal(database_rows(db), 2);
	db_close(two);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_log_gone),
		TEST(test_log_stays_short),
		TEST(test_close),
		TEST(test_threads),
		TEST(test_rollback_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
