#ifndef HOOKS_OUTBOX_H
#define HOOKS_OUTBOX_H

#include <stdbool.h>
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
	EVENT_WEBHOOK_TEST,		/* webhooks.id, which alone is told */
	EVENT_WEBHOOK_DISABLED,		/* webhooks.id */
	EVENT_CAMPAIGN_ACTIVATED,	/* campaigns.id */
	EVENT_CAMPAIGN_PAUSED,		/* campaigns.id */
	EVENT_CAMPAIGN_BUDGET_REACHED,	/* campaigns.id */
	EVENT_CAMPAIGN_COMPLETED,	/* campaigns.id */
	EVENT_DONATION_PAYMENT_CONFIRMED,	/* donations.id */
	EVENT_DONATION_COMPLETED,	/* donations.id */
	EVENT_DONATION_FAILED,		/* donations.id */
	EVENT_DONATION_REFUNDED,	/* donations.id */
	EVENT_EXCHANGE_COMPLETED,	/* exchanges.id */
	EVENT_EXCHANGE_REVERTED,	/* exchanges.id */
	EVENT_DONATION_REINSTATED,	/* donations.id */
	EVENT__MAX
};

/* The bit of a type in webhooks.events; all there are, and will be. */
#define OUTBOX_BIT(type)	(INT64_C(1) << (type))
#define OUTBOX_ALL		INT64_MAX

/* "action.completed" by its type, NULL at the end. */
extern const char *const	outbox_words[];

/* "action.completed"; NULL for no type. */
const char	*outbox_word(enum event_type);

/* By its word; 0 for none. */
enum event_type	 outbox_find(const char *word);

/*
 * `refers` is 0 where no row explains it; `data` is then its JSON.  Each
 * webhook that is on and wants the type has a delivery of it that is due now,
 * and w->told says that there is one.
 */
void		 outbox_add(struct work *, enum event_type, int64_t refers,
		    const char *data);

/* The same for one webhook, whatever it wants; the delivery's number.  The
 * first `lease_ms` it is its caller's, who sends it at once. */
int64_t		 outbox_add_for(struct work *, enum event_type,
		    int64_t webhook, int64_t lease_ms);

#endif
