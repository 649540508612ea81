#ifndef GIVING_SUBMIT_H
#define GIVING_SUBMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/people/user.h"
#include "lib/giving/rewards/action.h"
#include "lib/json/shape.h"

/* What a partner tells us that somebody did. */
struct stakeholder {
	const char		*role;		/* stakeholderTypeCode */
	struct user_name	 user;
};

struct submit {
	const char	*key;
	const char	*action_type;
	struct decimal	 amount;
	const char	*currency;
	struct list	 stakeholders;	/* of struct stakeholder */
	bool		 create_users;
	const char	*campaign, *pool;
	struct moment	 occurred_at;
	const char	*metadata;
};

/*
 * Reward what was done.  `digest` is that of the submission.  Refusals:
 * ERR_IDEMPOTENT, and *out is the first answer; ERR_INVALID_REQUEST with
 * faults; ERR_NO_REWARD_RULE, ERR_POOL_NOT_FOUND, ERR_POOL_NOT_ELIGIBLE,
 * ERR_USER_NOT_FOUND, ERR_USER_CONFLICT; ERR_INSUFFICIENT_POOL, which books
 * an event and leaves the key free.
 */
enum err	submit_action(struct work *, const struct submit *,
		    int64_t digest, struct action *out);

#endif
