#ifndef GIVING_DONATION_TYPED_H
#define GIVING_DONATION_TYPED_H

#include <stdint.h>

#include "lib/base/work.h"

/*
 * An amount as a person types it, "25", "25.00" or "25,00", in minor units of
 * the currency.  0 if there is no such currency, and 0 with a fault at
 * `pointer` if it is no amount, or not one that can be given.
 */
int64_t	donation_typed(struct work *, const char *pointer, const char *text,
	    const char *currency);

#endif
