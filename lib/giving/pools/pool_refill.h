#ifndef GIVING_POOL_REFILL_H
#define GIVING_POOL_REFILL_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/giving/pools/pool.h"

struct query;

/*
 * A pool that is filled again by itself, as an operator allowed it to be: when
 * a reward takes it below its threshold, in that reward's transaction; or,
 * where somebody must approve, it asks as a partner would.  Both happen at
 * most max_per_month times in a calendar month (UTC, in the tenant's time).
 */
struct pool_refill {
	bool		 enabled;
	int64_t		 threshold;
	struct tokens	 amount;
	bool		 requires_approval;
	int64_t		 max_per_month;
};

/*
 * Set it, or switch it off; *p is as it is then, filled at once if that is
 * due.  ERR_INVALID_REQUEST with faults.
 */
enum err	pool_refill_set(struct work *, struct pool *,
		    const struct pool_refill *);

/* What the row at hand says; never NULL. */
const struct pool_refill *pool_refill_read(struct arena *, struct query *);

/*
 * The balance was `before` and is p->available now: if it crossed the
 * threshold, fill or ask.  p->available follows.
 */
void		pool_refill_crossed(struct work *, struct pool *,
		    int64_t before);

/*
 * The pool has less than is needed now: true if it was filled, and that is
 * enough.  Where it is not, nothing was filled; where somebody must approve,
 * they were asked.
 */
bool		pool_refill_short(struct work *, struct pool *,
		    struct tokens needed);

/*
 * A step of bin/housekeep: pools that lie below their threshold, because the
 * month's refills were used up, or for any other reason.  Nobody is asked
 * again in the month in which they said no.
 */
struct pool_place {		/* how far it came */
	int64_t	tenant, number;
};
bool		pool_refill_due(struct work *, struct pool_place *from);

#endif
