#ifndef GIVING_DONATION_AGAIN_H
#define GIVING_DONATION_AGAIN_H

#include <stdint.h>

#include "lib/giving/donations/donation.h"

/*
 * So much of amount and tip was taken back: take what belongs to it of the
 * reward, of what was rewarded last first.  *d has what was taken in all
 * already, in `refunded` and `disputed`.
 */
void	donation_again_take(struct work *, struct donation *, int64_t sum);

/* So much was given back once more: reward it, or try again later. */
void	donation_again_add(struct work *, struct donation *, int64_t sum);

/* Try again what is due. */
void	donation_again_due(struct work *, struct donation *);

#endif
