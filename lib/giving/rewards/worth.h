#ifndef GIVING_WORTH_H
#define GIVING_WORTH_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/rewards/rule.h"
#include "lib/giving/rewards/submit.h"

/* What an action is worth, by the reward rule of its type. */
struct worth {
	int64_t			 minor;	/* its amount, if one was said … */
	const struct currency	*currency;	/* … and of what, or NULL */
	struct tokens		 reward;
	bool			 ruled;	/* there is a rule … */
	struct rule		 rule;	/* … namely */
};

/*
 * ERR_NO_REWARD_RULE, unless it may be without one: then it is worth nothing
 * by itself.  ERR_INVALID_REQUEST with faults.
 */
enum err	worth_of(struct work *, const struct submit *, bool unruled,
		    struct worth *);

/*
 * The reward of an action that has a rule, times so many thousandths, rounded
 * half up once.  False if that is more than one action may give.
 */
bool		worth_times(const struct worth *, int64_t milli_times,
		    struct tokens *)
		    __attribute__((warn_unused_result));

#endif
