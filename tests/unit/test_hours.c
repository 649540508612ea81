/*
 * How numbers lie in time: whatever the clock did, the numbers between two
 * moments hold every row of that time, and with a clock that only goes on
 * they hold no more than an hour beside them.
 */
#define _XOPEN_SOURCE 700		/* semctl() */
#include "tests/unit/semaphores.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "lib/giving/rewards/action.h"
#include "lib/ledger/hours.h"
#include "tests/unit/books.h"

#define ROWS	400
#define HOUR_MS	3600000LL
#define START	(485000 * HOUR_MS)

/* When each was made; rows are numbered from 1. */
static int64_t	 made[ROWS + 1];

static int
set_up(void **state)
{
	(void)state;
	return books_make();
}

static int
tear_down(void **state)
{
	(void)state;
	return books_remove();
}

static void
write_rows(void)
{
	struct query	*q;
	int64_t		 number;

	db_begin(books.db, DB_WRITE);
	for (int i = 1; i <= ROWS; i++) {
		books.now.ms = made[i];
		number = hours_next(&books, HOURS_ACTIONS, "SELECT id AS"
		    " number, created_at FROM actions WHERE tenant = ?"
		    " ORDER BY id DESC LIMIT 1");
		assert_int_equal(number, i);
		q = db_query(books.db, "INSERT INTO actions (tenant, id,"
		    " idempotency_key, digest, type, pool, tokens,"
		    " created_at) VALUES (1, ?, 'key ' || ?, 0, 1, 1, 0,"
		    " ?)");
		db_int(q, number);
		db_int(q, number);
		db_int(q, made[i]);
		(void)db_run(q);
	}
	assert_true(db_commit(books.db));
}

static struct page_range
range(int64_t from, int64_t to)
{
	struct page_range	 r = { INT64_MAX, 0, 21, 0 };

	page_between(&books, PAGE_ACTIONS, (struct moment){ from },
	    (struct moment){ to }, &r);
	return r;
}

/* Every row of that time is in the range; how many others are. */
static int64_t
check(int64_t from, int64_t to)
{
	struct page_range	 r = range(from, to);
	int64_t			 others = 0;

	for (int64_t i = 1; i <= ROWS; i++) {
		bool	 wanted = made[i] >= from && made[i] <= to;

		if (wanted && (i < r.from || i >= r.below))
			fail_msg("row %lld of %lld is not in %lld to %lld",
			    (long long)i, (long long)made[i],
			    (long long)from, (long long)to);
		if (!wanted && i >= r.from && i < r.below)
			others++;
	}
	return others;
}

/* The list itself, against the rows one by one. */
static void
check_list(int64_t from, int64_t to)
{
	struct action_filter	 f = { { 1, 100, NULL }, -1, NULL,
		{ from }, { to } };
	struct action_list	 list;
	const struct action	*rows;
	int64_t			 total = 0;
	size_t			 n = 0;

	assert_int_equal(action_list(&books, &f, &list), OK);
	rows = list.actions.items;
	for (int64_t i = ROWS; i >= 1; i--) {
		if (made[i] < from || made[i] > to)
			continue;
		total++;
		if (n < list.actions.count)
			assert_int_equal(rows[n++].number, i);
	}
	assert_int_equal(((const struct pagination *)
	    list.pagination)->total, total);
	assert_int_equal(n, total > 100 ? 100 : total);
}

static int64_t
random_below(int64_t n)
{
	return rand() % n;
}

/* Most `step`s on, and each 1 in `back` somewhere within `span`. */
static void
make_times(int64_t step, int64_t back, int64_t span)
{
	made[0] = START;
	for (int i = 1; i <= ROWS; i++)
		made[i] = back != 0 && random_below(back) == 0 ?
		    START + random_below(span) :
		    made[i - 1] + random_below(step);
}

static void
check_times(int64_t span, int64_t most_others)
{
	db_begin(books.db, DB_READ);
	for (int i = 0; i < 300; i++) {
		int64_t	 from = START - HOUR_MS + random_below(span);
		int64_t	 to = from + random_below(i % 2 ? span : HOUR_MS);

		assert_in_range(check(from, to), 0, most_others);
		if (i % 10 == 0)
			check_list(from, to);
	}
	assert_in_range(check(made[1], made[ROWS]), 0, most_others);
	assert_true(db_commit(books.db));
}

static void
seed(void)
{
	const char	*said = getenv("SEED");
	unsigned	 n = said != NULL ? (unsigned)atoi(said) :
	    (unsigned)time(NULL);

	print_message("# SEED=%u\n", n);
	srand(n);
}

/* A minute apart at most: beside the range lie two hours, one at each end. */
static void
test_onward(void **state)
{
	(void)state;
	seed();
	make_times(60000, 0, 0);
	write_rows();
	check_times(ROWS * 30000LL, 2 * 60 * 4);
}

/* A clock that a hand moves to and fro. */
static void
test_to_and_fro(void **state)
{
	(void)state;
	seed();
	make_times(600000, 5, 40 * HOUR_MS);
	write_rows();
	check_times(60 * HOUR_MS, ROWS);
}

/* Threads that commit in another order than they began. */
static void
test_jitter(void **state)
{
	(void)state;
	seed();
	make_times(200000, 0, 0);
	for (int i = 1; i <= ROWS; i++)
		made[i] -= random_below(10000);
	write_rows();
	check_times(ROWS * 100000LL, 200);
}

static void
test_ends(void **state)
{
	struct page_range	 r;

	(void)state;
	db_begin(books.db, DB_READ);
	r = range(START, 0);
	assert_true(r.from >= r.below);
	r = range(0, START);
	assert_true(r.from >= r.below - 1);
	assert_true(db_commit(books.db));

	make_times(1, 0, 0);
	write_rows();
	db_begin(books.db, DB_READ);
	r = range(0, 0);
	assert_int_equal(r.from, 0);
	assert_true(r.below == INT64_MAX);
	/* The hour is open: what comes next may be of it. */
	r = range(START, START);
	assert_int_equal(r.from, 1);
	assert_true(r.below == INT64_MAX);
	r = range(START + HOUR_MS, 0);
	assert_true(r.from == INT64_MAX);
	r = range(0, START - 1);
	assert_int_equal(r.below, 1);
	assert_true(db_commit(books.db));
}

/* The transactions of the ledger have hours of their own. */
static void
test_transactions(void **state)
{
	struct page_range	 r = { INT64_MAX, 0, 21, 0 };

	(void)state;
	books.now.ms = START;
	for (int i = 0; i < 3; i++) {
		books_move(TRANSACTION_ALLOCATION,
		    books_account(ACCOUNT_MINT, 0),
		    books_account(ACCOUNT_POOL, 1), 10);
		books.now.ms += HOUR_MS;
	}
	db_begin(books.db, DB_READ);
	page_between(&books, PAGE_TRANSACTIONS,
	    (struct moment){ START + HOUR_MS },
	    (struct moment){ START + HOUR_MS }, &r);
	assert_int_equal(r.from, 2);
	assert_int_equal(r.below, 3);
	r = range(START, 0);
	assert_true(r.from == INT64_MAX);
	assert_true(db_commit(books.db));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_onward),
		TEST(test_to_and_fro),
		TEST(test_jitter),
		TEST(test_ends),
		TEST(test_transactions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
