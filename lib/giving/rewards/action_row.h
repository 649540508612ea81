#ifndef GIVING_ACTION_ROW_H
#define GIVING_ACTION_ROW_H

#include "lib/giving/rewards/action.h"

struct query;

/* `actions.reversed` of an action that was taken back whole. */
#define WHOLE_ACTION 1000000

/* What of `actions` action_row_read() reads. */
#define ACTION_COLUMNS \
	"id, idempotency_key, digest, (SELECT word FROM words" \
	" WHERE words.tenant = actions.tenant AND words.id = actions.type)" \
	" AS action_type, amount, currency, pool, tokens, number," \
	" occurred_at, created_at, reversed, campaign, multiplier, limits"

/* For the other files of this room: an action from the row at hand … */
void	action_row_read(struct work *, struct query *, struct action *);

/* Its multiplier in thousandths (0: none), and the limits that told. */
void	action_row_terms(struct work *, struct action *,
	    int64_t multiplier, int64_t limits);

/* … and, once the query is done, what stands in other tables. */
void	action_row_complete(struct work *, struct action *);

#endif
