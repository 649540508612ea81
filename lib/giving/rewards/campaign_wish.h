#ifndef GIVING_CAMPAIGN_WISH_H
#define GIVING_CAMPAIGN_WISH_H

#include "lib/giving/rewards/campaign.h"

/* A campaign as it is written down. */
struct campaign_row {
	const char		*name, *types;
	struct campaign_terms	 terms;
};

/*
 * What a wish makes of *row, zeros for a new campaign.  ERR_INVALID_REQUEST
 * with faults; ERR_POOL_NOT_FOUND; ERR_POOL_NOT_ELIGIBLE.
 */
enum err	campaign_wish_check(struct work *,
		    const struct campaign_wish *, struct campaign_row *row);

#endif
