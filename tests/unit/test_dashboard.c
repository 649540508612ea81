/*
 * Dashboards of a long ledger: looking costs what it does on a short one.
 * Cost is what SQLite counts, steps of its machine and pages that it looks at,
 * so that no clock can make the test fail.
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

#include "lib/base/buf.h"
#include "lib/base/conf.h"
#include "lib/giving/dashboard/dashboard.h"
#include "lib/giving/site/tally.h"
#include "tests/unit/books.h"
#include "tests/unit/cost.h"

#define NOW_MS	1746876000123		/* of books.h */
#define DAY_MS	86400000LL

/*
 * All that is kept whatever the ledger's length: 50 webhooks with every slot
 * in use and more waiting than is counted, 90 days of usage, ten pools.
 */
static const char frame[] =
	"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
	"DROP TRIGGER entry_posts; DROP TRIGGER transaction_closes; BEGIN;"
	"INSERT INTO webhooks (tenant, id, url, format, policy, events,"
	"    secret_sealed, created_at) SELECT 1, value,"
	"    'https://shop.example/' || value, 1, 1, 1, x'00', 1"
	"    FROM generate_series(1, 50);"
	"INSERT INTO webhook_slots SELECT 1, h.value, 300, s.value, c.value,"
	"    5822920 - 15 + s.value, 9, 1 FROM generate_series(1, 50) h,"
	"    generate_series(0, 15) s, generate_series(10, 15) c;"
	"INSERT INTO webhook_slots SELECT 1, h.value, 3600, s.value, c.value,"
	"    485243 - 191 + s.value, 9, 1 FROM generate_series(1, 50) h,"
	"    generate_series(0, 191) s, generate_series(10, 15) c;"
	"INSERT INTO usage SELECT 1, d.value, 'group' || g.value, c.value, 7"
	"    FROM generate_series(20218 - 89, 20218) d,"
	"    generate_series(1, 12) g, generate_series(1000, 1023) c;"
	"INSERT INTO token_pools (tenant, id, name, is_default,"
	"    low_threshold, created_at) SELECT 1, value, 'P', value = 1,"
	"    value, 1 FROM generate_series(1, 10);"
	"INSERT INTO accounts (tenant, kind, owner, balance) SELECT 1, 2,"
	"    value, 5 FROM generate_series(1, 10);"
	"COMMIT;";

/* What grows: `%d` more of everything, from `%d` on. */
static const char growth[] =
	"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;"
	"CREATE TEMP TABLE n AS SELECT value AS n"
	"    FROM generate_series(%d, %d);"
	"INSERT INTO actions (tenant, id, idempotency_key, digest, type,"
	"    pool, tokens, number, created_at) SELECT 1, n, 'order_' || n, n,"
	"    1, 1, 50, n, n FROM n;"
	"INSERT INTO transactions SELECT 1, n, 2, n, n, zeroblob(32) FROM n;"
	"UPDATE tenants SET head_number = (SELECT max(n) FROM n)"
	"    WHERE id = 1;"
	"INSERT INTO users (tenant, id, external_id, created_at, erased_at)"
	"    SELECT 1, n, CASE WHEN n %% 2 THEN 'u' || n END, n,"
	"    CASE WHEN n %% 2 = 0 THEN n END FROM n;"
	"INSERT INTO deliveries (tenant, id, webhook, event, status, due_at,"
	"    created_at, ended_at) SELECT 1, n, n %% 50 + 1, n,"
	"    CASE WHEN n %% 2 THEN 1 ELSE 2 END, CASE WHEN n %% 2"
	"    THEN 1746870000000 + n END, n, CASE WHEN n %% 2 = 0"
	"    THEN n END FROM n;"
	"INSERT INTO attempts (tenant, delivery, number, at, outcome,"
	"    duration_ms) SELECT 1, n, 1, n, 1, 9 FROM n;"
	"INSERT INTO tallies SELECT 1, n / 100, n, n * 50, 0, 0, n / 2"
	"    FROM n WHERE n %% 100 = 0;"
	"COMMIT;";

static void
shell(const char *sql)
{
	const char	*said;
	bool		 good;

	db_close(books.db);
	said = books_shell(sql, &good);
	if (!good)
		print_message("%s\n", said);
	assert_true(good);
	books.db = database_open(0);
}

static int
set_up(void **state)
{
	(void)state;
	if (books_make() != 0)
		return -1;
	shell(frame);
	shell(arena_printf(books.arena, growth, 1, 5000));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	return books_remove();
}

static void
look_overview(void)
{
	struct dashboard d;

	dashboard_read(&books, &d);
	assert_int_equal(d.pools, 10);
	assert_int_equal(d.pools_low, 5);
	assert_int_equal(d.hooks, 50);
}

static void
look_health(void)
{
	static struct conf	 conf;
	struct dashboard_health	 d;

	dashboard_health_read(&books, &conf, false, &d);
	assert_int_equal(d.pipelines.count, 6);
}

static void
look_hooks(void)
{
	const struct dashboard_hook	*rows;
	const struct dashboard_window	*hour, *week;
	struct dashboard_hooks		 d;

	dashboard_hooks_read(&books, &d);
	assert_int_equal(d.hooks.count, 50);
	rows = d.hooks.items;
	hour = rows[0].windows[HEALTH_HOUR];
	week = rows[0].windows[HEALTH_WEEK];
	assert_int_equal(hour->attempts, 13 * 6 * 10);
	assert_int_equal(week->attempts, 169 * 6 * 10);
	assert_int_equal(week->rate.digits, 9000);
}

static void
look_usage(void)
{
	struct dashboard_usage		*u = dashboard_usage_read(&books, 90);
	struct dashboard_usage_told	 told;

	dashboard_usage_tell(&books, u, &told);
	assert_int_equal(told.data.count, 90);
}

static const struct {
	const char	*name;
	void		(*look)(void);
	int64_t		 most;		/* that it may cost at all */
} looks[] = {
	{ "overview", look_overview, 2000 },
	{ "integration-health", look_health, 4000 },
	{ "webhooks/health", look_hooks, 2000000 },
	{ "api-usage", look_usage, 600000 },
};

#define LOOKS	(sizeof(looks) / sizeof(looks[0]))

static int64_t
cost(size_t i)
{
	int64_t	 n;

	db_begin(books.db, DB_READ);
	(void)cost_spent();
	looks[i].look();
	n = cost_spent();
	assert_true(db_commit(books.db));
	return n;
}

static void
test_flat(void **state)
{
	int64_t	 before[LOOKS], after;

	(void)state;
	assert_true(clock_set("1746876000"));
	for (size_t i = 0; i < LOOKS; i++)
		before[i] = cost(i);
	shell(arena_printf(books.arena, growth, 5001, 300000));
	for (size_t i = 0; i < LOOKS; i++) {
		after = cost(i);
		print_message("# %s: %lld, then %lld\n", looks[i].name,
		    (long long)before[i], (long long)after);
		assert_in_range(before[i], 1, looks[i].most);
		/* More waits, up to what is counted. */
		if (looks[i].look == look_hooks)
			assert_in_range(after, 1, looks[i].most);
		else
			assert_in_range(after, 1, before[i] * 3 / 2);
	}
}

/* Days are differences; a clock that is put back loses nothing. */
static void
test_tallies(void **state)
{
	const int64_t	 today = NOW_MS / DAY_MS;
	struct tally	 all;

	(void)state;
	books.tenant = 2;
	db_begin(books.db, DB_WRITE);
	for (int64_t day = -3; day <= 0; day += 2) {
		books.now.ms = NOW_MS + day * DAY_MS;
		tally_add(&books, &(struct tally){ 1, 10, 0, 0, 0 });
		tally_add(&books, &(struct tally){ 0, 0, 1, 4, 1 });
	}
	/* Of a day that has no row: with the next. */
	books.now.ms = NOW_MS - 2 * DAY_MS;
	tally_add(&books, &(struct tally){ 1, 100, 0, 0, 0 });
	books.now.ms = NOW_MS - 3 * DAY_MS;
	tally_add(&books, &(struct tally){ 1, 1000, 0, 0, 0 });
	assert_int_equal(tally_until(&books, today - 4).actions, 0);
	assert_int_equal(tally_until(&books, today - 3).tokens, 1010);
	assert_int_equal(tally_until(&books, today - 2).tokens, 1010);
	all = tally_until(&books, INT64_MAX);
	assert_int_equal(all.actions, 4);
	assert_int_equal(all.tokens, 1120);
	assert_int_equal(all.reversals, 2);
	assert_int_equal(all.clawed_back, 8);
	assert_int_equal(all.erased, 2);
	assert_int_equal(tally_until(&books, today).tokens, 1120);
	assert_true(db_commit(books.db));
	books.tenant = 1;
	books.now.ms = NOW_MS;
}

/* A slot that comes round again begins anew, and nothing older counts. */
static void
test_slots(void **state)
{
	static const int64_t	 ago_s[] = { 8 * 86400, 30 * 3600, 7200, 600,
				    0 };
	struct health		 h[HEALTH__MAX];
	struct health_attempt	 a = { 2, 7, { 0 }, true, 100 };

	(void)state;
	books.tenant = 2;
	db_begin(books.db, DB_WRITE);
	for (size_t i = 0; i < 5; i++) {
		a.at.ms = NOW_MS - ago_s[i] * 1000;
		a.good = i % 2 == 0;
		health_note(&books, &a);
	}
	health_of(&books, 7, h);
	assert_int_equal(h[HEALTH_HOUR].good, 1);
	assert_int_equal(h[HEALTH_HOUR].bad, 1);
	assert_int_equal(h[HEALTH_DAY].good + h[HEALTH_DAY].bad, 3);
	assert_int_equal(h[HEALTH_WEEK].good, 2);
	assert_int_equal(h[HEALTH_WEEK].bad, 2);
	/* 16 slots of 5 minutes later the circle has come round. */
	a.at.ms = NOW_MS + 16 * 300 * 1000;
	health_note(&books, &a);
	books.now = a.at;
	health_of(&books, 7, h);
	assert_int_equal(h[HEALTH_HOUR].good + h[HEALTH_HOUR].bad, 1);
	health_of(&books, 8, h);
	assert_int_equal(h[HEALTH_WEEK].good + h[HEALTH_WEEK].bad, 0);
	assert_true(db_commit(books.db));
	books.tenant = 1;
	books.now.ms = NOW_MS;
}

/* Each class of status by itself, in what groups and minutes it came. */
static void
test_usage(void **state)
{
	struct dashboard_usage_told	 told;
	struct dashboard_usage		*u;
	struct buf			 out;

	(void)state;
	assert_true(clock_set("1746876000"));
	shell("INSERT INTO usage VALUES (2, 20217, 'a', 2, 5),"
	    " (2, 20217, 'b', 2, 6), (2, 20217, 'a', 3, 7),"
	    " (2, 20217, 'a', 4, 8), (2, 20217, 'a', 5, 9),"
	    " (2, 20217, 'a', 429, 3), (2, 20217, 'a', 1010, 94),"
	    " (2, 20217, 'b', 1020, 6), (2, 20216, 'a', 2, 1),"
	    " (1, 20217, 'z', 5, 1)");
	books.tenant = 2;
	db_begin(books.db, DB_READ);
	u = dashboard_usage_read(&books, 2);
	/* Not written down yet; and of days that nobody asked for. */
	dashboard_usage_add(u, 20218, 5, 2);
	dashboard_usage_add(u, 20219, 5, 2);
	dashboard_usage_add(u, 20216, 5, 2);
	dashboard_usage_tell(&books, u, &told);
	assert_true(db_commit(books.db));
	books.tenant = 1;
	buf_init(&out, books.arena);
	shape_write(&out, &dashboard_usage_out, &told);
	assert_string_equal(buf_str(&out), "{\"days\":2,\"rateLimit\":null,"
	    "\"data\":[{\"date\":\"2025-05-10\",\"requests\":2,"
	    "\"status2xx\":0,\"status3xx\":0,\"status4xx\":0,"
	    "\"status5xx\":2,\"rateLimited\":0,\"p50Ms\":null,"
	    "\"p95Ms\":null},{\"date\":\"2025-05-09\",\"requests\":35,"
	    "\"status2xx\":11,\"status3xx\":7,\"status4xx\":8,"
	    "\"status5xx\":9,\"rateLimited\":3,\"p50Ms\":1.568,"
	    "\"p95Ms\":1223.338}]}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flat),
		cmocka_unit_test(test_tallies),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_usage),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
