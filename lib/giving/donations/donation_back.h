#ifndef GIVING_DONATION_BACK_H
#define GIVING_DONATION_BACK_H

#include "lib/giving/donations/donation.h"

/*
 * For donation_life: its perk was free again; take it once more if there is
 * still one, else *d has none any more.
 */
void	donation_back_perk(struct work *, struct donation *);

#endif
