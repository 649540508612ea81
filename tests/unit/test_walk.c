/*
 * Lists of a million rows: a page costs what it shows, wherever it lies and
 * whatever is asked for.  Cost is what SQLite counts, steps of its machine
 * and pages that it looks at, so that no clock can make the test fail.
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

#include "lib/giving/people/statement.h"
#include "lib/giving/rewards/action.h"
#include "tests/unit/books.h"
#include "tests/unit/cost.h"

#define ROWS	1000000
#define START	1746876000000		/* of row 1; each is a second later */
#define LIMIT	20

/*
 * Action n, and transaction n of pool 1.  One in ten is a donation, one in
 * 100,000 is rare, one in a thousand was reversed, one in 2,000 in part.  A
 * thousandth of the transactions are reversals, ten are allocations; user 7
 * has a thousand of them.  The rows are written past the laws of the ledger,
 * which reading does not ask about.
 */
static const char fill[] =
	"PRAGMA journal_mode = OFF;"
	"PRAGMA synchronous = OFF;"
	"DROP TRIGGER entry_posts;"
	"DROP TRIGGER transaction_closes;"
	"BEGIN;"
	"CREATE TEMP TABLE n AS SELECT value AS n"
	"    FROM generate_series(1, 1000000);"
	"INSERT INTO words VALUES (1, 1, 'PURCHASE'), (1, 2, 'DONATION'),"
	"    (1, 3, 'RARE'), (1, 4, 'UNUSED');"
	"INSERT INTO actions (tenant, id, idempotency_key, digest,"
	"    type, amount, currency, pool, tokens, number, created_at,"
	"    reversed) SELECT 1, n, 'order_' || n, n * 7919,"
	"    CASE WHEN n % 100000 = 77 THEN 3"
	"    WHEN n % 10 = 0 THEN 2 ELSE 1 END,"
	"    4999, 'USD', 1, 50, n, 1746875999000 + n * 1000,"
	"    CASE WHEN n % 1000 <> 0 THEN 0 WHEN n % 2000 = 0 THEN 1000000"
	"    ELSE 500000 END FROM n;"
	"INSERT INTO transactions SELECT 1, n,"
	"    CASE WHEN n % 100000 = 77 THEN 1 WHEN n % 1000 = 78 THEN 3"
	"    ELSE 2 END, n, 1746875999000 + n * 1000, zeroblob(32) FROM n;"
	"INSERT INTO hour_begins SELECT 1, list, created_at / 3600000,"
	"    min(number) FROM (SELECT 1 AS list, id AS number, created_at"
	"    FROM actions UNION ALL SELECT 2, number, created_at"
	"    FROM transactions) GROUP BY 1, 2, 3 ORDER BY 2, 3;"
	"INSERT INTO entries SELECT 1, 2, 1, n, -50 FROM n;"
	"INSERT INTO entries SELECT 1, 3, 7, n, 50 FROM n WHERE n % 1000 = 7;"
	"COMMIT;";

/* Filled while nobody else has it open: then it needs no log. */
static int
set_up(void **state)
{
	bool	 good;

	(void)state;
	if (books_make() != 0)
		return -1;
	db_close(books.db);
	(void)books_shell(fill, &good);
	books.db = database_open(0);
	return good ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	return books_remove();
}

static const char *
cursor(enum id_kind kind, int64_t number)
{
	return id_text(books.arena, kind, (struct id){ 1, number,
	    { START + (number - 1) * 1000 } });
}

/* A page of one of the two lists. */
struct page {
	enum err		 e;
	size_t			 rows;
	struct pagination	 says;
	int64_t			 cost;
};

static struct page
actions(const struct action_filter *f)
{
	struct action_list	 list = { 0 };
	struct faults		 faults;
	struct page		 p;

	faults_init(&faults, books.arena);
	books.faults = &faults;
	db_begin(books.db, DB_READ);
	(void)cost_spent();
	p.e = action_list(&books, f, &list);
	p.cost = cost_spent();
	p.rows = list.actions.count;
	if (p.e == OK)
		p.says = *(const struct pagination *)list.pagination;
	assert_true(db_commit(books.db));
	return p;
}

static struct page
lines(struct account a, const struct statement_filter *f)
{
	struct statement	 list = { 0 };
	struct faults		 faults;
	struct page		 p;

	faults_init(&faults, books.arena);
	books.faults = &faults;
	db_begin(books.db, DB_READ);
	(void)cost_spent();
	p.e = statement_list(&books, a, f, &list);
	p.cost = cost_spent();
	p.rows = list.lines.count;
	if (p.e == OK)
		p.says = *(const struct pagination *)list.pagination;
	assert_true(db_commit(books.db));
	return p;
}

/* A full page of actions: 20 rows and what belongs to each. */
#define PAGE_COST	(LIMIT * 150)
/* Rows of an hour may be passed over, where a time is said. */
#define HOUR_COST	(2 * 3600 * 20)
#define COUNT_COST	(LIMIT_COUNT * 30)

static const struct {
	int		 status;
	const char	*type;
	int64_t		 from, to;	/* rows; 0: not said */
	int64_t		 first, last;	/* rows that cursors stand on … */
	size_t		 left;		/* … rows after the last … */
	int64_t		 more;		/* … and what a page may cost more */
	int64_t		 total;		/* as a page says, -1: null */
} walks[] = {
	{ -1, NULL, 0, 0, ROWS, 11, 10, 0, ROWS },
	{ 0, NULL, 0, 0, ROWS, 11, 10, 0, -1 },
	{ 1, NULL, 0, 0, ROWS, 2000, 1, 0, 500 },
	{ 2, NULL, 0, 0, ROWS, 6000, 2, 0, 500 },
	{ -1, "PURCHASE", 0, 0, ROWS, 11, 9, 0, -1 },
	{ -1, "DONATION", 0, 0, ROWS, 101, 10, 0, 100000 },
	{ -1, "RARE", 0, 0, ROWS, 78, 1, 0, 10 },
	{ -1, "UNUSED", 0, 0, ROWS, ROWS, 0, 0, 0 },
	{ -1, "UNKNOWN", 0, 0, ROWS, ROWS, 0, 0, 0 },
	{ 2, "DONATION", 0, 0, ROWS, 6000, 2, 0, 500 },
	{ -1, NULL, 500000, 0, ROWS, 500011, 11, HOUR_COST, -1 },
	{ -1, NULL, 0, 500000, ROWS, 11, 10, HOUR_COST, -1 },
	{ -1, NULL, 500000, 500100, ROWS, 500011, 11, HOUR_COST, 101 },
	{ -1, "DONATION", 500000, 501000, ROWS, 500101, 11, HOUR_COST, 101 },
	{ -1, NULL, ROWS + 1, 0, ROWS, ROWS, 0, HOUR_COST, 0 },
	{ -1, NULL, 0, -1, ROWS, ROWS, 0, HOUR_COST, 0 },
};

static struct moment
moment_of(int64_t row)
{
	return (struct moment){ row == 0 ? 0 : START + (row - 1) * 1000 };
}

static void
test_actions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++) {
		struct action_filter f = { { 1, LIMIT, NULL },
			walks[i].status, walks[i].type,
			moment_of(walks[i].from), moment_of(walks[i].to) };
		struct page	 p = actions(&f);

		print_message("# walk %zu: page %lld", i, (long long)p.cost);
		assert_int_equal(p.says.total, walks[i].total);
		assert_in_range(p.cost, 0, COUNT_COST);
		f.page.cursor = cursor(ID_ACTION, walks[i].first);
		p = actions(&f);
		print_message(", first %lld", (long long)p.cost);
		assert_in_range(p.cost, 0, PAGE_COST + walks[i].more);
		f.page.cursor = cursor(ID_ACTION, walks[i].last);
		p = actions(&f);
		print_message(", last %lld\n", (long long)p.cost);
		assert_int_equal(p.rows, walks[i].left);
		assert_null(p.says.next_cursor);
		assert_in_range(p.cost, 0, PAGE_COST + walks[i].more);
	}
}

/* Full pages of one walk cost the same, wherever they lie. */
static void
test_same_cost(void **state)
{
	static const char *const types[] = { NULL, "PURCHASE", "DONATION" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct action_filter f = { { 1, LIMIT, NULL }, -1,
			types[i], { 0 }, { 0 } };
		int64_t	 first, last;

		f.page.cursor = cursor(ID_ACTION, ROWS);
		first = actions(&f).cost;
		f.page.cursor = cursor(ID_ACTION, 1001);
		last = actions(&f).cost;
		/* A few leaves more or less, where rows lie apart. */
		assert_in_range(last, first - first / 10,
		    first + first / 10);
	}
}

static const struct {
	struct account	 account;
	int		 type;
	int64_t		 first, last;
	size_t		 left;
	int64_t		 total;
} histories[] = {
	{ { ACCOUNT_POOL, 1 }, -1, ROWS, 11, 10, -1 },
	{ { ACCOUNT_POOL, 1 }, 0, ROWS, 100078, 2, 10 },
	{ { ACCOUNT_POOL, 1 }, 1, ROWS, 11, 10, -1 },
	{ { ACCOUNT_POOL, 1 }, 2, ROWS, 1079, 2, 1000 },
	{ { ACCOUNT_POOL, 1 }, 3, ROWS, ROWS, 0, 0 },
	{ { ACCOUNT_POOL, 1 }, 4, ROWS, ROWS, 0, 0 },
	{ { ACCOUNT_POOL, 2 }, -1, ROWS, ROWS, 0, 0 },
	{ { ACCOUNT_WALLET, 7 }, -1, ROWS, 1008, 2, 1000 },
	{ { ACCOUNT_WALLET, 7 }, 1, ROWS, 1008, 2, 1000 },
};

static void
test_histories(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(histories) / sizeof(histories[0]); i++) {
		struct account	 a = histories[i].account;
		struct statement_filter f = { { 1, LIMIT, NULL },
			histories[i].type, { 0 }, { 0 } };
		struct page	 p = lines(a, &f);

		print_message("# history %zu: page %lld", i,
		    (long long)p.cost);
		assert_int_equal(p.says.total, histories[i].total);
		assert_in_range(p.cost, 0, COUNT_COST);
		f.page.cursor = cursor(ID_TRANSACTION, histories[i].first);
		p = lines(a, &f);
		print_message(", first %lld", (long long)p.cost);
		assert_in_range(p.cost, 0, PAGE_COST);
		f.page.cursor = cursor(ID_TRANSACTION, histories[i].last);
		p = lines(a, &f);
		print_message(", last %lld\n", (long long)p.cost);
		assert_int_equal(p.rows, histories[i].left);
		assert_in_range(p.cost, 0, PAGE_COST);
	}
}

/* Pages by number reach LIMIT_COUNT rows deep; behind the end is nothing. */
static void
test_deep_pages(void **state)
{
	struct action_filter	 f = { { 1000, 100, NULL }, -1, NULL, { 0 },
		{ 0 } };
	struct page		 p = actions(&f);

	(void)state;
	assert_int_equal(p.e, OK);
	assert_int_equal(p.rows, 100);
	assert_int_equal(p.says.total_pages, ROWS / 100);

	f.page.page = 1001;
	assert_int_equal(actions(&f).e, ERR_INVALID_REQUEST);
	assert_string_equal(books.faults->first->pointer, "/page");
	f.page.page = ROWS / 100;
	assert_int_equal(actions(&f).e, ERR_INVALID_REQUEST);
	f.page.page++;
	p = actions(&f);
	assert_int_equal(p.e, OK);
	assert_int_equal(p.rows, 0);
	assert_in_range(p.cost, 0, PAGE_COST);

	/* 100,000 donations are not more than may be counted. */
	f = (struct action_filter){ { 1000, 100, NULL }, -1, "DONATION",
		{ 0 }, { 0 } };
	p = actions(&f);
	assert_int_equal(p.e, OK);
	assert_int_equal(p.rows, 100);
	f.page.page++;
	p = actions(&f);
	assert_int_equal(p.e, OK);
	assert_int_equal(p.rows, 0);

	f.action_type = "PURCHASE";
	assert_int_equal(actions(&f).e, ERR_INVALID_REQUEST);
	f.page.page--;
	p = actions(&f);
	assert_int_equal(p.e, OK);
	assert_int_equal(p.says.total, -1);
	assert_int_equal(p.says.total_pages, -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_same_cost),
		cmocka_unit_test(test_histories),
		cmocka_unit_test(test_deep_pages),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
