#ifndef GIVING_SANDBOX_H
#define GIVING_SANDBOX_H

#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/json/shape.h"

/*
 * What a partner may do with their own sandbox, and only there: move its
 * clock ahead, so that what takes days is seen in seconds, and begin again
 * with nothing in it.
 */
struct sandbox_clock {
	struct moment	 now;
	int64_t		 ahead_s;	/* of the real time */
};

struct sandbox_move {
	struct moment	 to;		/* one of the two … */
	int64_t		 seconds;	/* … 0: not said */
};

extern const struct shape	sandbox_clock_out;

/* ERR_SANDBOX_ONLY for a live tenant. */
enum err	sandbox_clock(struct work *, struct sandbox_clock *);

/*
 * ERR_SANDBOX_ONLY; ERR_INVALID_REQUEST with a fault if neither or both are
 * said, if it would go back, or further ahead than LIMIT_AHEAD_S.
 */
enum err	sandbox_move(struct work *, const struct sandbox_move *,
		    struct sandbox_clock *);

/*
 * A new, empty tenant takes the place of w->tenant: the keys are its own
 * from now on, reward rules are as they were, and each token pool is there
 * again, full, with a new id, and so is each webhook, with a new id and its
 * secret.  The old books stay as they are, as books do, but nobody reaches
 * them, and what they said of people is gone.
 * ERR_SANDBOX_ONLY; ERR_RATE_LIMITED after LIMIT_RESETS in a day.
 */
enum err	sandbox_reset(struct work *);

#endif
