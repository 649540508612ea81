#ifndef GIVING_REVERSAL_H
#define GIVING_REVERSAL_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/json/shape.h"

/*
 * A reversal takes an action's reward back, whole or in part.  What a user
 * no longer has becomes a debt; what comes back returns to the pool.
 */
struct reverse {
	const char	*action;
	struct decimal	 percent;	/* absent: 100 */
	const char	*reason;
	const char	*key;
};

struct clawback {
	const char	*role;
	struct tokens	 expected, clawed_back, debt;
};

struct reversal {
	const char	*id, *action, *key, *transaction;
	struct decimal	 percent;
	struct tokens	 clawed_back;
	int64_t		 debts;		/* how many users now owe */
	struct list	 shares;	/* of struct clawback */
	struct moment	 created_at;
	const char	*code;		/* as in struct action */
	enum maybe	 body_matches;
};

/*
 * ERR_IDEMPOTENT, and *out is the first answer; ERR_NOT_FOUND;
 * ERR_INVALID_REQUEST with a fault at /reversalPercentage;
 * ERR_ALREADY_REVERSED if less than that is left.
 */
enum err	reversal_make(struct work *, const struct reverse *,
		    int64_t digest, struct reversal *out);

/* By our own number; false if there is none. */
bool		reversal_numbered(struct work *, int64_t number,
		    struct reversal *);

extern const struct shape	reversal_out;		/* struct reversal */
extern const struct shape	reversal_share_out;	/* struct clawback */

#endif
