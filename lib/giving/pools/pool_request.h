#ifndef GIVING_POOL_REQUEST_H
#define GIVING_POOL_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/site/page.h"
#include "lib/json/shape.h"

/*
 * A partner asks for tokens in a pool; the operator approves, which puts
 * them in, or rejects; until then the partner may withdraw.  What is decided
 * stays so.
 */
struct pool_ask {
	struct tokens	 amount;
	const char	*reason;
	const char	*pool;		/* its id; NULL: the default pool */
	bool		 automatic;	/* the pool asks for itself */
};

struct pool_request {
	int64_t		 number, pool_number;
	const char	*id, *pool;
	struct tokens	 amount;
	const char	*reason, *status;
	const char	*kind;		/* who asked: MANUAL, AUTO */
	const char	*decision;	/* why, in the operator's words */
	const char	*transaction;	/* that put them in, if approved */
	struct moment	 created_at, decided_at;
};

struct pool_request_filter {
	struct page_in	 page;
	int		 status;	/* of pool_request_statuses, or -1 */
	int		 kind;		/* of pool_request_kinds, or -1 */
	struct moment	 from, to;	/* 0: not said */
};

struct pool_request_list {
	struct list	 requests;	/* of struct pool_request */
	const void	*pagination;
};

extern const char *const	pool_request_statuses[];
extern const char *const	pool_request_kinds[];

extern const struct shape	pool_request_out;
extern const struct shape	pool_request_list_out;

/* ERR_POOL_NOT_FOUND. */
enum err	pool_request_make(struct work *, const struct pool_ask *,
		    struct pool_request *);

/* ERR_NOT_FOUND, for another tenant's too. */
enum err	pool_request_find(struct work *, const char *id,
		    struct pool_request *);

/* By our own number; false if there is none. */
bool		pool_request_numbered(struct work *, int64_t number,
		    struct pool_request *);

enum err	pool_request_list(struct work *,
		    const struct pool_request_filter *,
		    struct pool_request_list *);

/*
 * Each ends a request that is pending.  ERR_NOT_FOUND;
 * ERR_INVALID_TRANSITION if it has ended.  `why` may be NULL.
 */
enum err	pool_request_withdraw(struct work *, const char *id,
		    struct pool_request *);
enum err	pool_request_approve(struct work *, const char *id,
		    const char *why, struct pool_request *);
enum err	pool_request_reject(struct work *, const char *id,
		    const char *why, struct pool_request *);

#endif
