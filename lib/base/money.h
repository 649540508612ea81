#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/tokens.h"

/* An ISO 4217 currency: its code and how many digits its minor unit has. */
struct currency {
	char	code[4];
	int	exponent;
};

/* NULL for a code that is not a currency of ISO 4217 in upper case. */
const struct currency	*money_currency(const char *code);

/*
 * A decimal exactly as it was written: digits times ten to the power of
 * -scale, so 49.99 is {4999, 2} and 0.1000 is {1000, 4}.
 */
struct decimal {
	int64_t	digits;
	int	scale;
	bool	said;		/* false: the field was absent */
};

/*
 * Read a JSON number (RFC 8259, exponents too) into *out without rounding.
 * False if it needs more than 18 digits or a scale over 18.
 */
bool	money_decimal(const char *text, struct decimal *out);

/*
 * *minor = the decimal in minor units of the currency.  False if it has more
 * significant decimals than the currency, or lies outside 0..LIMIT_AMOUNT.
 * Trailing zeros are no digits: 5.000 is good in JPY.
 */
bool	money_minor(struct decimal, const struct currency *, int64_t *minor);

/* *out = the decimal times ten to the power of `scale`, if that is whole. */
bool	money_scaled(struct decimal, int scale, int64_t *out);

/* "49.99" for 4999 USD, "500" for 500 JPY; `out` holds 32 bytes. */
void	money_format(char out[32], int64_t minor, const struct currency *);

/*
 * Tokens for `minor` units at `rate` millionths of a token for each *major*
 * unit, times `multiplier` thousandths, rounded half up once.  False if that
 * is more than LIMIT_TOKENS.
 */
struct reward_rate {
	int64_t	micro_tokens;	/* for one major unit */
	int64_t	milli_times;	/* 1000 is once */
};
bool	money_reward(int64_t minor, const struct currency *,
	    struct reward_rate, struct tokens *out)
	    __attribute__((warn_unused_result));

#endif
