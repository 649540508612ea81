#ifndef GIVING_POOL_BALANCE_H
#define GIVING_POOL_BALANCE_H

#include "lib/giving/pools/pool.h"
#include "lib/ledger/ledger.h"

/* What a token pool holds, in numbers alone. */
struct pool_balance {
	struct pool	 pool;
	struct tokens	 reserved;
};

extern const struct shape	pool_balance_out;

/* ERR_POOL_NOT_FOUND. */
enum err	pool_balance_find(struct work *, const char *id,
		    struct pool_balance *);

/*
 * The journal was posted: if it took the pool's balance from its threshold
 * or above to below it, then an event says so; and if it took it below the
 * one of its refill, it is filled again first, so that a pool which is full
 * by the end of the transaction was never low.
 */
void		pool_balance_posted(struct work *, const struct pool *,
		    const struct journal *);

/* The same when the threshold moved, from `before` to what the pool has. */
void		pool_balance_threshold(struct work *, const struct pool *,
		    int64_t before);

#endif
