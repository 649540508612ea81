/*
 * Money.  Amounts are read from their digits as written and held as integers
 * of the currency's minor unit; no double touches them.  Products are taken
 * in 128 bits and divided once.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/limits.h"
#include "lib/base/money.h"

__extension__ typedef __int128 wide;

#define MAX_DIGITS	18		/* the most that always fit 63 bits */

/*
 * ISO 4217, list one, sorted by code.  Metals, baskets and test codes are
 * left out: they have no minor unit, so no amount of them can be held.  Codes
 * that were withdrawn since 2021 stay (ANG BGN CUC HRK SLL ZWL), since what is
 * told to us may have been paid while they were good.
 */
static const struct currency currencies[] = {
	{ "AED", 2 }, { "AFN", 2 }, { "ALL", 2 }, { "AMD", 2 }, { "ANG", 2 },
	{ "AOA", 2 }, { "ARS", 2 }, { "AUD", 2 }, { "AWG", 2 }, { "AZN", 2 },
	{ "BAM", 2 }, { "BBD", 2 }, { "BDT", 2 }, { "BGN", 2 }, { "BHD", 3 },
	{ "BIF", 0 }, { "BMD", 2 }, { "BND", 2 }, { "BOB", 2 }, { "BOV", 2 },
	{ "BRL", 2 }, { "BSD", 2 }, { "BTN", 2 }, { "BWP", 2 }, { "BYN", 2 },
	{ "BZD", 2 }, { "CAD", 2 }, { "CDF", 2 }, { "CHE", 2 }, { "CHF", 2 },
	{ "CHW", 2 }, { "CLF", 4 }, { "CLP", 0 }, { "CNY", 2 }, { "COP", 2 },
	{ "COU", 2 }, { "CRC", 2 }, { "CUC", 2 }, { "CUP", 2 }, { "CVE", 2 },
	{ "CZK", 2 }, { "DJF", 0 }, { "DKK", 2 }, { "DOP", 2 }, { "DZD", 2 },
	{ "EGP", 2 }, { "ERN", 2 }, { "ETB", 2 }, { "EUR", 2 }, { "FJD", 2 },
	{ "FKP", 2 }, { "GBP", 2 }, { "GEL", 2 }, { "GHS", 2 }, { "GIP", 2 },
	{ "GMD", 2 }, { "GNF", 0 }, { "GTQ", 2 }, { "GYD", 2 }, { "HKD", 2 },
	{ "HNL", 2 }, { "HRK", 2 }, { "HTG", 2 }, { "HUF", 2 }, { "IDR", 2 },
	{ "ILS", 2 }, { "INR", 2 }, { "IQD", 3 }, { "IRR", 2 }, { "ISK", 0 },
	{ "JMD", 2 }, { "JOD", 3 }, { "JPY", 0 }, { "KES", 2 }, { "KGS", 2 },
	{ "KHR", 2 }, { "KMF", 0 }, { "KPW", 2 }, { "KRW", 0 }, { "KWD", 3 },
	{ "KYD", 2 }, { "KZT", 2 }, { "LAK", 2 }, { "LBP", 2 }, { "LKR", 2 },
	{ "LRD", 2 }, { "LSL", 2 }, { "LYD", 3 }, { "MAD", 2 }, { "MDL", 2 },
	{ "MGA", 2 }, { "MKD", 2 }, { "MMK", 2 }, { "MNT", 2 }, { "MOP", 2 },
	{ "MRU", 2 }, { "MUR", 2 }, { "MVR", 2 }, { "MWK", 2 }, { "MXN", 2 },
	{ "MXV", 2 }, { "MYR", 2 }, { "MZN", 2 }, { "NAD", 2 }, { "NGN", 2 },
	{ "NIO", 2 }, { "NOK", 2 }, { "NPR", 2 }, { "NZD", 2 }, { "OMR", 3 },
	{ "PAB", 2 }, { "PEN", 2 }, { "PGK", 2 }, { "PHP", 2 }, { "PKR", 2 },
	{ "PLN", 2 }, { "PYG", 0 }, { "QAR", 2 }, { "RON", 2 }, { "RSD", 2 },
	{ "RUB", 2 }, { "RWF", 0 }, { "SAR", 2 }, { "SBD", 2 }, { "SCR", 2 },
	{ "SDG", 2 }, { "SEK", 2 }, { "SGD", 2 }, { "SHP", 2 }, { "SLE", 2 },
	{ "SLL", 2 }, { "SOS", 2 }, { "SRD", 2 }, { "SSP", 2 }, { "STN", 2 },
	{ "SVC", 2 }, { "SYP", 2 }, { "SZL", 2 }, { "THB", 2 }, { "TJS", 2 },
	{ "TMT", 2 }, { "TND", 3 }, { "TOP", 2 }, { "TRY", 2 }, { "TTD", 2 },
	{ "TWD", 2 }, { "TZS", 2 }, { "UAH", 2 }, { "UGX", 0 }, { "USD", 2 },
	{ "USN", 2 }, { "UYI", 0 }, { "UYU", 2 }, { "UYW", 4 }, { "UZS", 2 },
	{ "VED", 2 }, { "VES", 2 }, { "VND", 0 }, { "VUV", 0 }, { "WST", 2 },
	{ "XAD", 2 }, { "XAF", 0 }, { "XCD", 2 }, { "XCG", 2 }, { "XOF", 0 },
	{ "XPF", 0 }, { "YER", 2 }, { "ZAR", 2 }, { "ZMW", 2 }, { "ZWG", 2 },
	{ "ZWL", 2 },
};

/* Powers of ten, as far as 63 bits go. */
static const int64_t tens[] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
	1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000,
	100000000000000, 1000000000000000, 10000000000000000,
	100000000000000000, 1000000000000000000
};

static int
by_code(const void *code, const void *row)
{
	const struct currency *currency = row;

	return strcmp(code, currency->code);
}

const struct currency *
money_currency(const char *code)
{
	return bsearch(code, currencies,
	    sizeof(currencies) / sizeof(currencies[0]),
	    sizeof(currencies[0]), by_code);
}

/*
 * A JSON number, taken apart: `value` times ten to the power of -scale, of
 * which `digits` are significant, and `zeros` that were written behind them.
 */
struct number {
	int64_t	value;
	int	digits, zeros;
	int64_t	scale;
	bool	negative;
};

/*
 * One digit more.  Zeros wait until a digit follows, so that those at the end
 * cost nothing.  False if there are too many.
 */
static bool
push(struct number *number, char c)
{
	if (c == '0') {
		if (number->digits > 0)
			number->zeros++;
		return true;
	}
	if (number->digits + number->zeros >= MAX_DIGITS)
		return false;
	number->digits += number->zeros + 1;
	number->value = number->value * tens[number->zeros + 1] + (c - '0');
	number->zeros = 0;

	return true;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The digits before and after the point. */
static bool
read_digits(const char **at, struct number *number)
{
	if (!is_digit(**at) || (**at == '0' && is_digit((*at)[1])))
		return false;
	for (; is_digit(**at); ++*at)
		if (!push(number, **at))
			return false;
	if (**at != '.')
		return true;
	++*at;
	if (!is_digit(**at))
		return false;
	for (; is_digit(**at); ++*at, number->scale++)
		if (!push(number, **at))
			return false;

	return true;
}

/* "e-7"; nothing is an exponent of 0. */
static bool
read_exponent(const char **at, struct number *number)
{
	int64_t	exponent = 0;
	bool	negative;

	if (**at != 'e' && **at != 'E')
		return true;
	++*at;
	negative = **at == '-';
	if (**at == '-' || **at == '+')
		++*at;
	if (!is_digit(**at))
		return false;
	/* Past any that could matter it only has to stay large. */
	for (; is_digit(**at); ++*at)
		if (exponent < 1000000000000)
			exponent = exponent * 10 + (**at - '0');
	number->scale += negative ? exponent : -exponent;

	return true;
}

/*
 * Settle the scale between 0 and MAX_DIGITS, as near to what was written as
 * it goes: zeros are added behind a whole number, and kept behind a fraction
 * while there is room for them.
 */
static bool
settle(struct number *number)
{
	int64_t written = number->scale;

	if (number->value == 0) {
		if (written < 0)
			number->scale = 0;
		if (written > MAX_DIGITS)
			number->scale = MAX_DIGITS;
		return true;
	}
	number->scale -= number->zeros;
	while (number->scale < 0 || (number->scale < written &&
	    number->scale < MAX_DIGITS && number->digits < MAX_DIGITS)) {
		if (number->digits == MAX_DIGITS)
			return false;
		number->value *= 10;
		number->digits++;
		number->scale++;
	}

	return number->scale <= MAX_DIGITS;
}

bool
money_decimal(const char *text, struct decimal *out)
{
	struct number number = { .negative = *text == '-' };

	if (number.negative)
		text++;
	if (!read_digits(&text, &number) || !read_exponent(&text, &number) ||
	    *text != '\0' || !settle(&number))
		return false;
	out->digits = number.negative ? -number.value : number.value;
	out->scale = (int)number.scale;
	out->said = true;

	return true;
}

bool
money_scaled(struct decimal decimal, int scale, int64_t *out)
{
	int64_t	digits = decimal.digits;
	int	more = scale - decimal.scale;

	assert(decimal.scale >= 0 && decimal.scale <= MAX_DIGITS);
	assert(scale >= 0 && scale <= MAX_DIGITS);

	if (more < 0) {
		if (digits % tens[-more] != 0)
			return false;
		digits /= tens[-more];
	} else if (__builtin_mul_overflow(digits, tens[more], &digits)) {
		return false;
	}
	*out = digits;

	return true;
}

bool
money_minor(struct decimal decimal, const struct currency *currency,
    int64_t *minor)
{
	int64_t amount;

	if (!money_scaled(decimal, currency->exponent, &amount) ||
	    amount < 0 || amount > LIMIT_AMOUNT)
		return false;
	*minor = amount;

	return true;
}

void
money_format(char out[32], int64_t minor, const struct currency *currency)
{
	uint64_t	unit = (uint64_t)tens[currency->exponent];
	uint64_t	amount;
	const char	*sign = minor < 0 ? "-" : "";

	/* The negative of INT64_MIN exists only without a sign. */
	amount = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
	if (currency->exponent == 0)
		(void)snprintf(out, 32, "%s%llu", sign,
		    (unsigned long long)amount);
	else
		(void)snprintf(out, 32, "%s%llu.%0*llu", sign,
		    (unsigned long long)(amount / unit), currency->exponent,
		    (unsigned long long)(amount % unit));
}

bool
money_reward(int64_t minor, const struct currency *currency,
    struct reward_rate rate, struct tokens *out)
{
	wide product, unit;

	assert(minor >= 0 && minor <= LIMIT_AMOUNT);
	assert(rate.micro_tokens >= 0 && rate.milli_times >= 0);

	/* The first product fits: 10^15 is below 2^50. */
	product = (wide)minor * (wide)rate.micro_tokens;
	if (__builtin_mul_overflow(2 * product, (wide)rate.milli_times,
	    &product))
		return false;
	unit = (wide)tens[currency->exponent] * 1000000 * 1000;
	product = (product + unit) / (2 * unit);
	if (product > LIMIT_TOKENS)
		return false;
	out->units = (int64_t)product;

	return true;
}
