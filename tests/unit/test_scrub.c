/*
 * db_scrub(): what was deleted is nowhere in the file and its log, although
 * rows moved from page to page before.
 */
#undef _GNU_SOURCE
#define _GNU_SOURCE		/* memmem() */
#include "tests/unit/semaphores.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/database.h"

#define PEOPLE 3000

static struct db *db;

/* A table whose rows come in no order, so that its pages are split. */
static int
set_up(void **state)
{
	(void)state;
	if (database_make() != 0)
		return -1;
	db = database_open(0);
	return db_script(db, "CREATE TABLE people (id INTEGER PRIMARY KEY,"
	    " name TEXT) STRICT, WITHOUT ROWID;"
	    "CREATE UNIQUE INDEX people_by_name ON people (name)") ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	db_close(db);
	return database_remove();
}

/* 61 is prime, so each number below PEOPLE comes once. */
static int
nth(int i)
{
	return i * 61 % PEOPLE;
}

static void
name_of(char out[64], int id)
{
	snprintf(out, 64, "%08x-%d@example.com",
	    (unsigned)id * 2654435761u, id);
}

static void
fill(void)
{
	struct query *q;
	char	 name[64];

	for (int i = 0; i < PEOPLE; i++) {
		if (i % 100 == 0)
			db_begin(db, DB_WRITE);
		name_of(name, nth(i));
		q = db_query(db,
		    "INSERT INTO people (id, name) VALUES (?, ?)");
		db_int(q, nth(i));
		db_text(q, name);
		db_run(q);
		if (i % 100 == 99)
			assert_true(db_commit(db));
	}
}

static void
delete(int id)
{
	struct query *q;

	db_begin(db, DB_WRITE);
	q = db_query(db, "UPDATE people SET name = NULL WHERE id = ?");
	db_int(q, id);
	assert_int_equal(db_run(q), 1);
	assert_true(db_commit(db));
}

/* Is it in the file, or in its log? */
static bool
is_in(const char *suffix, const char *text)
{
	char	 command[400];
	char	*bytes;
	size_t	 size;
	bool	 found;
	FILE	*f;

	/* Another process reads: to close the file here would take SQLite's
	 * locks away. */
	snprintf(command, sizeof(command), "cat '%s%s'", database_path,
	    suffix);
	f = popen(command, "r");
	assert_non_null(f);
	bytes = malloc(64 << 20);
	assert_non_null(bytes);
	size = fread(bytes, 1, 64 << 20, f);
	found = memmem(bytes, size, text, strlen(text)) != NULL;
	free(bytes);
	(void)pclose(f);
	return found;
}

static bool
is_anywhere(const char *text)
{
	return is_in("", text) || is_in("-wal", text);
}

static void
test_nobody_is_left(void **state)
{
	char	 name[64];
	struct shred gone = { NULL, name };

	(void)state;
	fill();
	name_of(name, 1234);
	assert_true(is_anywhere(name));
	for (int id = 0; id < PEOPLE; id += 50) {
		name_of(name, id);
		delete(id);
		assert_true(db_scrub(db, &gone));
		assert_false(is_anywhere(name));
	}
	name_of(name, 1234);
	assert_true(is_anywhere(name));
	db_begin(db, DB_READ);
	assert_true(db_commit(db));
}

/* Another program may leave what it deletes, between rows and behind. */
static void
test_a_stale_copy_is_found(void **state)
{
	char	 name[64], command[512];
	struct shred none = { NULL, "nobody@example.com" };
	struct shred gone = { &none, name };

	(void)state;
	fill();
	for (int id = 7; id < PEOPLE; id += 971) {
		snprintf(command, sizeof(command), "sqlite3 '%s' 'PRAGMA"
		    " secure_delete = OFF; UPDATE people SET name = NULL"
		    " WHERE id BETWEEN %d AND %d' >/dev/null",
		    database_path, id, id + 60);
		assert_int_equal(system(command), 0);
		name_of(name, id);
		assert_true(db_scrub(db, &none));
		assert_true(is_in("", name));
		assert_true(db_scrub(db, &gone));
		assert_false(is_anywhere(name));
		assert_int_equal(database_rows(db), 0);
	}
	assert_string_equal(db_why(db), "");
}

static void
test_nothing_noted_nothing_done(void **state)
{
	(void)state;
	fill();
	assert_true(db_scrub(db, NULL));
	assert_true(is_in("-wal", "@example.com"));
}

/* Somebody else still reads the log: it cannot be emptied. */
static void
test_a_reader_is_told(void **state)
{
	struct shred gone = { NULL, "nobody@example.com" };
	struct db *reader;

	(void)state;
	fill();
	reader = database_open(DB_READONLY);
	db_begin(reader, DB_READ);
	assert_true(database_count(reader) >= 0);
	delete(1);
	assert_false(db_scrub(db, &gone));
	assert_true(db_commit(reader));
	db_close(reader);
	assert_true(db_scrub(db, &gone));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(test_nobody_is_left),
		TEST(test_a_stale_copy_is_found),
		TEST(test_nothing_noted_nothing_done),
		TEST(test_a_reader_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
