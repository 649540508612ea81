/*
 * Money: decimals as they were written, minor units, and rewards.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/limits.h"
#include "lib/base/money.h"
#include "tests/unit/death.h"

static void
currencies_have_their_own_exponent(void **state)
{
	static const char *const none[] = {
		"", "U", "US", "usd", "Usd", "USDX", "XXX", "XTS", "XAU",
		"ZZZ", "AAA", "BTC", " USD", "USD ",
	};
	static const struct currency some[] = {
		{ "AED", 2 }, { "ZWG", 2 }, { "USD", 2 }, { "EUR", 2 },
		{ "JPY", 0 }, { "KRW", 0 }, { "CLP", 0 }, { "VND", 0 },
		{ "ISK", 0 }, { "UGX", 0 }, { "KWD", 3 }, { "BHD", 3 },
		{ "TND", 3 }, { "IQD", 3 }, { "CLF", 4 }, { "UYW", 4 },
		{ "UYU", 2 }, { "XAF", 0 }, { "XCG", 2 }, { "HUF", 2 },
	};
	const struct currency	*currency;
	size_t			 i;

	(void)state;
	for (i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		currency = money_currency(some[i].code);
		assert_non_null(currency);
		assert_string_equal(currency->code, some[i].code);
		assert_int_equal(currency->exponent, some[i].exponent);
	}
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_null(money_currency(none[i]));
}

/* Every row of the table is found, so the table is sorted. */
static void
currencies_are_sorted(void **state)
{
	const struct currency	*currency, *before = NULL;
	char			 code[4] = "AAA";
	int			 count = 0;

	(void)state;
	for (code[0] = 'A'; code[0] <= 'Z'; code[0]++)
		for (code[1] = 'A'; code[1] <= 'Z'; code[1]++)
			for (code[2] = 'A'; code[2] <= 'Z'; code[2]++) {
				currency = money_currency(code);
				if (currency == NULL)
					continue;
				assert_string_equal(currency->code, code);
				if (before != NULL)
					assert_ptr_equal(currency, before + 1);
				before = currency;
				count++;
			}
	assert_int_equal(count, 171);
}

static void
decimals_are_read_as_written(void **state)
{
	static const struct {
		const char	*text;
		int64_t		 digits;
		int		 scale;
	} cases[] = {
		{ "0", 0, 0 }, { "-0", 0, 0 }, { "0.00", 0, 2 },
		{ "49.99", 4999, 2 }, { "0.1000", 1000, 4 },
		{ "-49.99", -4999, 2 }, { "500", 500, 0 }, { "5.000", 5000, 3 },
		{ "1e2", 100, 0 }, { "1E+2", 100, 0 }, { "5e-3", 5, 3 },
		{ "1.50e1", 150, 1 }, { "1.50e2", 150, 0 },
		{ "1.5e2", 150, 0 }, { "12.5e-1", 125, 2 },
		{ "100e-2", 100, 2 }, { "0e5", 0, 0 }, { "0e-99", 0, 18 },
		{ "0e99999999999999999999", 0, 0 },
		{ "999999999999999999", 999999999999999999, 0 },
		{ "0.999999999999999999", 999999999999999999, 18 },
		{ "-999999999999999999", -999999999999999999, 0 },
		{ "0.000000000000000001", 1, 18 },
		{ "1e17", 100000000000000000, 0 }, { "1e-18", 1, 18 },
		/* Zeros that say nothing cost no digits. */
		{ "1.0000000000000000000000", 100000000000000000, 17 },
		{ "0.0000000000000000000000000", 0, 18 },
		{ "123456789012345678.000", 123456789012345678, 0 },
		{ "10000000000000000000000e-20", 100000000000000000, 15 },
	};
	struct decimal	out;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		out = (struct decimal){ -1, -1, false };
		if (!money_decimal(cases[i].text, &out) ||
		    out.digits != cases[i].digits ||
		    out.scale != cases[i].scale || !out.said)
			fail_msg("%s gave %lld, %d", cases[i].text,
			    (long long)out.digits, out.scale);
	}
}

static void
decimals_that_are_none(void **state)
{
	static const char *const cases[] = {
		"", "-", "+1", ".5", "5.", "-.5", "01", "00", "-01", "1.2.3",
		"1e", "1e+", "1e-", "e5", "1 ", " 1", "0x10", "NaN",
		"Infinity", "1,5", "1.e5", "--1", "1e5.0", "1e2x",
		/* Nineteen digits, or a scale of nineteen. */
		"1000000000000000001", "9999999999999999999", "1e18",
		"0.0000000000000000001", "1e-19", "1.0000000000000000001",
		"12345678901.23456789", "1e99999999999999999999",
		"1e-99999999999999999999", "0.1234567890123456789",
	};
	struct decimal	out = { 7, 7, false };
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (money_decimal(cases[i], &out))
			fail_msg("%s was taken", cases[i]);
	assert_int_equal(out.digits, 7);
	assert_int_equal(out.scale, 7);
	assert_false(out.said);
}

static void
minor_units(void **state)
{
	static const struct {
		const char	*text, *code;
		int64_t		 minor;		/* -1: refused */
	} cases[] = {
		{ "49.99", "USD", 4999 }, { "49.9", "USD", 4990 },
		{ "49", "USD", 4900 }, { "49.990", "USD", 4999 },
		{ "49.999", "USD", -1 }, { "0.001", "USD", -1 },
		{ "0.01", "USD", 1 }, { "0", "USD", 0 }, { "-0", "USD", 0 },
		{ "-0.01", "USD", -1 }, { "500", "JPY", 500 },
		{ "5.000", "JPY", 5 }, { "5.5", "JPY", -1 },
		{ "1.234", "KWD", 1234 }, { "1.2345", "KWD", -1 },
		{ "1.2345", "CLF", 12345 },
		{ "1e2", "USD", 10000 }, { "1e-2", "USD", 1 },
		{ "10000000000000", "USD", LIMIT_AMOUNT },
		{ "10000000000000.00", "USD", LIMIT_AMOUNT },
		{ "10000000000000.01", "USD", -1 },
		{ "1000000000000000", "JPY", LIMIT_AMOUNT },
		{ "1000000000000001", "JPY", -1 },
		{ "999999999999999999", "CLF", -1 },	/* would overflow */
	};
	struct decimal	decimal;
	int64_t		minor;
	bool		good;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		minor = -1;
		assert_true(money_decimal(cases[i].text, &decimal));
		good = money_minor(decimal, money_currency(cases[i].code),
		    &minor);
		if (good != (cases[i].minor != -1) || minor != cases[i].minor)
			fail_msg("%s %s gave %lld", cases[i].text,
			    cases[i].code, (long long)minor);
	}
}

static void
scaled(void **state)
{
	int64_t out = 77;

	(void)state;
	assert_true(money_scaled((struct decimal){ 125, 2, true }, 3, &out));
	assert_int_equal(out, 1250);
	assert_true(money_scaled((struct decimal){ -1200, 2, true }, 0, &out));
	assert_int_equal(out, -12);
	assert_false(money_scaled((struct decimal){ -1201, 2, true }, 0,
	    &out));
	assert_false(money_scaled((struct decimal){ 125, 2, true }, 1, &out));
	assert_false(money_scaled((struct decimal){ 10, 0, true }, 18, &out));
	assert_int_equal(out, -12);
	assert_true(money_scaled((struct decimal){ 9, 0, true }, 18, &out));
	assert_int_equal(out, 9000000000000000000);
}

static void
formats(void **state)
{
	static const struct {
		int64_t		 minor;
		const char	*code, *text;
	} cases[] = {
		{ 4999, "USD", "49.99" }, { 500, "JPY", "500" },
		{ 5, "USD", "0.05" }, { 0, "USD", "0.00" }, { 0, "JPY", "0" },
		{ 1234, "KWD", "1.234" }, { 4, "KWD", "0.004" },
		{ 12345, "CLF", "1.2345" }, { -5, "USD", "-0.05" },
		{ LIMIT_AMOUNT, "USD", "10000000000000.00" },
		{ INT64_MIN, "CLF", "-922337203685477.5808" },
	};
	char	out[32];
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		money_format(out, cases[i].minor,
		    money_currency(cases[i].code));
		assert_string_equal(out, cases[i].text);
	}
}

static void
rewards(void **state)
{
	static const struct {
		int64_t		 minor;
		const char	*code;
		int64_t		 micro, milli, tokens;	/* -1: refused */
	} cases[] = {
		{ 4999, "USD", 1000000, 1000, 50 },	/* 49.99 */
		{ 2500, "USD", 7000000, 1000, 175 },
		{ 4999, "USD", 1000000, 2000, 100 },	/* 99.98 */
		{ 4949, "USD", 1000000, 1000, 49 },
		{ 4950, "USD", 1000000, 1000, 50 },	/* a half goes up */
		{ 49, "USD", 1000000, 1000, 0 },
		{ 50, "USD", 1000000, 1000, 1 },
		{ 500, "JPY", 1000000, 1000, 500 },
		{ 500, "JPY", 10000, 1000, 5 },
		{ 49, "JPY", 10000, 1000, 0 },
		{ 50, "JPY", 10000, 1000, 1 },
		{ 1499, "KWD", 1000000, 1000, 1 },
		{ 1500, "KWD", 1000000, 1000, 2 },
		{ 1234, "KWD", 1000000, 1500, 2 },	/* 1.851 */
		/* Rounded once: 0.4 of 1.4 is 0.56, not 0.4 of 1. */
		{ 140, "USD", 1000000, 400, 1 },
		{ 4999, "USD", 0, 1000, 0 }, { 4999, "USD", 1000000, 0, 0 },
		{ 0, "USD", INT64_MAX, INT64_MAX, 0 },
		{ LIMIT_AMOUNT, "JPY", 1000000, 1000, LIMIT_TOKENS },
		{ LIMIT_AMOUNT, "JPY", 1000001, 1000, -1 },
		{ LIMIT_AMOUNT, "JPY", INT64_MAX, 0, 0 },
		{ LIMIT_AMOUNT, "CLF", INT64_MAX, INT64_MAX, -1 },
		{ 1, "JPY", INT64_MAX, INT64_MAX, -1 },
	};
	struct tokens	out;
	bool		good;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		out.units = -1;
		good = money_reward(cases[i].minor,
		    money_currency(cases[i].code), (struct reward_rate){
		    .micro_tokens = cases[i].micro,
		    .milli_times = cases[i].milli }, &out);
		if (good != (cases[i].tokens != -1) ||
		    out.units != cases[i].tokens)
			fail_msg("case %zu gave %lld", i,
			    (long long)out.units);
	}
}

static void
negative_amount(void)
{
	struct tokens out;

	if (money_reward(-1, money_currency("USD"),
	    (struct reward_rate){ 1, 1 }, &out))
		_exit(0);
}

static void
amount_past_the_limit(void)
{
	struct tokens out;

	if (money_reward(LIMIT_AMOUNT + 1, money_currency("USD"),
	    (struct reward_rate){ 1, 1 }, &out))
		_exit(0);
}

static void
bugs_abort(void **state)
{
	(void)state;
	assert_true(dies(negative_amount));
	assert_true(dies(amount_past_the_limit));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(currencies_have_their_own_exponent),
		cmocka_unit_test(currencies_are_sorted),
		cmocka_unit_test(decimals_are_read_as_written),
		cmocka_unit_test(decimals_that_are_none),
		cmocka_unit_test(minor_units),
		cmocka_unit_test(scaled),
		cmocka_unit_test(formats),
		cmocka_unit_test(rewards),
		cmocka_unit_test(bugs_abort),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
