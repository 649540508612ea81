#ifndef GIVING_DONATION_TOLD_H
#define GIVING_DONATION_TOLD_H

#include "lib/base/work.h"
#include "lib/hooks/told.h"
#include "lib/json/shape.h"

/*
 * What events say of a donation: to the partner, whose donor it is, so the
 * donor is named, however they chose to be shown to others.
 */
extern const struct shape	donation_told_out;

/* For donation_told_out; NULL if there is no such donation of w->tenant. */
const void	*donation_told(struct work *, int64_t number);

/* The same for the dialect "chuffed". */
const struct told_donation *donation_told_chuffed(struct work *,
		    int64_t number);

#endif
