#ifndef GIVING_DONATION_REWARD_H
#define GIVING_DONATION_REWARD_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/giving/donations/donation.h"
#include "lib/giving/rewards/action.h"

/*
 * For donation_life: reward a paid donation, if there is somebody to reward
 * and it was not done; what cannot be now is tried again within the hour.
 */
void	donation_reward(struct work *, struct donation *);

/*
 * Take back of the first reward what belongs to `sum` of its amount and tip,
 * less what was taken before.
 */
void	donation_reward_back(struct work *, const struct donation *,
	    int64_t sum);

/*
 * For donation_again: a further reward of the donor for `amount`, under a key
 * of its own.  False if the pool cannot pay, or whatever else is in its way.
 */
struct donation_share {
	const char	*key;
	int64_t		 amount;
};
bool	donation_reward_try(struct work *, const struct donation *,
	    const struct donation_share *, struct action *);

/* When to try that again: less and less often. */
struct moment donation_reward_later(const struct work *,
	    const struct donation *);

/* Have `part` of `whole` of an action reversed in all. */
struct donation_portion {
	const char	*key;
	int64_t		 part, whole;
};
void	donation_reward_take(struct work *, int64_t action,
	    const struct donation_portion *);

/* "refund:stripe:pi_1", "…:again:2" of a further reward, with ":500" behind
 * it for a sum. */
const char *donation_reward_key(struct work *, const struct donation *,
	    const char *what, int64_t place, int64_t sum);

#endif
