#ifndef GIVING_CAMPAIGN_SUMS_H
#define GIVING_CAMPAIGN_SUMS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/work.h"
#include "lib/giving/rewards/action.h"
#include "lib/giving/rewards/campaign_match.h"

/* By what the sums of a campaign are kept; numbers in `campaign_sums`. */
enum campaign_sum {
	CAMPAIGN_BY_DAY = 1, CAMPAIGN_BY_ROLE, CAMPAIGN_BY_TYPE,
	CAMPAIGN_BY_TIER,
};

/* What it gave today, UTC, and what a user has of it; less what came back. */
int64_t	campaign_sums_today(struct work *, int64_t campaign);
int64_t	campaign_sums_user(struct work *, int64_t campaign, int64_t user);

/*
 * An action of type `type` (its word) was booked by this offer, which has no
 * campaign where none paid: take it off the budget, count it, and tell of
 * each budget that was used up or did not pay, once.
 */
void	campaign_sums_spend(struct work *, const struct campaign_offer *,
	    int64_t type, const struct share *, size_t count);

/*
 * A reversal takes so many parts of a million more of an action back; `a` is
 * as it was before.  The budget and all limits have them again, whether or
 * not the users could return them: what they owe, they owe to the pool.
 */
void	campaign_sums_return(struct work *, const struct action *a,
	    int64_t portion);

#endif
