#ifndef GIVING_DONATION_REWARD_H
#define GIVING_DONATION_REWARD_H

#include "lib/giving/donations/donation.h"

/*
 * For donation_life: reward a paid donation, if there is somebody to reward
 * and it was not done; what cannot be now is tried again within the hour.
 */
void	donation_reward(struct work *, struct donation *);

/*
 * Take back of the reward what belongs to `refunded` of its amount and tip,
 * less what was taken before.
 */
void	donation_reward_back(struct work *, const struct donation *,
	    int64_t refunded);

#endif
