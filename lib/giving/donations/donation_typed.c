/*
 * donation_typed: amounts that people type into a form.
 */
#include "lib/base/faults.h"
#include "lib/base/limits.h"
#include "lib/base/money.h"
#include "lib/giving/donations/donation.h"
#include "lib/giving/donations/donation_typed.h"

#define TYPED_MAX 20

/* Spaces go, and a comma is a point; false if it is too long for one. */
static bool
plain(char out[TYPED_MAX + 1], const char *text)
{
	size_t	 n = 0;

	for (; *text != '\0'; text++) {
		if (*text == ' ')
			continue;
		if (n == TYPED_MAX)
			return false;
		out[n++] = *text == ',' ? '.' : *text;
	}
	out[n] = '\0';

	return true;
}

int64_t
donation_typed(struct work *w, const char *pointer, const char *text,
    const char *currency)
{
	const struct currency	*c = money_currency(currency);
	char			 typed[TYPED_MAX + 1], least[32], most[32];
	struct decimal		 d;
	int64_t			 minor;

	if (c == NULL)
		return 0;
	if (!plain(typed, text) || !money_decimal(typed, &d) ||
	    !money_minor(d, c, &minor)) {
		faults_add(w->faults, pointer, "Write an amount like %s.",
		    c->exponent > 0 ? "25 or 25.50" : "25");
		return 0;
	}
	if (minor >= donation_least(c) && minor <= LIMIT_GIFT_MAX)
		return minor;
	money_format(least, donation_least(c), c);
	money_format(most, LIMIT_GIFT_MAX, c);
	faults_add(w->faults, pointer, "It can be from %s to %s %s.", least,
	    most, c->code);

	return 0;
}
