/*
 * The laws of the books a second time, as schema.sql has them: whoever opens
 * the file with another program is refused what our own code never asks.
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

#include "tests/unit/books.h"

/* Three transactions: the pool 1 has 950, user 42 has 35 and spent 15. */
static int
set_up(void **state)
{
	const struct account pool = { ACCOUNT_POOL, 1 };
	const struct account wallet = { ACCOUNT_WALLET, 42 };

	(void)state;
	if (books_make() != 0)
		return -1;
	books_move(TRANSACTION_ALLOCATION, books_account(ACCOUNT_MINT, 0),
	    pool, 1000);
	books_move(TRANSACTION_REWARD, pool, wallet, 50);
	books_move(TRANSACTION_REDEMPTION, wallet,
	    books_account(ACCOUNT_SPENT, 42), 15);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	return books_remove();
}

#define OPEN(rows) \
	"INSERT INTO accounts (tenant, kind, owner) VALUES " rows ";"
/* Columns: tenant, kind, owner, number, change. */
#define ENTRIES(rows) "INSERT INTO entries VALUES " rows ";"
/* Columns: tenant, number, kind, refers, created_at, hash. */
#define CLOSE(row) "INSERT INTO transactions VALUES " row ";"
/* Of 50 tokens, taken back. */
#define EXCHANGE "INSERT INTO exchanges VALUES (1,1,'a',0,42,'MILES','m'," \
	"'Miles','BLUE',50,5,3,0,'b',0,4,0,5);"
/* hash, user, pool, tokens, number, created_at, revert_hash, revert_number,
 * debt, reverted_at */
#define POINTS(rest) "INSERT INTO points VALUES (1,1," rest ");"
#define SUM "add up to zero"
#define NEXT "must belong to the next transaction"
#define GAPS "numbered without gaps"
#define STAY "are for ever"
#define CHECKS "CHECK constraint failed"

static const struct {
	const char *sql, *says;
} refused[] = {
	/* A transaction adds up to zero. */
	{ ENTRIES("(1,2,1,4,-5),(1,3,42,4,6)")
	    CLOSE("(1,4,2,1,0,zeroblob(32))"), SUM },
	{ ENTRIES("(1,2,1,4,-5)") CLOSE("(1,4,2,1,0,zeroblob(32))"), SUM },
	{ OPEN("(2,2,1)") ENTRIES("(1,1,0,4,-5),(2,2,1,1,5)")
	    CLOSE("(1,4,2,1,0,zeroblob(32))"), SUM },

	/* Numbers follow one another. */
	{ CLOSE("(1,5,2,1,0,zeroblob(32))"), GAPS },
	{ CLOSE("(1,0,2,1,0,zeroblob(32))"), GAPS },
	{ CLOSE("(1,3,2,1,0,zeroblob(32))"), "UNIQUE" },
	{ "INSERT OR REPLACE INTO transactions"
	    " VALUES (1,3,2,1,0,zeroblob(32))", GAPS },
	{ ENTRIES("(1,3,42,3,1)"), "UNIQUE" },
	{ "INSERT OR REPLACE INTO entries VALUES (1,3,42,3,1)", NEXT },
	{ ENTRIES("(1,3,43,3,1)"), NEXT },
	{ ENTRIES("(1,3,43,5,1)"), NEXT },

	/* Only the mint and claims go below zero, and none too far. */
	{ ENTRIES("(1,2,1,4,-951)"), CHECKS },
	{ ENTRIES("(1,3,42,4,-36)"), CHECKS },
	{ ENTRIES("(1,4,42,4,-16)"), CHECKS },
	{ OPEN("(1,5,42)") ENTRIES("(1,5,42,4,-1)"), CHECKS },
	{ OPEN("(1,9,42)") ENTRIES("(1,9,42,4,-1)"), CHECKS },
	{ ENTRIES("(1,1,0,4,-4000000000000000000)"), CHECKS },
	{ "UPDATE accounts SET balance = -1 WHERE kind = 3", CHECKS },

	/* What stands in the books stays. */
	{ "DELETE FROM entries", STAY },
	{ "DELETE FROM entries WHERE number = 3 AND kind = 3", STAY },
	{ "UPDATE entries SET change = change + 1 WHERE number = 3", STAY },
	{ "UPDATE entries SET owner = 43 WHERE owner = 42", STAY },
	{ "DELETE FROM transactions WHERE number = 3", STAY },
	{ "UPDATE transactions SET refers = 9 WHERE number = 3", STAY },
	{ "UPDATE transactions SET created_at = 0", STAY },
	{ "DELETE FROM accounts WHERE kind = 3", STAY },

	/* Nor is there anything of another form. */
	{ ENTRIES("(1,3,42,4,0)"), CHECKS },
	{ ENTRIES("(1,2,1,4,-1),(1,2,1,4,1)"), "UNIQUE" },
	{ OPEN("(1,99,42)"), CHECKS },
	{ OPEN("(1,0,42)"), CHECKS },
	{ OPEN("(1,3,-1)"), CHECKS },
	{ OPEN("(1,3,42)"), "UNIQUE" },
	{ ENTRIES("(1,3,42,4,'five')"), "cannot store TEXT" },
	{ ENTRIES("(1,3,42,4,0.5)"), "cannot store REAL" },
	{ CLOSE("(1,4,99,1,0,zeroblob(32))"), CHECKS },
	{ CLOSE("(1,4,2,1,0,zeroblob(31))"), CHECKS },
	{ CLOSE("(1,4,2,1,0,NULL)"), "NOT NULL" },
	{ ENTRIES("(1,3,43,4,1)"), "an entry needs its account" },

	/* An exchange is reverted once, and whole; points are as well. */
	{ EXCHANGE "UPDATE exchanges SET reverted_at = 6", "once" },
	{ EXCHANGE "UPDATE exchanges SET reverted_at = NULL", "once" },
	{ EXCHANGE "UPDATE exchanges SET debt_offset = 51", CHECKS },
	{ EXCHANGE "UPDATE exchanges SET revert_key = NULL", CHECKS },
	{ EXCHANGE "UPDATE exchanges SET tokens = 0", CHECKS },
	{ POINTS("zeroblob(32),42,1,5,4,0,zeroblob(32),5,0,9")
	    "UPDATE points SET debt = 1", "once" },
	{ POINTS("zeroblob(32),42,1,5,4,0,NULL,NULL,0,NULL")
	    "UPDATE points SET debt = 6", CHECKS },
	{ POINTS("zeroblob(32),NULL,NULL,5,NULL,0,NULL,NULL,0,NULL"),
	    CHECKS },
	{ POINTS("zeroblob(31),42,1,5,4,0,NULL,NULL,0,NULL"), CHECKS },

	{ "PRAGMA foreign_keys = ON;" OPEN("(9,1,0)"), "FOREIGN" },
	{ "PRAGMA foreign_keys = ON; DELETE FROM tenants", "FOREIGN" },
	{ "INSERT INTO tenants (id, partner, side) VALUES (3, 1, 'test')",
	    "UNIQUE" },
};

/* In one transaction, so that what goes before a refusal goes with it. */
static void
assert_refused(const char *sql, const char *says)
{
	char text[1024];
	const char *said;
	bool good;

	(void)snprintf(text, sizeof(text), "BEGIN; %s", sql);
	if (strncmp(sql, "PRAGMA", 6) == 0)	/* would not hear it inside */
		(void)snprintf(text, sizeof(text), "%s", sql);
	said = books_shell(text, &good);
	if (good || strstr(said, says) == NULL)
		fail_msg("%s\nshould be refused: %s\nbut the file says: %s",
		    sql, says, said);
}

static void
test_refused(void **state)
{
	const char *before, *after;
	bool good;

	(void)state;
	before = books_shell(".dump", &good);
	assert_true(good);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_refused(refused[i].sql, refused[i].says);
	after = books_shell(".dump", &good);
	assert_string_equal(before, after);
}

/* The same shell is not refused what is right; or nothing would be shown. */
static void
test_allowed(void **state)
{
	const char *said;
	bool good;

	(void)state;
	said = books_shell("BEGIN;" OPEN("(1,3,43),(1,5,42),(1,6,1)")
	    ENTRIES("(1,1,0,4,-7),(1,2,1,4,5),(1,3,42,4,1),(1,3,43,4,1)")
	    CLOSE("(1,4,1,1,0,zeroblob(32))")
	    ENTRIES("(1,5,42,5,2),(1,6,1,5,-2)")
	    CLOSE("(1,5,3,1,0,zeroblob(32))")
	    "COMMIT; SELECT kind, owner, balance, received FROM accounts;"
	    "SELECT head_number, unbalanced FROM tenants", &good);
	assert_true(good);
	assert_string_equal(said, "1|0|-1007|0\n2|1|955|1005\n3|42|36|51\n"
	    "3|43|1|1\n4|42|15|15\n5|42|2|2\n6|1|-2|0\n5|0\n0|0\n");
}

/* Our own connection is refused the same, and its transaction with it. */
static void
test_own_connection(void **state)
{
	const struct account mint = { ACCOUNT_MINT, 0 };
	const struct account pool = { ACCOUNT_POOL, 1 };
	struct journal j = { .kind = TRANSACTION_ALLOCATION };
	struct transaction t;

	(void)state;
	ledger_move(&j, mint, pool, (struct tokens){ 5 });
	db_begin(books.db, DB_WRITE);
	assert_int_equal(ledger_post(&books, &j, &t), OK);
	assert_int_equal(db_run(db_query(books.db, "DELETE FROM entries")),
	    0);
	assert_int_equal(db_trouble(books.db), DB_REFUSED);
	assert_non_null(strstr(db_why(books.db), "entries are for ever"));
	assert_false(db_commit(books.db));
	assert_int_equal(books_turnover(pool).balance.units, 950);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_refused),
		TEST(test_allowed),
		TEST(test_own_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
