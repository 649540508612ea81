/*
 * Two thousand random transactions, in the books and in an array of plain
 * numbers, which must end up the same.
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

#include <cmocka.h>

#include "lib/ledger/audit.h"
#include "tests/unit/books.h"

#define ACCOUNTS 30

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

/* A generator of our own, so that the numbers are the same everywhere. */
static uint64_t seed;

static int64_t
below(int64_t n)
{
	seed ^= seed << 13;		/* Marsaglia 2003, xorshift64 */
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int64_t)(seed % (uint64_t)n);
}

/* The mint, a claim, and pools, wallets, spent and debts in turn. */
static struct account
nth(int64_t i)
{
	if (i < 2)
		return books_account(i == 0 ? ACCOUNT_MINT : ACCOUNT_CLAIM, i);
	return books_account((enum account_kind)(ACCOUNT_POOL + i % 4), i);
}

/* What a journal would leave; false if that may not be. */
static bool
foresee(const int64_t balance[ACCOUNTS], const int64_t change[ACCOUNTS])
{
	for (int i = 2; i < ACCOUNTS; i++)
		if (balance[i] + change[i] < 0)
			return false;
	return true;
}

/* A few moves at random, in a journal and in plain numbers. */
static void
make_up(struct journal *j, int64_t change[ACCOUNTS])
{
	int64_t from, to, amount;

	*j = (struct journal){ .refers = below(1000),
		.kind = (enum transaction_kind)(1 + below(4)) };
	memset(change, 0, ACCOUNTS * sizeof(change[0]));
	for (int64_t n = 1 + below(5); n > 0; n--) {
		/* Often out of the mint, or there would be little to move. */
		from = below(5) == 0 ? 0 : below(ACCOUNTS);
		to = (from + 1 + below(ACCOUNTS - 1)) % ACCOUNTS;
		amount = 1 + below(100);
		ledger_move(j, nth(from), nth(to), (struct tokens){ amount });
		change[from] -= amount;
		change[to] += amount;
	}
}

static bool
is_empty(const int64_t change[ACCOUNTS])
{
	for (int i = 0; i < ACCOUNTS; i++)
		if (change[i] != 0)
			return false;
	return true;
}

/* Post, and commit or not; true if it is in the books. */
static bool
try_to_post(const struct journal *j, bool allowed)
{
	struct transaction t;
	bool keep = below(10) != 0;

	db_begin(books.db, DB_WRITE);
	assert_int_equal(ledger_post(&books, j, &t),
	    allowed ? OK : ERR_SHORT);
	if (keep)
		assert_true(db_commit(books.db));
	else
		db_rollback(books.db);
	books.now.ms += below(5000);
	return allowed && keep;
}

/* Against an array: what does the same with nothing but addition. */
static void
test_random_moves(void **state)
{
	int64_t balance[ACCOUNTS] = { 0 }, received[ACCOUNTS] = { 0 };
	int64_t change[ACCOUNTS], posted = 0, refused = 0;
	struct journal j;
	struct audit a;
	bool allowed;

	(void)state;
	seed = 20250510;
	for (int round = 0; round < 2000; round++) {
		make_up(&j, change);
		if (is_empty(change))
			continue;
		allowed = foresee(balance, change);
		refused += !allowed;
		if (!try_to_post(&j, allowed))
			continue;
		posted++;
		for (int i = 0; i < ACCOUNTS; i++) {
			balance[i] += change[i];
			received[i] += change[i] > 0 ? change[i] : 0;
		}
	}
	assert_true(posted > 1000 && refused > 300);
	for (int i = 0; i < ACCOUNTS; i++) {
		struct turnover t = books_turnover(nth(i));

		assert_int_equal(t.balance.units, balance[i]);
		assert_int_equal(t.received.units, received[i]);
	}

	db_begin(books.db, DB_READ);
	audit_verify(&books, &a, NULL);
	assert_true(db_commit(books.db));
	assert_null(a.finding);
	assert_int_equal(a.transactions, posted);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_random_moves, set_up,
		    tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
