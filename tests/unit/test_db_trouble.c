/*
 * The database in trouble: disks that are full, files that are gone or
 * damaged, processes that are killed, locks that are held; and that the log
 * neither grows for ever nor lies about being on disk.
 */
#undef _GNU_SOURCE
#define _GNU_SOURCE			/* unshare(), semctl() */
#include "tests/unit/semaphores.h"

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "lib/base/clock.h"
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

/*
 * Start a child.  SQLite must not be carried over fork(), so nothing may be
 * open then.
 */
static pid_t
start(void (*child)(void))
{
	pid_t	pid;

	db_close(db);
	db = NULL;
	(void)fflush(NULL);
	if ((pid = fork()) == 0) {
		child();
		_exit(100);
	}
	return pid;
}

static off_t
size_of(const char *tail)
{
	char	name[400];
	struct stat st;

	snprintf(name, sizeof(name), "%s%s", database_path, tail);
	return stat(name, &st) == 0 ? st.st_size : -1;
}

/* Commit rows of a hundred kilobytes until it fails; how many went in. */
static int
fill(struct db *on)
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

/*
 * All of it happened or nothing, and there was room again: exit status 0.
 */
static void
fill_and_exit(void (*make_room)(void))
{
	struct db *mine = database_open(0);
	int	rows = fill(mine);

	if (rows == 0 || db_trouble(mine) != DB_NO_SPACE)
		_exit(1);
	if (database_rows(mine) != rows)
		_exit(2);
	make_room();
	if (!database_insert(mine, "again") || !db_flush(mine))
		_exit(3);
	if (database_rows(mine) != rows + 1)
		_exit(4);
	db_close(mine);
	_exit(0);
}

static int
status_of(pid_t child)
{
	int	status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
limit_files(rlim_t bytes)
{
	struct rlimit limit;

	(void)getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes == 0 ? limit.rlim_max : bytes;
	(void)setrlimit(RLIMIT_FSIZE, &limit);
}

static void
lift_limit(void)
{
	limit_files(0);
}

static void
with_file_limit(void)
{
	(void)signal(SIGXFSZ, SIG_IGN);
	limit_files(500000);
	fill_and_exit(lift_limit);
}

static void
test_file_limit(void **state)
{
	(void)state;
	assert_int_equal(status_of(start(with_file_limit)), 0);
}

static void
delete_ballast(void)
{
	char	name[128];

	snprintf(name, sizeof(name), "%s/ballast", database_folder);
	(void)unlink(name);
}

/* A disk of two megabytes, which only this child sees. */
static void
on_small_disk(void)
{
	char	name[128], *ballast = calloc(1, 500000);
	struct db *mine;
	int	fd;

	if (unshare(CLONE_NEWNS) == -1 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1 ||
	    mount("none", database_folder, "tmpfs", 0, "size=2m") == -1)
		_exit(77);
	snprintf(name, sizeof(name), "%s/ballast", database_folder);
	fd = open(name, O_CREAT | O_WRONLY, 0600);
	if (write(fd, ballast, 500000) != 500000)
		_exit(78);
	close(fd);
	free(ballast);
	mine = database_open(DB_CREATE);
	if (!db_script(mine, "CREATE TABLE t (id INTEGER PRIMARY KEY, "
	    "name TEXT, bytes BLOB) STRICT"))
		_exit(79);
	db_close(mine);
	fill_and_exit(delete_ballast);
}

static void
test_disk_full(void **state)
{
	int	status = status_of(start(on_small_disk));

	(void)state;
	if (status == 77)
		skip();
	assert_int_equal(status, 0);
}

static void
test_read_only(void **state)
{
	struct db *reader = database_open(DB_READONLY);

	(void)state;
	assert_true(database_insert(db, "one"));
	assert_int_equal(database_rows(reader), 1);
	assert_false(database_insert(reader, "two"));
	assert_int_equal(db_trouble(reader), DB_NO_WRITE);
	assert_int_equal(database_rows(reader), 1);
	assert_true(db_flush(reader));
	db_close(reader);
}

static void
test_file_gone(void **state)
{
	(void)state;
	assert_int_equal(unlink(database_path), 0);
	assert_false(database_insert(db, "into nowhere"));
	assert_int_equal(db_trouble(db), DB_NO_FILE);
	assert_int_equal(database_rows(db), -1);
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
test_corrupt(void **state)
{
	char	zeros[4096] = "";
	int	fd;

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_true(database_insert(db, "a row of some length"));
	db_close(db);
	fd = open(database_path, O_WRONLY);
	memset(zeros, 0x5a, sizeof(zeros));
	assert_int_equal(pwrite(fd, zeros, sizeof(zeros), 4096),
	    sizeof(zeros));
	close(fd);
	db = database_open(0);
	assert_int_equal(database_rows(db), -1);
	assert_int_equal(db_trouble(db), DB_CORRUPT);
}

static int	ends[2];

static void
write_and_wait(void)
{
	struct db *mine = database_open(0);

	db_begin(mine, DB_WRITE);
	database_add(mine, "never");
	if (write(ends[1], "x", 1) == 1)
		pause();
}

/* Killed inside a transaction: as if it had never been, and no waiting. */
static void
test_killed(void **state)
{
	int64_t	before;
	pid_t	child;
	char	c;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	child = start(write_and_wait);
	assert_int_equal(read(ends[0], &c, 1), 1);
	db = database_open(0);
	assert_int_equal(kill(child, SIGKILL), 0);
	before = clock_ticks_us();
	assert_true(database_insert(db, "mine"));
	assert_in_range(clock_ticks_us() - before, 0, 1000000);
	assert_int_equal(database_rows(db), 1);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(ends[0]);
	close(ends[1]);
}

/* It takes the whole of LIMIT_LOCK_WAIT_MS, so only where time is. */
static void
test_busy(void **state)
{
	struct db *two;

	(void)state;
	if (getenv("SOAK") == NULL)
		skip();
	two = database_open(0);
	db_begin(db, DB_WRITE);
	assert_false(database_insert(two, "too late"));
	assert_int_equal(db_trouble(two), DB_BUSY);
	database_add(db, "in time");
	assert_true(db_commit(db));
	assert_true(database_insert(two, "now"));
	db_close(two);
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
	assert_true(fill(db) == 1000);
	db_tidy(db);
	assert_in_range(size_of("-wal"), 90000000, INT64_MAX);
	db_rollback(reader);
	for (int i = 0; i < 2; i++)
		assert_true(fill(db) == 1000);
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
		TEST(test_file_limit),
		TEST(test_disk_full),
		TEST(test_read_only),
		TEST(test_file_gone),
		TEST(test_log_gone),
		TEST(test_corrupt),
		TEST(test_killed),
		TEST(test_busy),
		TEST(test_log_stays_short),
		TEST(test_close),
		TEST(test_threads),
		TEST(test_rollback_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
