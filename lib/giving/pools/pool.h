#ifndef GIVING_POOL_H
#define GIVING_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/site/page.h"
#include "lib/json/shape.h"
#include "lib/ledger/ledger.h"

/* A token pool is what a tenant's rewards are paid from. */
struct pool {
	int64_t		 number;
	const char	*id, *name;
	bool		 is_default;
	struct tokens	 allocated, available, distributed;
	struct turnover	 held;		/* its account in the ledger */
	int64_t		 low_threshold;
	struct decimal	 percent_remaining;
	int64_t		 vesting_days, expiry_days;	/* 0: none, never */
	struct list	 action_types;	/* of text; none: any */
	const void	*refill;	/* struct pool_refill, never NULL */
	struct moment	 created_at;
};

struct pool_filter {
	struct page_in	 page;
	struct moment	 from, to;	/* 0: not said */
};

struct pool_list {
	struct list	 pools;		/* of struct pool */
	const void	*pagination;	/* struct pagination */
};

/* Putting tokens in. */
struct pool_allocation {
	const char	*id;		/* of the transaction … */
	int64_t		 number;	/* … and its number */
	int64_t		 row;		/* allocations.id */
	struct tokens	 tokens, available;
};

extern const struct shape	pool_out;		/* struct pool */
extern const struct shape	pool_list_out;
extern const struct shape	pool_allocation_out;
extern const struct shape	pool_refill_out;	/* of pool_refill.h */

/* The first pool of a tenant becomes its default; a later one may. */
enum err	pool_create(struct work *, const char *name,
		    bool is_default, struct pool *);

/*
 * What an operator may change of a pool: -1, or NULL, leaves a thing as it
 * is.  Days count from the reward; rewards that were given keep theirs.
 */
struct pool_terms {
	int64_t		 low_threshold;
	int64_t		 vesting_days, expiry_days;
	const char	*action_types;	/* "A B"; "" for any */
};

/* ERR_INVALID_REQUEST with faults; otherwise *pool is as it is now. */
enum err	pool_set(struct work *, struct pool *,
		    const struct pool_terms *);

/* Does it pay for actions of this type? */
bool		pool_pays_for(const struct pool *, const char *action_type);

/* NULL is the default pool.  ERR_POOL_NOT_FOUND. */
enum err	pool_find(struct work *, const char *id, struct pool *);

enum err	pool_list(struct work *, const struct pool_filter *,
		    struct pool_list *);

/* From the mint into the pool; the operator's act. */
enum err	pool_allocate(struct work *, const struct pool *,
		    struct tokens, const char *reason,
		    struct pool_allocation *);

/* The public id of a pool by its number. */
const char	*pool_id(struct work *, int64_t number);

#endif
