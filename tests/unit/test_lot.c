/*
 * Lots: which tokens vest, expire, are spent and taken back, in which order.
 * A naive model is asked the same things at random; the ledger stays right.
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

#include "lib/giving/people/lot.h"
#include "lib/giving/pools/pool.h"
#include "lib/giving/rewards/action.h"
#include "lib/ledger/audit.h"
#include "tests/unit/books.h"

#define USER	42
#define DAY	86400000LL

static const struct account mint = { ACCOUNT_MINT, 0 };
static const struct account wallet = { ACCOUNT_WALLET, USER };
static const struct account spent = { ACCOUNT_SPENT, USER };
static int64_t start;

/* Pools 1, 2 and 3, each with 1,000,000 tokens. */
static int
set_up(void **state)
{
	(void)state;
	if (books_make() != 0)
		return -1;
	start = books.now.ms;
	for (int64_t pool = 1; pool <= 3; pool++)
		books_move(TRANSACTION_ALLOCATION, mint,
		    books_account(ACCOUNT_POOL, pool), 1000000);
	db_begin(books.db, DB_WRITE);
	return 0;
}

/* Whatever was done, the books must be good. */
static int
tear_down(void **state)
{
	struct audit a;

	(void)state;
	if (!db_commit(books.db))
		return -1;
	db_begin(books.db, DB_READ);
	audit_verify(&books, &a, NULL);
	if (a.finding != NULL || !db_commit(books.db))
		return -1;
	return books_remove();
}

static void
move(enum transaction_kind kind, struct account from, struct account to,
    int64_t units)
{
	struct journal j = { .kind = kind, .refers = 1 };
	struct transaction t;

	ledger_move(&j, from, to, (struct tokens){ units });
	assert_int_equal(ledger_post(&books, &j, &t), OK);
}

/* A reward on day `day`, from a pool with these conditions. */
static void
earn(int64_t action, int64_t number, int64_t vesting, int64_t expiry,
    int64_t units)
{
	struct pool pool = { .number = number, .vesting_days = vesting,
		.expiry_days = expiry };
	struct lot_made made = { action, USER, 0, { units } };

	move(TRANSACTION_REWARD, books_account(ACCOUNT_POOL, number), wallet,
	    units);
	lot_add(&books, &pool, &made);
}

static void
spend(int64_t units)
{
	move(TRANSACTION_REDEMPTION, wallet, spent, units);
	lot_spend(&books, USER, (struct tokens){ units });
}

static void
at_day(int64_t day)
{
	books.now.ms = start + day * DAY;
}

static int64_t
remaining(int64_t action)
{
	struct query *q = db_query(books.db,
	    "SELECT remaining FROM lots WHERE tenant = 1 AND action = ?");
	int64_t n;

	db_int(q, action);
	n = db_next(q) ? db_col_int(q, "remaining") : -1;
	db_done(q);
	return n;
}

static int64_t
available(void)
{
	return lot_available(&books, USER,
	    ledger_balance(&books, wallet)).units;
}

static void
assert_sums(int64_t pending, int64_t due, int64_t soon)
{
	struct lot_sums s;

	lot_sums(&books, USER, &s);
	assert_int_equal(s.pending.units, pending);
	assert_int_equal(s.due.units, due);
	assert_int_equal(s.soon.units, soon);
}

static void
test_no_conditions_no_lot(void **state)
{
	struct pool pool = { .number = 1, .vesting_days = 5 };
	struct lot_made none = { 2, USER, 0, { 0 } };

	(void)state;
	earn(1, 1, 0, 0, 10);
	assert_int_equal(remaining(1), -1);
	lot_add(&books, &pool, &none);
	assert_int_equal(remaining(2), -1);
	assert_int_equal(available(), 10);
	assert_false(lot_sweep(&books, USER));
	assert_sums(0, 0, 0);
}

static void
test_vesting_to_the_millisecond(void **state)
{
	(void)state;
	earn(1, 1, 10, 0, 50);
	assert_int_equal(available(), 0);
	assert_sums(50, 0, 0);
	books.now.ms = start + 10 * DAY - 1;
	assert_sums(50, 0, 0);
	at_day(10);
	assert_sums(0, 0, 0);
	assert_int_equal(available(), 50);
	at_day(100000);
	assert_false(lot_sweep(&books, USER));
	assert_int_equal(available(), 50);
}

static void
test_expiry_to_the_millisecond(void **state)
{
	(void)state;
	earn(1, 2, 0, 40, 50);
	earn(2, 1, 0, 0, 5);
	assert_sums(0, 0, 0);
	at_day(10);
	assert_sums(0, 0, 50);
	books.now.ms = start + 40 * DAY - 1;
	assert_sums(0, 0, 50);
	assert_false(lot_sweep(&books, USER));
	at_day(40);
	assert_sums(0, 50, 0);
	assert_int_equal(available(), 5);
	assert_true(lot_sweep(&books, USER));
	assert_false(lot_sweep(&books, USER));
	assert_sums(0, 0, 0);
	assert_int_equal(available(), 5);
	assert_int_equal(ledger_balance(&books, wallet).units, 5);
	assert_int_equal(ledger_balance(&books,
	    books_account(ACCOUNT_POOL, 2)).units, 1000000);
	assert_int_equal(ledger_balance(&books,
	    books_account(ACCOUNT_EXPIRED, USER)).units, 50);
	assert_int_equal(ledger_balance(&books,
	    books_account(ACCOUNT_RETURN, 2)).units, -50);
}

/* More lots than one journal holds, from several pools. */
static void
test_many_expire_at_once(void **state)
{
	(void)state;
	for (int64_t i = 1; i <= 200; i++)
		earn(i, 1 + i % 3, 0, 1, i);
	at_day(1);
	assert_sums(0, 200 * 201 / 2, 0);
	assert_true(lot_sweep(&books, USER));
	assert_int_equal(ledger_balance(&books, wallet).units, 0);
	assert_int_equal(ledger_balance(&books,
	    books_account(ACCOUNT_EXPIRED, USER)).units, 200 * 201 / 2);
}

static void
test_soonest_to_expire_is_spent_first(void **state)
{
	(void)state;
	earn(1, 1, 0, 0, 10);		/* in no lot */
	earn(2, 1, 1, 0, 10);		/* never expires */
	earn(3, 1, 0, 90, 10);
	earn(4, 1, 0, 30, 10);
	earn(5, 1, 50, 60, 10);		/* pending */
	at_day(1);
	assert_int_equal(available(), 40);
	spend(15);
	assert_int_equal(remaining(4), 0);
	assert_int_equal(remaining(3), 5);
	spend(10);
	assert_int_equal(remaining(3), 0);
	assert_int_equal(remaining(2), 5);
	spend(15);
	assert_int_equal(remaining(2), 0);
	assert_int_equal(remaining(5), 10);
	assert_int_equal(available(), 0);
	assert_sums(10, 0, 0);
}

static void
test_a_reversal_takes_its_own_lot(void **state)
{
	struct lot_return r;

	(void)state;
	earn(1, 1, 10, 20, 50);
	r = lot_take_back(&books, 1, 0, (struct tokens){ 30 });
	assert_int_equal(r.taken.units, 30);
	assert_int_equal(r.expired.units, 0);
	move(TRANSACTION_REVERSAL, wallet, books_account(ACCOUNT_POOL, 1),
	    30);
	assert_sums(20, 0, 20);
	r = lot_take_back(&books, 1, 1, (struct tokens){ 30 });
	assert_int_equal(r.taken.units + r.expired.units, 0);
	r = lot_take_back(&books, 9, 0, (struct tokens){ 30 });
	assert_int_equal(r.taken.units + r.expired.units, 0);

	/* What expired is counted once, after what there is. */
	at_day(10);
	spend(5);
	at_day(20);
	assert_true(lot_sweep(&books, USER));
	r = lot_take_back(&books, 1, 0, (struct tokens){ 10 });
	assert_int_equal(r.taken.units, 0);
	assert_int_equal(r.expired.units, 10);
	r = lot_take_back(&books, 1, 0, (struct tokens){ 10 });
	assert_int_equal(r.expired.units, 5);
	r = lot_take_back(&books, 1, 0, (struct tokens){ 10 });
	assert_int_equal(r.expired.units, 0);
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

/* The model: tokens one by one would be as well, but for time. */
struct model_lot {
	int64_t left, vests, expires;	/* days */
};

static struct model_lot model[1000];
static size_t models;
static int64_t loose, today;

static int64_t
model_pending(void)
{
	int64_t sum = 0;

	for (size_t i = 0; i < models; i++)
		if (model[i].vests > today)
			sum += model[i].left;
	return sum;
}

static int64_t
model_available(void)
{
	int64_t sum = loose;

	for (size_t i = 0; i < models; i++)
		if (model[i].vests <= today && model[i].expires > today)
			sum += model[i].left;
	return sum;
}

static void
model_spend(int64_t units)
{
	struct model_lot *first;

	for (; units > 0; units--) {
		first = NULL;
		for (size_t i = 0; i < models; i++)
			if (model[i].left > 0 && model[i].vests <= today &&
			    model[i].expires > today && (first == NULL ||
			    model[i].expires < first->expires))
				first = &model[i];
		if (first != NULL)
			first->left--;
		else
			loose--;
	}
}

static void
random_step(void)
{
	int64_t units = 1 + below(9), days = below(4), left = below(6);
	bool	expires = below(2);

	switch (below(4)) {
	case 0:
	case 1:
		earn((int64_t)models + 1, 1 + below(3), days,
		    expires ? days + 1 + left : 0, units);
		if (days > 0 || expires)
			model[models++] = (struct model_lot){ units,
				today + days,
				expires ? today + days + 1 + left :
				INT64_MAX };
		else
			loose += units;
		break;
	case 2:
		if (model_available() == 0)
			break;
		units = 1 + below(model_available());
		spend(units);
		model_spend(units);
		break;
	default:
		at_day(++today);
		if (below(2))
			(void)lot_sweep(&books, USER);
		break;
	}
}

static void
test_as_a_model_says(void **state)
{
	(void)state;
	seed = 20250510;
	print_message("# seed %llu\n", (unsigned long long)seed);
	for (int i = 0; i < 1000; i++) {
		random_step();
		/* Only what was not swept may differ, and is no one's. */
		assert_int_equal(available(), model_available());
		if (i % 10 != 0)
			continue;
		(void)lot_sweep(&books, USER);
		assert_int_equal(ledger_balance(&books, wallet).units,
		    model_available() + model_pending());
		for (size_t k = 0; k < models; k++)
			assert_int_equal(remaining((int64_t)k + 1),
			    model[k].expires > today ? model[k].left : 0);
	}
	assert_true(models > 200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(test_no_conditions_no_lot),
		TEST(test_vesting_to_the_millisecond),
		TEST(test_expiry_to_the_millisecond),
		TEST(test_many_expire_at_once),
		TEST(test_soonest_to_expire_is_spent_first),
		TEST(test_a_reversal_takes_its_own_lot),
		TEST(test_as_a_model_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
