#ifndef HOOKS_OUTBOX_H
#define HOOKS_OUTBOX_H

#include <stdint.h>

#include "lib/base/work.h"

/*
 * The outbox: what happened, told in the same transaction in which it
 * happened.  An event refers to the row that explains it; its payload is
 * written from that row when it is sent, so nothing is kept twice.
 */
enum event_type {
	EVENT_ACTION_COMPLETED = 1,	/* refers to actions.id */
	EVENT_ACTION_FAILED,		/* `data` alone */
	EVENT_ACTION_REVERSED,		/* reversals.id */
	EVENT_TRANSACTION_COMPLETED,	/* transactions.id */
	EVENT_USER_CREATED,		/* users.id */
	EVENT_POOL_REFILLED,		/* allocations.id */
	EVENT_KEY_EXPIRING,		/* api_keys.id */
	EVENT_POOL_LOW_BALANCE,		/* `data` alone */
	EVENT_POOL_REQUEST_CREATED,	/* pool_requests.id */
	EVENT_POOL_REQUEST_APPROVED,	/* pool_requests.id */
	EVENT_POOL_REQUEST_REJECTED,	/* pool_requests.id */
};

/* "action.completed"; NULL for no type. */
const char	*outbox_word(enum event_type);

/* `refers` is 0 where no row explains it; `data` is then its JSON. */
void		 outbox_add(struct work *, enum event_type, int64_t refers,
		    const char *data);

#endif
