#ifndef GIVING_WORTH_H
#define GIVING_WORTH_H

#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/submit.h"

/* What an action is worth, by the reward rule of its type. */
struct worth {
	int64_t		minor;		/* its amount, if one was said */
	struct tokens	reward;
};

/* ERR_NO_REWARD_RULE; ERR_INVALID_REQUEST with faults. */
enum err	worth_of(struct work *, const struct submit *, struct worth *);

#endif
