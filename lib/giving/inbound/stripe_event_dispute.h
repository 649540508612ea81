#ifndef GIVING_STRIPE_EVENT_DISPUTE_H
#define GIVING_STRIPE_EVENT_DISPUTE_H

#include "lib/base/money.h"
#include "lib/giving/inbound/stripe_event_row.h"

/*
 * For stripe_event: if it tells of a dispute, keep what it says.  An inquiry,
 * which takes no money, is told by the same events
 * (https://docs.stripe.com/api/disputes/object).
 */
void	stripe_event_dispute(struct work *, const struct stripe_event *,
	    bool live);

/* What an object is counted in, by ISO 4217; NULL if we do not know it. */
const struct currency *stripe_event_currency(struct work *,
	    const struct stripe_object *);

#endif
