#ifndef GIVING_LOT_H
#define GIVING_LOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/tokens.h"
#include "lib/base/work.h"

struct pool;

/*
 * A lot is a share of a reward from a pool with conditions.  Its tokens are
 * in the user's wallet from the first, but until it vests they are only
 * pending, and what is left of them when it expires goes back to the pool
 * that they came from.  Shares from other pools make no lot, and a wallet
 * with no lots costs one look into an index.
 *
 * All is judged by the work's clock, so nothing has to happen on time: what
 * has expired is neither pending nor available, whether or not it was swept.
 */

/* A share of an action, just booked: what of it went into the wallet. */
struct lot_made {
	int64_t		action, user;	/* their numbers */
	size_t		place;		/* among the action's shares */
	struct tokens	tokens;		/* less what went to pay debts */
};

/* Bind it to the conditions of its pool, if there are any. */
void		lot_add(struct work *, const struct pool *,
		    const struct lot_made *);

/* What of a user's wallet is not free. */
struct lot_sums {
	struct tokens	pending;	/* not vested */
	struct tokens	due;		/* expired, and not yet swept */
	struct tokens	soon;		/* will expire within 30 days */
};
void		lot_sums(struct work *, int64_t user, struct lot_sums *);

/* What can be spent of a wallet that holds `held`. */
struct tokens	lot_available(struct work *, int64_t user,
		    struct tokens held);

/*
 * `amount` of what is available leaves the wallet: first out of vested lots,
 * the soonest to expire before the others, then out of what is in no lot.
 */
void		lot_spend(struct work *, int64_t user, struct tokens amount);

/*
 * A reversal wants `amount` of one share back.  `taken` is what its own lot
 * still had, pending or not; `expired` is what need not come back, since it
 * returned to the pool when the lot expired.  Each is counted once.
 */
struct lot_return {
	struct tokens	taken, expired;
};
struct lot_return lot_take_back(struct work *, int64_t action, size_t place,
		    struct tokens amount);

/*
 * Book what has expired of a user's lots: back to the pools, in transactions
 * of its own.  For before balances are judged.  True if anything was.
 */
bool		lot_sweep(struct work *, int64_t user);

/* One transaction of it: how many lots it booked. */
size_t		lot_sweep_some(struct work *, int64_t user);

/*
 * The same for users who do not come, of all tenants, some lots at a time,
 * from where *from stands: 0 at first, and moved on.  False: there are no
 * more.  Lots that cannot be booked stay due, and are passed over.
 */
struct lot_place {
	int64_t	tenant, expires_at, action, place;
};
bool		lot_sweep_due(struct work *, struct lot_place *from);

#endif
