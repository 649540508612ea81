#ifndef GIVING_STRIPE_AMOUNT_H
#define GIVING_STRIPE_AMOUNT_H

#include <stdint.h>

#include "lib/base/money.h"

/*
 * Stripe counts some currencies in other units than ISO 4217 does
 * (https://docs.stripe.com/currencies#special-cases): Icelandic and Ugandan
 * money in hundredths that there are not, Madagascar's in whole ariary; and
 * where there are three decimals the last must be 0.
 */

/* An amount in minor units must be a multiple of this. */
int64_t	stripe_amount_step(const struct currency *);

/* Minor units as Stripe counts them, and back. */
int64_t	stripe_amount_of(const struct currency *, int64_t minor);
int64_t	stripe_amount_back(const struct currency *, int64_t theirs);

#endif
