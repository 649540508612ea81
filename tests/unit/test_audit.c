/*
 * The audit: whatever is changed in the books behind our back is found, and
 * the first transaction that is not as it was is named.
 *
 * The changes are made as somebody would make them: with SQLite's own shell,
 * after taking the triggers away.
 */
#define _XOPEN_SOURCE 700		/* semctl() */
#include "tests/unit/semaphores.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/encode.h"
#include "lib/ledger/audit.h"
#include "lib/ledger/chain.h"
#include "tests/unit/books.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Every trigger of the ledger, away. */
static const char no_triggers[] =
    "PRAGMA foreign_keys = OFF; DROP TRIGGER entry_posts;"
    "DROP TRIGGER transaction_closes; DROP TRIGGER entries_stay;"
    "DROP TRIGGER entries_still; DROP TRIGGER transactions_stay;"
    "DROP TRIGGER transactions_still; DROP TRIGGER accounts_stay;";


/* Eight transactions of all kinds, with 20 entries. */
static int
set_up(void **state)
{
	struct account	 mint = { ACCOUNT_MINT, 0 };
	struct account	 pool = { ACCOUNT_POOL, 1 };
	struct account	 claim = { ACCOUNT_CLAIM, 1 };
	struct account	 debt = { ACCOUNT_DEBT, 1 };
	struct account	 one = { ACCOUNT_WALLET, 1 };
	struct account	 two = { ACCOUNT_WALLET, 2 };
	struct journal	 j = { .kind = TRANSACTION_REVERSAL, .refers = 1 };

	(void)state;
	if (books_make() != 0)
		return -1;
	books_move(TRANSACTION_ALLOCATION, mint, pool, 1000);
	books_move(TRANSACTION_REWARD, pool, one, 50);
	books_move(TRANSACTION_REWARD, pool, two, 30);
	books_move(TRANSACTION_REDEMPTION, one,
	    books_account(ACCOUNT_SPENT, 1), 15);
	ledger_move(&j, one, pool, (struct tokens){ 35 });
	ledger_move(&j, claim, debt, (struct tokens){ 15 });
	books_post(&j);
	j = (struct journal){ .kind = TRANSACTION_REWARD, .refers = 3 };
	ledger_move(&j, pool, one, (struct tokens){ 20 });
	ledger_move(&j, one, pool, (struct tokens){ 15 });
	ledger_move(&j, debt, claim, (struct tokens){ 15 });
	books_post(&j);
	books_move(TRANSACTION_ALLOCATION, mint,
	    books_account(ACCOUNT_POOL, 2), 500);
	books_move(TRANSACTION_REDEMPTION, two,
	    books_account(ACCOUNT_SPENT, 2), 10);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	return books_remove();
}

static struct audit
verify(void)
{
	struct audit a;

	db_begin(books.db, DB_READ);
	audit_verify(&books, &a, NULL);
	assert_true(db_commit(books.db));
	return a;
}

static void
change(const char *sql)
{
	const char *said;
	bool good;

	said = books_shell(arena_printf(books.arena, "%s%s;", no_triggers,
	    sql), &good);
	if (!good)
		fail_msg("%s\nfailed: %s", sql, said);
}

static void
test_clean(void **state)
{
	struct audit a = verify();
	struct chain head;
	char hex[65];

	(void)state;
	assert_null(a.finding);
	assert_int_equal(a.failed, 0);
	assert_int_equal(a.transactions, 8);
	assert_int_equal(a.entries, 20);
	db_begin(books.db, DB_READ);
	chain_head(&books, &head);
	assert_true(db_commit(books.db));
	encode_hex(hex, head.hash, sizeof(head.hash));
	assert_string_equal(a.head, hex);

	books.tenant = 2;
	a = verify();
	assert_null(a.finding);
	assert_int_equal(a.transactions, 0);
	assert_int_equal(strspn(a.head, "0"), 64);
}

#define AT " WHERE tenant = 1 AND number = "
#define BOTH(n) "DELETE FROM entries" AT n "; DELETE FROM transactions" AT n
#define NO_CHECKS "PRAGMA ignore_check_constraints = ON;"

#define SUM "do not add up to zero"
#define HASH "its hash is not that of its content"
#define STRAY "belongs to no transaction"
#define GONE "a transaction before it was removed"
#define HEAD "does not end at its recorded head"
#define KEPT "a balance kept"

static const struct tampering {
	const char	*what, *sql;
	int64_t		 failed;
	const char	*finding;
} tamperings[] = {
	{ "an amount", "UPDATE entries SET change = 51" AT "2 AND kind = 3",
	    2, SUM },
	{ "all amounts of one", "UPDATE entries SET change = 2 * change" AT
	    "3", 3, HASH },
	{ "an amount in one and in a later", "UPDATE entries SET change ="
	    " change + 1 WHERE number IN (6, 3) AND kind = 2", 3, SUM },
	{ "an amount that 64 bits cannot add up", "UPDATE entries SET change"
	    " = 9223372036854775807" AT "5 AND change > 0", 5, SUM },
	{ "whose an entry is", "UPDATE entries SET owner = 2" AT
	    "4 AND kind = 4", 4, HASH },
	{ "the account of an entry", "UPDATE entries SET kind = 3, owner = 7"
	    AT "4 AND kind = 4", 4, HASH },
	{ "an account of no kind", "UPDATE entries SET kind = 99" AT
	    "4 AND kind = 4", 4, "unknown kind of account" },
	{ "an entry's transaction", "UPDATE entries SET number = 4" AT
	    "3 AND kind = 2", 3, SUM },
	{ "an entry's tenant", "UPDATE entries SET tenant = 2" AT
	    "6 AND kind = 5", 6, SUM },
	{ "an entry less", "DELETE FROM entries" AT "5 AND kind = 6",
	    5, SUM },
	{ "a pair less", "DELETE FROM entries" AT "5 AND kind > 4",
	    5, HASH },
	{ "all entries less", "DELETE FROM entries" AT "4", 4, HASH },
	{ "an entry more", "INSERT INTO entries VALUES (1,3,7,2,1)",
	    2, SUM },
	{ "a pair more", "INSERT INTO entries VALUES (1,3,7,2,-1),"
	    " (1,3,8,2,1)", 2, HASH },
	{ "an entry before all", "INSERT INTO entries VALUES (1,3,7,0,1)",
	    1, STRAY },
	{ "a pair after all", "INSERT INTO entries VALUES (1,3,7,9,-1),"
	    " (1,3,8,9,1)", 9, HEAD },
	{ "more entries than can be", "WITH RECURSIVE n(i) AS (SELECT 1"
	    " UNION ALL SELECT i + 1 FROM n LIMIT 130) INSERT INTO entries"
	    " SELECT 1, 3, 100 + i, 6, 1 FROM n", 6, "more entries" },

	{ "when", "UPDATE transactions SET created_at = created_at + 1" AT
	    "5", 5, HASH },
	{ "what kind", "UPDATE transactions SET kind = 2" AT "7", 7, HASH },
	{ "no kind", NO_CHECKS "UPDATE transactions SET kind = 99" AT "7",
	    7, "no known form" },
	{ "why", "UPDATE transactions SET refers = refers + 1" AT "6",
	    6, HASH },
	{ "a hash", "UPDATE transactions SET hash = zeroblob(32)" AT "4",
	    4, HASH },
	{ "a short hash", NO_CHECKS "UPDATE transactions SET hash ="
	    " zeroblob(31)" AT "4", 4, "no known form" },
	{ "two hashes swapped", "UPDATE transactions SET hash = (SELECT hash"
	    " FROM transactions t WHERE t.tenant = 1 AND t.number ="
	    " 9 - transactions.number) WHERE number IN (3, 6)", 3, HASH },
	{ "the last row less", "DELETE FROM transactions" AT "8", 8, HEAD },
	{ "the last less", BOTH("8"), 8, HEAD },
	{ "the last less, and the head set back", BOTH("8") "; UPDATE"
	    " tenants SET head_number = 7, head_hash = (SELECT hash FROM"
	    " transactions" AT "7) WHERE id = 1", 1, KEPT },
	{ "a middle row less", "DELETE FROM transactions" AT "4", 4, STRAY },
	{ "a middle one less", BOTH("4"), 4, GONE },
	{ "a middle one less, and the rest moved up", BOTH("4") "; UPDATE"
	    " transactions SET number = number - 1 WHERE number > 4; UPDATE"
	    " entries SET number = number - 1 WHERE number > 4; UPDATE"
	    " tenants SET head_number = 7 WHERE id = 1", 4, HASH },
	{ "the first less", BOTH("1"), 1, GONE },
	{ "the last of another tenant's", "UPDATE transactions SET tenant"
	    " = 2" AT "8; UPDATE entries SET tenant = 2" AT "8", 8, HEAD },
	{ "all less", "DELETE FROM entries; DELETE FROM transactions",
	    1, HEAD },
	{ "all but the head less", "DELETE FROM entries; DELETE FROM"
	    " transactions; DELETE FROM accounts", 1, HEAD },

	{ "a balance", "UPDATE accounts SET balance = balance + 1 WHERE"
	    " kind = 3 AND owner = 1", 2, KEPT },
	{ "two balances of the same sum", "UPDATE accounts SET balance ="
	    " balance + 3 - 2 * owner WHERE kind = 3", 2, KEPT },
	{ "what was received", "UPDATE accounts SET received = received - 1"
	    " WHERE kind = 4 AND owner = 2", 8, KEPT },
	{ "an account less", "DELETE FROM accounts WHERE kind = 4 AND"
	    " owner = 2", 8, KEPT },
	{ "an account more", "INSERT INTO accounts VALUES (1,3,7,5,5)",
	    1, KEPT },

	{ "the number of the head", "UPDATE tenants SET head_number = 7",
	    9, HEAD },
	{ "a head that is not there yet", "UPDATE tenants SET head_number ="
	    " 9", 9, HEAD },
	{ "the hash of the head", "UPDATE tenants SET head_hash ="
	    " zeroblob(32)", 9, HEAD },
};

static void
test_tampering(void **state)
{
	const struct tampering *t = *state;
	struct audit a;

	change(t->sql);
	a = verify();
	if (a.finding == NULL)
		fail_msg("%s was changed, and nothing found", t->what);
	if (a.failed != t->failed || strstr(a.finding, t->finding) == NULL)
		fail_msg("%s was changed: found %s (%" PRId64 ")", t->what,
		    a.finding, a.failed);
}

/* What is bad in one tenant's books is not the other's. */
static void
test_other_tenant(void **state)
{
	struct audit a;

	(void)state;
	books.tenant = 2;
	books_move(TRANSACTION_ALLOCATION, books_account(ACCOUNT_MINT, 0),
	    books_account(ACCOUNT_POOL, 1), 5);
	change("UPDATE entries SET change = 6 WHERE tenant = 2 AND kind = 2");
	a = verify();
	assert_int_equal(a.failed, 1);
	books.tenant = 1;
	assert_null(verify().finding);
}

/*
 * A forger who knows the canonical form: replace the last transaction, and
 * make its hash, the balances and the head fit.
 */
static void
forge(int64_t tokens)
{
	const struct posting postings[] = {
		{ { ACCOUNT_WALLET, 2 }, -tokens },
		{ { ACCOUNT_SPENT, 2 }, tokens },
	};
	struct link last = { 1, 8, TRANSACTION_REDEMPTION, 1, books.now,
		postings, 2 };
	struct chain before = { 7, { 0 } };
	unsigned char hash[SHA256_SIZE];
	char hex[65];
	bool good;

	memcpy(hex, books_shell("SELECT lower(hex(hash)) FROM transactions"
	    AT "7", &good), 64);
	hex[64] = '\0';
	assert_true(encode_unhex(before.hash, sizeof(before.hash), hex));
	chain_hash(hash, &before, &last);
	encode_hex(hex, hash, sizeof(hash));
	change(arena_printf(books.arena, NO_CHECKS
	    "UPDATE entries SET change = sign(change) * %" PRId64 AT "8;"
	    "UPDATE transactions SET hash = x'%s'" AT "8;"
	    "UPDATE tenants SET head_hash = x'%s' WHERE id = 1;"
	    "UPDATE accounts SET balance = 30 - %" PRId64
	    " WHERE kind = 3 AND owner = 2;"
	    "UPDATE accounts SET balance = %" PRId64 ", received = %" PRId64
	    " WHERE kind = 4 AND owner = 2", tokens, hex, hex, tokens,
	    tokens, tokens));
}

static void
test_forged_below_zero(void **state)
{
	struct audit a;

	(void)state;
	forge(31);
	a = verify();
	assert_int_equal(a.failed, 3);
	assert_non_null(strstr(a.finding, KEPT));
}

/* Then nothing in the file is wrong; who wrote the head down sees it. */
static void
test_forged_whole(void **state)
{
	struct audit before = verify(), after;

	(void)state;
	forge(11);
	after = verify();
	assert_null(after.finding);
	assert_string_not_equal(before.head, after.head);
}

static int64_t progress_done, progress_all, progress_calls;

static void
note_progress(int64_t done, int64_t all)
{
	progress_done = done;
	progress_all = all;
	progress_calls++;
}

static void
test_progress(void **state)
{
	struct journal j = { .kind = TRANSACTION_ALLOCATION };
	struct transaction t;
	struct audit a;

	(void)state;
	ledger_move(&j, books_account(ACCOUNT_MINT, 0),
	    books_account(ACCOUNT_POOL, 1), (struct tokens){ 1 });
	db_begin(books.db, DB_WRITE);
	for (int i = 8; i < 5000; i++)
		assert_int_equal(ledger_post(&books, &j, &t), OK);
	assert_true(db_commit(books.db));
	db_begin(books.db, DB_READ);
	audit_verify(&books, &a, note_progress);
	assert_true(db_commit(books.db));
	assert_null(a.finding);
	assert_int_equal(a.transactions, 5000);
	assert_int_equal(progress_calls, 1);
	assert_int_equal(progress_done, 4096);
	assert_int_equal(progress_all, 5000);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest others[] = {
		TEST(test_clean),
		TEST(test_other_tenant),
		TEST(test_forged_below_zero),
		TEST(test_forged_whole),
		TEST(test_progress),
	};
	struct CMUnitTest tests[COUNT(others) + COUNT(tamperings)];

	memcpy(tests, others, sizeof(others));
	for (size_t i = 0; i < COUNT(tamperings); i++)
		tests[COUNT(others) + i] = (struct CMUnitTest){
			tamperings[i].what, test_tampering, set_up,
			tear_down, (void *)(uintptr_t)&tamperings[i] };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
