#ifndef GIVING_CAMPAIGN_PRICE_H
#define GIVING_CAMPAIGN_PRICE_H

#include "lib/giving/rewards/campaign_match.h"

/*
 * For campaign_match: what one campaign would give for an action, without
 * its limits: reward, shares, multiplier and tier of the offer.  False if it
 * has nothing to say: no tier for the amount, no rule for the type, or more
 * than an action may give.
 */
bool	campaign_price(const struct submit *, const struct worth *,
	    const struct campaign_terms *, struct campaign_offer *);

/*
 * Then its limits.  perAction and perUser cut the reward, unless that would
 * leave nothing, or less than the action gets without the campaign; perDay
 * and totalBudget pay the whole of it or nothing.  False if the campaign is
 * left out; the offer's `limits` say which of them told.
 */
bool	campaign_price_limit(struct work *, const struct submit *,
	    const struct worth *, const struct user *users,
	    const struct campaign_terms *, struct campaign_offer *);

#endif
