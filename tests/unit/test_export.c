/*
 * The books, seen by others: sha256sum makes the same hashes of them, and
 * hledger reads the same balances out of the journal.
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

/* The worked example of doc/books.md. */
static const char *const known[] = {
	"b305129d0f486dda9615dfbbd431ffa951a82e151845c515bde12c3fa3122073",
	"908be09c9128b668f8b16c395360efedc36beedf0c5c408120f2db34bd4b5b23",
};

static int
set_up(void **state)
{
	const struct account pool = { ACCOUNT_POOL, 1 };
	const struct account wallet = { ACCOUNT_WALLET, 42 };
	struct journal j = { .kind = TRANSACTION_REVERSAL, .refers = 1 };

	(void)state;
	if (books_make() != 0)
		return -1;
	books_move(TRANSACTION_ALLOCATION, books_account(ACCOUNT_MINT, 0),
	    pool, 1000);
	books.now.ms += 60000;
	books_move(TRANSACTION_REWARD, pool, wallet, 50);
	books_move(TRANSACTION_REDEMPTION, wallet,
	    books_account(ACCOUNT_SPENT, 42), 15);
	ledger_move(&j, wallet, pool, (struct tokens){ 35 });
	ledger_move(&j, books_account(ACCOUNT_CLAIM, 1),
	    books_account(ACCOUNT_DEBT, 42), (struct tokens){ 15 });
	books_post(&j);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	return books_remove();
}

/* Without a database: the two links of the example. */
static void
test_known_answer(void **state)
{
	const struct posting first[] = { { { ACCOUNT_MINT, 0 }, -1000 },
		{ { ACCOUNT_POOL, 1 }, 1000 } };
	const struct posting second[] = { { { ACCOUNT_POOL, 1 }, -50 },
		{ { ACCOUNT_WALLET, 42 }, 50 } };
	const struct link links[] = {
		{ 1, 1, TRANSACTION_ALLOCATION, 1, { 1746876000123 },
		    first, 2 },
		{ 1, 2, TRANSACTION_REWARD, 1, { 1746876060123 },
		    second, 2 },
	};
	struct chain at = { 0 };
	unsigned char hash[SHA256_SIZE];
	char hex[65];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		chain_hash(hash, &at, &links[i]);
		memcpy(at.hash, hash, sizeof(hash));
		encode_hex(hex, hash, sizeof(hash));
		assert_string_equal(hex, known[i]);
	}
}

/* The canonical form of one transaction, line by line, as SQL says it. */
static const char canonical[] =
    "SELECT line FROM ("
    "SELECT 0 AS kind, 0 AS owner, tenant || '/' || number || ' ' ||"
    " CASE kind WHEN 1 THEN 'allocation' WHEN 2 THEN 'reward'"
    " WHEN 3 THEN 'reversal' WHEN 4 THEN 'redemption' END"
    " || ' ' || refers || ' ' || created_at AS line"
    " FROM transactions WHERE tenant = 1 AND number = %d"
    " UNION ALL SELECT kind, owner, CASE kind WHEN 1 THEN 'mint'"
    " WHEN 2 THEN 'pool' WHEN 3 THEN 'wallet' WHEN 4 THEN 'spent'"
    " WHEN 5 THEN 'debt' WHEN 6 THEN 'claim' END"
    " || ':' || owner || ' ' || change"
    " FROM entries WHERE tenant = 1 AND number = %d)"
    " ORDER BY kind, owner;";

static const char *
hash_of(int number)
{
	bool good;
	const char *said = books_shell(arena_printf(books.arena,
	    "SELECT lower(hex(hash)) FROM transactions"
	    " WHERE tenant = 1 AND number = %d;", number), &good);

	assert_true(good);
	assert_int_equal(strlen(said), 65);
	return arena_copy(books.arena, said, 64);
}

/* With nothing of ours: SQLite's shell and sha256sum. */
static void
test_sha256sum(void **state)
{
	const char *before = arena_printf(books.arena, "%064d", 0);
	const char *lines, *said;
	bool good;

	(void)state;
	for (int n = 1; n <= 4; n++) {
		lines = books_shell(arena_printf(books.arena, canonical, n,
		    n), &good);
		assert_true(good);
		said = books_pipe(arena_printf(books.arena,
		    "{ echo %s | tr a-f A-F | basenc -d --base16; cat; }"
		    " | sha256sum", before), lines, &good);
		assert_true(good);
		before = hash_of(n);
		assert_string_equal(said, arena_printf(books.arena,
		    "%s  -\n", before));
	}
}

/* The journal, and what the export said of the books. */
static const char *
export(struct audit *a)
{
	const char *path = arena_printf(books.arena, "%s/journal",
	    database_folder);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	db_begin(books.db, DB_READ);
	audit_export(&books, f, a, NULL);
	assert_true(db_commit(books.db));
	assert_int_equal(fclose(f), 0);
	return books_read(fopen(path, "r"));
}

static void
test_journal(void **state)
{
	struct audit a;

	(void)state;
	assert_string_equal(export(&a), arena_printf(books.arena,
	    "2025-05-10 * (1) allocation 1\n"
	    "    ; at: 2025-05-10T11:20:00.123Z\n"
	    "    ; hash: %s\n"
	    "    mint:0  -1000 SIR\n"
	    "    pool:1  1000 SIR\n"
	    "\n"
	    "2025-05-10 * (2) reward 1\n"
	    "    ; at: 2025-05-10T11:21:00.123Z\n"
	    "    ; hash: %s\n"
	    "    pool:1  -50 SIR\n"
	    "    wallet:42  50 SIR\n"
	    "\n"
	    "2025-05-10 * (3) redemption 1\n"
	    "    ; at: 2025-05-10T11:21:00.123Z\n"
	    "    ; hash: %s\n"
	    "    wallet:42  -15 SIR\n"
	    "    spent:42  15 SIR\n"
	    "\n"
	    "2025-05-10 * (4) reversal 1\n"
	    "    ; at: 2025-05-10T11:21:00.123Z\n"
	    "    ; hash: %s\n"
	    "    pool:1  35 SIR\n"
	    "    wallet:42  -35 SIR\n"
	    "    debt:42  15 SIR\n"
	    "    claim:1  -15 SIR\n"
	    "\n", known[0], known[1], hash_of(3), hash_of(4)));
	assert_null(a.finding);
	assert_int_equal(a.transactions, 4);
	assert_string_equal(a.head, hash_of(4));
}

/* It ends before the first transaction that is not good. */
static void
test_journal_of_bad_books(void **state)
{
	struct audit a;
	const char *text;
	bool good;

	(void)state;
	(void)books_shell("DROP TRIGGER transactions_still; UPDATE"
	    " transactions SET refers = 9 WHERE number = 3;", &good);
	assert_true(good);
	text = export(&a);
	assert_int_equal(a.failed, 3);
	assert_non_null(a.finding);
	assert_non_null(strstr(text, "* (2) reward"));
	assert_null(strstr(text, "* (3)"));
}

/* Each account as hledger adds it up: "wallet:42","0 SIR". */
static void
test_hledger(void **state)
{
	const char *journal, *said;
	struct audit a;
	bool good;

	(void)state;
	if (system("command -v hledger >/dev/null") != 0) {
		print_message("# hledger is not here: nothing is compared\n");
		skip();
	}
	journal = export(&a);
	said = books_pipe("LC_ALL=C.UTF-8 hledger -f - balance --flat --empty"
	    " --no-total --output-format csv | tail -n +2 | tr -d '\"' |"
	    " sed 's/ SIR$//' | LC_ALL=C sort", journal, &good);
	assert_true(good);
	assert_string_equal(said, "claim:1,-15\ndebt:42,15\nmint:0,-1000\n"
	    "pool:1,985\nspent:42,15\nwallet:42,0\n");
	assert_string_equal(said, books_shell("SELECT CASE kind"
	    " WHEN 1 THEN 'mint' WHEN 2 THEN 'pool' WHEN 3 THEN 'wallet'"
	    " WHEN 4 THEN 'spent' WHEN 5 THEN 'debt' WHEN 6 THEN 'claim' END"
	    " || ':' || owner || ',' || balance AS line FROM accounts"
	    " WHERE tenant = 1 ORDER BY line;", &good));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_known_answer),
		TEST(test_sha256sum),
		TEST(test_journal),
		TEST(test_journal_of_bad_books),
		TEST(test_hledger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
