/*
 * The ledger: what is moved is booked whole or not at all.
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

#include "lib/ledger/chain.h"
#include "tests/unit/books.h"
#include "tests/unit/death.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct account mint = { ACCOUNT_MINT, 0 };
static const struct account pool = { ACCOUNT_POOL, 1 };
static const struct account wallet = { ACCOUNT_WALLET, 42 };
static const struct account spent = { ACCOUNT_SPENT, 42 };

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

static struct tokens
tokens(int64_t units)
{
	return (struct tokens){ units };
}

static void
assert_account(struct account a, int64_t balance, int64_t received)
{
	struct turnover t = books_turnover(a);

	assert_int_equal(t.balance.units, balance);
	assert_int_equal(t.received.units, received);
}

static void
test_words(void **state)
{
	(void)state;
	assert_string_equal(ledger_account_word(ACCOUNT_MINT), "mint");
	assert_string_equal(ledger_account_word(ACCOUNT_CLAIM), "claim");
	assert_string_equal(ledger_transaction_word(TRANSACTION_REVERSAL),
	    "reversal");
	assert_string_equal(ledger_account_word(ACCOUNT_EXCHANGED),
	    "exchanged");
	assert_string_equal(
	    ledger_transaction_word(TRANSACTION_POINTS_REVERT),
	    "points-revert");
	assert_null(ledger_account_word(0));
	assert_null(ledger_account_word(99));
	assert_null(ledger_transaction_word(0));
	assert_null(ledger_transaction_word(99));
}

/* There and back is one change, or none, of each account. */
static void
test_moves_net_out(void **state)
{
	struct journal j = { .kind = TRANSACTION_REWARD, .refers = 1 };
	struct query *q;

	(void)state;
	books_move(TRANSACTION_ALLOCATION, mint, pool, 100);
	ledger_move(&j, pool, wallet, tokens(50));
	ledger_move(&j, wallet, pool, tokens(20));
	ledger_move(&j, wallet, spent, tokens(30));
	assert_int_equal(j.count, 3);
	assert_int_equal(j.postings[0].change, -30);
	assert_int_equal(j.postings[1].change, 0);
	assert_int_equal(j.postings[2].change, 30);
	assert_int_equal(books_post(&j), 2);

	assert_account(pool, 70, 100);
	assert_account(wallet, 0, 0);
	assert_account(spent, 30, 30);
	db_begin(books.db, DB_READ);
	q = db_query(books.db, "SELECT count(*) AS n FROM entries"
	    " WHERE number = 2");
	assert_true(db_next(q));
	assert_int_equal(db_col_int(q, "n"), 2);
	db_done(q);
	assert_true(db_commit(books.db));
}

static void
test_post(void **state)
{
	struct journal j = { .kind = TRANSACTION_REWARD, .refers = 23 };
	struct transaction t;
	struct chain head;
	struct id id;

	(void)state;
	assert_int_equal(books_move(TRANSACTION_ALLOCATION, mint, pool, 100),
	    1);
	ledger_move(&j, pool, wallet, tokens(50));
	db_begin(books.db, DB_WRITE);
	assert_int_equal(ledger_post(&books, &j, &t), OK);
	assert_int_equal(t.number, 2);
	chain_head(&books, &head);
	assert_int_equal(head.number, 2);
	assert_memory_equal(head.hash, t.hash, sizeof(t.hash));
	assert_true(db_commit(books.db));

	assert_true(id_read(ID_TRANSACTION, t.id, &id));
	assert_int_equal(id.tenant, 1);
	assert_int_equal(id.number, 2);
	assert_int_equal(id.made.ms, 1746876000000);
	assert_string_equal(ledger_id(&books, 2, books.now), t.id);

	assert_account(mint, -100, 0);
	assert_account(pool, 50, 100);
	assert_account(wallet, 50, 50);
	assert_account(spent, 0, 0);
	books_move(TRANSACTION_REDEMPTION, wallet, spent, 15);
	assert_account(wallet, 35, 50);
	assert_account(spent, 15, 15);
}

/* Nothing of one tenant is seen by the other, nor are their numbers. */
static void
test_tenants(void **state)
{
	(void)state;
	books_move(TRANSACTION_ALLOCATION, mint, pool, 100);
	books.tenant = 2;
	assert_account(pool, 0, 0);
	assert_int_equal(books_move(TRANSACTION_ALLOCATION, mint, pool, 7),
	    1);
	assert_account(pool, 7, 7);
	books.tenant = 1;
	assert_account(pool, 100, 100);
}

/* Refused: then the file is as it was, whatever else the caller commits. */
static void
assert_short(const struct journal *j)
{
	struct transaction t;
	const char *before, *after;
	bool good;

	before = books_shell(".dump", &good);
	assert_true(good);
	db_begin(books.db, DB_WRITE);
	assert_int_equal(ledger_post(&books, j, &t), ERR_SHORT);
	assert_int_equal(db_trouble(books.db), DB_WELL);
	assert_true(db_commit(books.db));
	after = books_shell(".dump", &good);
	assert_string_equal(before, after);
}

static void
test_short(void **state)
{
	static const enum account_kind kinds[] = { ACCOUNT_POOL,
		ACCOUNT_WALLET, ACCOUNT_SPENT, ACCOUNT_DEBT,
		ACCOUNT_EXCHANGED };

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct account from = { kinds[i], 9 };
		struct journal j = { .kind = TRANSACTION_REWARD };

		ledger_move(&j, from, pool, tokens(1));
		assert_short(&j);
		books_move(TRANSACTION_ALLOCATION, mint, from, 5);
		j = (struct journal){ .kind = TRANSACTION_REWARD };
		ledger_move(&j, mint, wallet, tokens(3));
		ledger_move(&j, from, pool, tokens(6));
		assert_short(&j);
		j = (struct journal){ .kind = TRANSACTION_REWARD };
		ledger_move(&j, from, pool, tokens(5));
		books_post(&j);
		assert_account(from, 0, 5);
	}
	assert_account(wallet, 0, 0);
	books_move(TRANSACTION_REVERSAL, books_account(ACCOUNT_CLAIM, 1),
	    books_account(ACCOUNT_DEBT, 42), 15);
	assert_account(books_account(ACCOUNT_CLAIM, 1), -15, 0);
}

/* No account may come near the end of 64 bits. */
static void
test_books_end(void **state)
{
	struct journal j = { .kind = TRANSACTION_ALLOCATION };

	(void)state;
	for (int i = 0; i < 50; i++)
		ledger_move(&j, mint, pool, tokens(LIMIT_TOKENS));
	for (int i = 0; i < 80; i++)
		books_post(&j);
	assert_account(pool, LIMIT_BOOKS, LIMIT_BOOKS);
	assert_short(&j);
	j = (struct journal){ .kind = TRANSACTION_ALLOCATION };
	ledger_move(&j, mint, wallet, tokens(1));
	assert_short(&j);
	j = (struct journal){ .kind = TRANSACTION_REVERSAL };
	ledger_move(&j, pool, mint, tokens(1));
	books_post(&j);
}

static void
move_nothing(void)
{
	struct journal j = { .kind = TRANSACTION_REWARD };

	ledger_move(&j, pool, wallet, tokens(0));
}

static void
move_too_much(void)
{
	struct journal j = { .kind = TRANSACTION_REWARD };

	ledger_move(&j, pool, wallet, tokens(LIMIT_TOKENS + 1));
}

static void
move_nowhere(void)
{
	struct journal j = { .kind = TRANSACTION_REWARD };

	ledger_move(&j, pool, pool, tokens(1));
}

static void
move_everywhere(void)
{
	struct journal j = { .kind = TRANSACTION_REWARD };

	for (int64_t i = 0; i < LIMIT_POSTINGS; i++)
		ledger_move(&j, pool, books_account(ACCOUNT_WALLET, i),
		    tokens(1));
}

static void
post_nothing(void)
{
	books_post(&(struct journal){ .kind = TRANSACTION_REWARD });
}

static void
post_unbalanced(void)
{
	books_post(&(struct journal){ .kind = TRANSACTION_REWARD, .count = 2,
	    .postings = { { pool, 1 }, { wallet, 1 } } });
}

static void
test_bugs_die(void **state)
{
	void (*const bugs[])(void) = { move_nothing, move_too_much,
		move_nowhere, move_everywhere, post_nothing,
		post_unbalanced };

	(void)state;
	for (size_t i = 0; i < COUNT(bugs); i++)
		assert_true(dies(bugs[i]));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_words),
		TEST(test_moves_net_out),
		TEST(test_post),
		TEST(test_tenants),
		TEST(test_short),
		TEST(test_books_end),
		TEST(test_bugs_die),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
