/*
 * The writers' lock: in order, let go by the dead, and safe when somebody
 * removes the semaphore.
 */
#define _XOPEN_SOURCE 700		/* semctl() */
#include "tests/unit/semaphores.h"

#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/clock.h"
#include "lib/db/lock.h"

#define CHILDREN 8

static char	folder[] = "/tmp/almoner-lock-XXXXXX";
static char	path[64], beside[80];

static void
nap(int ms)
{
	struct timespec t = { ms / 1000, (ms % 1000) * 1000000L };

	nanosleep(&t, NULL);
}

static int
set_up(void **state)
{
	int fd;

	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/ledger.db", folder);
	snprintf(beside, sizeof(beside), "%s.lock", path);
	if ((fd = open(path, O_CREAT | O_EXCL | O_RDWR, 0600)) == -1)
		return -1;
	return close(fd);
}

static int
tear_down(void **state)
{
	(void)state;
	(void)remove_semaphores();
	(void)unlink(beside);
	(void)unlink(path);
	return rmdir(folder);
}

static void
test_first_come(void **state)
{
	struct lock *lock = lock_open(path);
	int ends[2];
	char got[CHILDREN];

	(void)state;
	assert_non_null(lock);
	assert_int_equal(pipe(ends), 0);
	assert_true(lock_take(lock, 1000));
	if (!has_semaphore()) {
		lock_close(lock);
		skip();
	}
	for (char i = 0; i < CHILDREN; i++) {
		if (fork() == 0) {
			struct lock *mine = lock_open(path);
			bool good = lock_take(mine, 5000) &&
			    write(ends[1], &i, 1) == 1;

			lock_drop(mine);
			_exit(!good);
		}
		/* The next one comes when this one stands in line. */
		for (int n = 0; waiting_in_line() <= i && n < 2000; n++)
			nap(5);
	}
	lock_drop(lock);
	close(ends[1]);		/* a child that fails is an end, no wait */
	for (char i = 0; i < CHILDREN; i++) {
		assert_int_equal(read(ends[0], &got[(int)i], 1), 1);
		assert_int_equal(got[(int)i], i);
	}
	for (int i = 0; i < CHILDREN; i++) {
		int status;

		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	close(ends[0]);
	lock_close(lock);
}

static void
test_too_long(void **state)
{
	struct lock *one = lock_open(path), *two = lock_open(path);
	int64_t before;

	(void)state;
	assert_true(lock_take(one, 0));
	before = clock_ticks_us();
	assert_false(lock_take(two, 60));
	assert_int_equal(errno, ETIMEDOUT);
	assert_in_range(clock_ticks_us() - before, 59000, 20000000);
	assert_false(lock_take(two, 0));
	lock_drop(one);
	assert_true(lock_take(two, 0));
	lock_drop(two);
	lock_close(one);
	lock_close(two);
}

/* The child holds it and is killed: nobody has to wait for anything. */
static void
test_killed(void **state)
{
	struct lock *lock = lock_open(path);
	int ends[2], status;
	int64_t before;
	pid_t child;
	char c;

	(void)state;
	for (int i = 0; i < 10; i++) {
		assert_int_equal(pipe(ends), 0);
		if ((child = fork()) == 0) {
			struct lock *mine = lock_open(path);

			if (lock_take(mine, 1000) && write(ends[1], "x", 1))
				pause();
			_exit(1);
		}
		assert_int_equal(read(ends[0], &c, 1), 1);
		assert_false(lock_take(lock, 0));
		assert_int_equal(kill(child, SIGKILL), 0);
		before = clock_ticks_us();
		assert_true(lock_take(lock, 5000));
		assert_in_range(clock_ticks_us() - before, 0, 4000000);
		lock_drop(lock);
		assert_int_equal(waitpid(child, &status, 0), child);
		close(ends[0]);
		close(ends[1]);
	}
	lock_close(lock);
}

/*
 * The one who holds it loses the semaphore; the one who waits and the one
 * who comes later must still stay out.
 */
static void
test_semaphore_removed(void **state)
{
	struct lock *one = lock_open(path), *two = lock_open(path);
	int status;
	pid_t child;

	(void)state;
	assert_true(lock_take(one, 0));
	if ((child = fork()) == 0) {
		struct lock *mine = lock_open(path);

		_exit(lock_take(mine, 300) ? 1 : errno == ETIMEDOUT ? 0 : 2);
	}
	nap(100);
	if (remove_semaphores() == 0) {
		(void)kill(child, SIGKILL);
		(void)waitpid(child, &status, 0);
		lock_drop(one);
		lock_close(one);
		lock_close(two);
		skip();
	}
	assert_false(lock_take(two, 50));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	lock_drop(one);
	assert_true(lock_take(two, 0));
	assert_false(lock_take(one, 0));
	lock_drop(two);
	assert_true(lock_take(one, 0));
	lock_drop(one);
	lock_close(one);
	lock_close(two);
}

static void
test_no_database(void **state)
{
	(void)state;
	assert_null(lock_open("/nowhere/at/all.db"));
	assert_int_equal(errno, ENOENT);
	lock_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_come),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_semaphore_removed),
		cmocka_unit_test(test_no_database),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
