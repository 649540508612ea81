#ifndef GIVING_RULE_H
#define GIVING_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/money.h"
#include "lib/base/work.h"

/*
 * A reward rule says what an action of one type is worth: so many tokens for
 * each major unit of its currency, or a flat number.  Every tenant starts
 * with PURCHASE 1 and DONATION 7 a unit.
 */
struct rule {
	bool		by_amount;
	int64_t		micro_per_unit;	/* millionths of a token */
	struct tokens	flat;
};

/* ERR_NO_REWARD_RULE if there is none for that type. */
enum err	rule_find(struct work *, const char *action_type,
		    struct rule *);

void		rule_set(struct work *, const char *action_type,
		    const struct rule *);

#endif
