#ifndef GIVING_DEBT_H
#define GIVING_DEBT_H

#include "lib/base/tokens.h"
#include "lib/base/work.h"
#include "lib/ledger/ledger.h"

/*
 * What a user had spent before it was taken back, they owe to the pool that
 * it came from; what they earn later pays the oldest debt first.  In the
 * books a debt is two entries: the user's debt account and the pool's claim.
 */

/* Note a debt of `user` to `pool`, in the journal of the reversal; 0 if it
 * is of points that are taken back. */
void		debt_add(struct work *, struct journal *, int64_t user,
		    int64_t pool, int64_t reversal, struct tokens);

/*
 * Out of `earned`, which the journal has just put into the user's wallet,
 * pay what they owe.  Gives how much of it went.
 */
struct tokens	debt_pay(struct work *, struct journal *, int64_t user,
		    struct tokens earned);

/* Does the user owe anything? */
bool		debt_owes(struct work *, int64_t user);

#endif
