#ifndef GIVING_STRIPE_EVENT_H
#define GIVING_STRIPE_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/donations/donation.h"
#include "lib/json/shape.h"

/*
 * What Stripe tells of checkouts, invoices, charges and disputes
 * (https://docs.stripe.com/webhooks).  Events come late, twice and in any
 * order.
 */

/*
 * Is this `Stripe-Signature` ("t=<unix seconds>,v1=<hex>,…") of these bytes,
 * and not older than LIMIT_CLOCK_SKEW_S?  One right v1 is enough; a time
 * ahead of ours is taken, as Stripe's own library does.
 */
struct stripe_signed {
	const char	*header, *secret;
	const void	*body;
	size_t		 size;
};
bool	stripe_event_genuine(struct work *, const struct stripe_signed *);

/* The event, as far as we read it. */
struct stripe_event {
	const char	*id, *type;
	int64_t		 created;	/* seconds since 1970 */
	const void	*data;		/* struct stripe_data */
};
extern const struct shape	stripe_event_in;

/* Which donation is meant; side.tenant is 0 if it is none of ours. */
struct stripe_meant {
	struct donation_side	 side;
	int64_t			 number;
};
struct stripe_meant	stripe_event_meant(struct work *,
			    const struct stripe_event *);

/*
 * Keep what it says of the names of payments, and of disputes, whoever is
 * meant; `live` says which mode of Stripe's told it.
 */
void	stripe_event_note(struct work *, const struct stripe_event *,
	    bool live);

/*
 * Act on it; w->tenant is that of the donation.  ERR_INVALID_TRANSITION if
 * something must come before it: then Stripe is to send it again.
 */
enum err	stripe_event_act(struct work *, const struct stripe_event *,
		    int64_t number);

#endif
