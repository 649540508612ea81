/*
 * stripe_amount: the units that Stripe counts money in.
 */
#include <stddef.h>
#include <string.h>

#include "lib/giving/providers/stripe_amount.h"

/* Theirs are ours times one of these, over the other. */
struct unit {
	char	code[4];
	int64_t	times, over;
};

static struct unit
unit_of(const struct currency *c)
{
	static const struct unit	 odd[] = {
		{ "ISK", 100, 1 }, { "MGA", 1, 100 }, { "UGX", 100, 1 },
	};

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		if (strcmp(odd[i].code, c->code) == 0)
			return odd[i];

	return (struct unit){ "", 1, 1 };
}

int64_t
stripe_amount_step(const struct currency *c)
{
	return c->exponent == 3 ? 10 : unit_of(c).over;
}

int64_t
stripe_amount_of(const struct currency *c, int64_t minor)
{
	struct unit	 u = unit_of(c);

	return minor * u.times / u.over;
}

int64_t
stripe_amount_back(const struct currency *c, int64_t theirs)
{
	struct unit	 u = unit_of(c);

	return theirs / u.times * u.over;
}
