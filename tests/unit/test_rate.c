/*
 * Exchange rates: which one counts, and what an amount makes, exactly.
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

#include "lib/base/limits.h"
#include "lib/giving/donations/rate.h"
#include "tests/unit/books.h"

#define DAY_MS	86400000LL

static struct faults	 faults;

static int
set_up(void **state)
{
	(void)state;
	if (books_make() != 0)
		return -1;
	faults_init(&faults, books.arena);
	books.faults = &faults;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	return books_remove();
}

static struct rate
rate(const char *from, const char *to, const char *units, bool inverse)
{
	struct rate	 r = { .from = money_currency(from),
	    .to = money_currency(to), .inverse = inverse };

	assert_non_null(r.from);
	assert_non_null(r.to);
	assert_true(money_decimal(units, &r.units));

	return r;
}

static void
amounts_are_converted(void **state)
{
	static const struct {
		const char	*from, *to, *units;
		bool		 inverse;
		int64_t		 minor, makes;
	} sums[] = {
		/* The seed's own: 12.95 AUD are 8.95 USD. */
		{ "AUD", "USD", "0.6911", false, 1295, 895 },
		/* Half goes up; less than half goes down. */
		{ "USD", "EUR", "0.5", false, 1, 1 },
		{ "USD", "EUR", "0.499999999999999999", false, 1, 0 },
		{ "USD", "EUR", "0.5", false, 3, 2 },
		{ "USD", "EUR", "1", true, 7, 7 },
		/* Exponents 0, 2, 3, 4, each way. */
		{ "USD", "JPY", "149.5", false, 100, 150 },
		{ "USD", "JPY", "149.5", false, 1, 1 },
		{ "JPY", "USD", "149.5", true, 150, 100 },
		{ "JPY", "USD", "0.0067", false, 1000, 670 },
		{ "USD", "KWD", "0.3075", false, 10000, 30750 },
		{ "KWD", "JPY", "485.25", false, 1500, 728 },
		{ "JPY", "CLF", "0.00017", false, 1000, 1700 },
		{ "CLF", "JPY", "0.00017", true, 1700, 1000 },
		{ "UYW", "CLF", "3", false, 1, 3 },
		/* Tiny and large rates keep all their digits. */
		{ "IDR", "KWD", "0.00001879", false, 100000000, 18790 },
		{ "KWD", "IDR", "53219.27", false, 1, 5322 },
		{ "USD", "VND", "123456789012345678", false, 1,
		    -1 },
		{ "USD", "EUR", "0.000000000000000001", false, LIMIT_AMOUNT,
		    0 },
		/* As far as it goes, and no further. */
		{ "USD", "EUR", "1", false, LIMIT_AMOUNT, LIMIT_AMOUNT },
		{ "USD", "EUR", "1.000000000000001", false, LIMIT_AMOUNT,
		    -1 },
		{ "USD", "EUR", "0.999999999999999", false, LIMIT_AMOUNT,
		    LIMIT_AMOUNT - 1 },
		{ "JPY", "CLF", "999999999999999999", false, LIMIT_AMOUNT,
		    -1 },
		{ "JPY", "CLF", "0.000000000000000001", true, LIMIT_AMOUNT,
		    -1 },
		{ "CLF", "JPY", "999999999999999999", true, LIMIT_AMOUNT,
		    0 },
		{ "USD", "EUR", "7", false, 0, 0 },
	};
	struct rate	 r;
	int64_t		 out;

	(void)state;
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		r = rate(sums[i].from, sums[i].to, sums[i].units,
		    sums[i].inverse);
		out = -1;
		if (rate_convert(&r, sums[i].minor, &out) !=
		    (sums[i].makes >= 0) || out != sums[i].makes)
			fail_msg("row %zu: %lld", i, (long long)out);
	}
}

/* There and back again is off by no more than a rounding each way. */
static void
what_goes_comes_back(void **state)
{
	struct rate	 there = rate("USD", "KWD", "0.30712", false);
	struct rate	 back = rate("KWD", "USD", "0.30712", true);
	int64_t		 dinars, dollars;

	(void)state;
	for (int64_t minor = 0; minor < 1000000000; minor = minor * 3 + 7) {
		assert_true(rate_convert(&there, minor, &dinars));
		assert_true(rate_convert(&back, dinars, &dollars));
		assert_in_range(dollars, minor > 0 ? minor - 1 : 0,
		    minor + 1);
	}
}

static void
days_are_days(void **state)
{
	static const char *const none[] = { "", "2026-05-1", "2026-5-10",
		"2026-13-01", "2026-02-30", "26-05-10", "2026-05-10 ",
		"1969-12-31", "2026-05-10T00:00:00Z", "2026-05-1x" };
	int64_t	 day;

	(void)state;
	assert_true(rate_day("1970-01-01", &day));
	assert_int_equal(day, 0);
	assert_true(rate_day("2025-05-10", &day));
	assert_int_equal(day, 20218);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(rate_day(none[i], &day));
}

static void
set(const char *from, const char *to, int64_t day, const char *units)
{
	struct rate	 r = rate(from, to, units, false);

	r.day = day;
	db_begin(books.db, DB_WRITE);
	assert_int_equal(rate_set(&books, &r), OK);
	assert_true(db_commit(books.db));
}

/* 1000 minor units of one in another on a day; -1 without a rate. */
static int64_t
thousand(const char *from, const char *to, int64_t day)
{
	const struct rate_sum	 sum = { 1000, money_currency(from) };
	int64_t			 out = -1;
	enum err		 e;

	db_begin(books.db, DB_READ);
	e = rate_exchange(&books, sum, money_currency(to),
	    (struct moment){ day * DAY_MS + DAY_MS - 1 }, &out);
	db_rollback(books.db);
	assert_true(e == OK || e == ERR_NO_EXCHANGE_RATE);

	return e == OK ? out : -1;
}

static void
the_latest_of_the_day_counts(void **state)
{
	(void)state;
	set("USD", "EUR", 100, "0.5");
	set("USD", "EUR", 110, "0.25");
	set("EUR", "USD", 105, "4");
	assert_int_equal(thousand("USD", "EUR", 99), -1);
	assert_int_equal(thousand("USD", "EUR", 100), 500);
	assert_int_equal(thousand("USD", "EUR", 104), 500);
	assert_int_equal(thousand("USD", "EUR", 105), 250);
	assert_int_equal(thousand("USD", "EUR", 5000), 250);
	assert_int_equal(thousand("EUR", "USD", 99), -1);
	assert_int_equal(thousand("EUR", "USD", 100), 2000);
	assert_int_equal(thousand("EUR", "USD", 105), 4000);
	assert_int_equal(thousand("EUR", "EUR", 1), 1000);
	assert_int_equal(thousand("EUR", "JPY", 200), -1);

	/* Both on one day: the one that was asked for. */
	set("USD", "GBP", 100, "0.5");
	set("GBP", "USD", 100, "3");
	assert_int_equal(thousand("USD", "GBP", 100), 500);
	assert_int_equal(thousand("GBP", "USD", 100), 3000);

	/* Set again, it is another. */
	set("USD", "GBP", 100, "0.75");
	assert_int_equal(thousand("USD", "GBP", 100), 750);
}

static void
wrong_rates_are_refused(void **state)
{
	struct rate	 r = rate("USD", "USD", "0", false);

	(void)state;
	db_begin(books.db, DB_WRITE);
	assert_int_equal(rate_set(&books, &r), ERR_INVALID_REQUEST);
	assert_int_equal(books.faults->count, 2);
	r.units.digits = -5;
	assert_int_equal(rate_set(&books, &r), ERR_INVALID_REQUEST);
	db_rollback(books.db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts_are_converted),
		cmocka_unit_test(what_goes_comes_back),
		cmocka_unit_test(days_are_days),
		cmocka_unit_test_setup_teardown(the_latest_of_the_day_counts,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(wrong_rates_are_refused,
		    set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
