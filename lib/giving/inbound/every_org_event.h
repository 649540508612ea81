#ifndef GIVING_EVERY_ORG_EVENT_H
#define GIVING_EVERY_ORG_EVENT_H

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/donations/donation.h"
#include "lib/json/shape.h"

/*
 * What Every.org tells of a gift that was charged
 * (https://docs.every.org/docs/webhooks/partner-webhook).  Nothing in it is
 * signed, so it only counts for a donation that we began there, for the same
 * nonprofit and in the same currency; the donor may have changed the amount.
 */
struct every_org_event {
	const char	*charge, *donation;
	const char	*amount, *currency;	/* "25.00", "USD" */
	const char	*email, *first_name, *last_name;
	const void	*nonprofit;
};
extern const struct shape	every_org_event_in;

/*
 * Act on it; w->tenant is that of the donation.  Once for each charge:
 * another charge by the same link is a donation of its own.
 * ERR_INVALID_REQUEST with faults if it is not of that donation.
 */
enum err	every_org_event_act(struct work *,
		    const struct every_org_event *, struct donation *);

#endif
