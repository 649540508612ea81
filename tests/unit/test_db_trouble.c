/*
 * The database in trouble: disks that are full, files that are gone or
 * damaged, processes that are killed, locks that are held.
 */
#undef _GNU_SOURCE
#define _GNU_SOURCE			/* unshare(), semctl() */
#include "tests/unit/semaphores.h"

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/clock.h"
#include "lib/db/db.h"
#include "tests/unit/database.h"

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

/*
 * All of it happened or nothing, and there was room again: exit status 0.
 */
static void
fill_and_exit(void (*make_room)(void))
{
	struct db *mine = database_open(0);
	int	rows = database_fill(mine);

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

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_file_limit),
		TEST(test_disk_full),
		TEST(test_read_only),
		TEST(test_file_gone),
		TEST(test_corrupt),
		TEST(test_killed),
		TEST(test_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
