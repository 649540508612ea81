#ifndef GIVING_FAILURE_H
#define GIVING_FAILURE_H

#include "lib/base/err.h"
#include "lib/base/tokens.h"
#include "lib/base/work.h"
#include "lib/giving/pools/pool.h"
#include "lib/giving/rewards/submit.h"

/*
 * Refuse a submission because its pool has not what is needed: an event
 * action.failed says so, nothing else is written, and its key stays free.
 * Always ERR_INSUFFICIENT_POOL, with detail and shortage in the work.
 */
enum err	failure_short(struct work *, const struct submit *,
		    const struct pool *, struct tokens needed);

#endif
