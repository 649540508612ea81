/*
 * outbox: an event is a row in the transaction of what it tells about, and
 * so is each delivery of it.
 */
#include <stddef.h>
#include <string.h>

#include "lib/db/db.h"
#include "lib/hooks/outbox.h"
#include "lib/ledger/hours.h"

const char *const outbox_words[] = {
	[EVENT_ACTION_COMPLETED - 1] = "action.completed",
	[EVENT_ACTION_FAILED - 1] = "action.failed",
	[EVENT_ACTION_REVERSED - 1] = "action.reversed",
	[EVENT_TRANSACTION_COMPLETED - 1] = "transaction.completed",
	[EVENT_USER_CREATED - 1] = "user.created",
	[EVENT_POOL_REFILLED - 1] = "token_pool.refilled",
	[EVENT_KEY_EXPIRING - 1] = "key.expiring",
	[EVENT_POOL_LOW_BALANCE - 1] = "token_pool.low_balance",
	[EVENT_POOL_REQUEST_CREATED - 1] = "token_pool_request.created",
	[EVENT_POOL_REQUEST_APPROVED - 1] = "token_pool_request.approved",
	[EVENT_POOL_REQUEST_REJECTED - 1] = "token_pool_request.rejected",
	[EVENT_WEBHOOK_TEST - 1] = "webhook.test",
	[EVENT_WEBHOOK_DISABLED - 1] = "webhook.disabled",
	[EVENT_CAMPAIGN_ACTIVATED - 1] = "campaign.activated",
	[EVENT_CAMPAIGN_PAUSED - 1] = "campaign.paused",
	[EVENT_CAMPAIGN_BUDGET_REACHED - 1] = "campaign.budget_reached",
	[EVENT_CAMPAIGN_COMPLETED - 1] = "campaign.completed",
	[EVENT_DONATION_PAYMENT_CONFIRMED - 1] = "donation.payment_confirmed",
	[EVENT_DONATION_COMPLETED - 1] = "donation.completed",
	[EVENT_DONATION_FAILED - 1] = "donation.failed",
	[EVENT_DONATION_REFUNDED - 1] = "donation.refunded",
	[EVENT_EXCHANGE_COMPLETED - 1] = "exchange.completed",
	[EVENT_EXCHANGE_REVERTED - 1] = "exchange.reverted",
	[EVENT_DONATION_REINSTATED - 1] = "donation.reinstated",
	[EVENT__MAX - 1] = NULL
};

const char *
outbox_word(enum event_type type)
{
	return type > 0 && type < EVENT__MAX ? outbox_words[type - 1] : NULL;
}

enum event_type
outbox_find(const char *word)
{
	for (size_t i = 0; outbox_words[i] != NULL; i++)
		if (strcmp(outbox_words[i], word) == 0)
			return (enum event_type)(i + 1);

	return 0;
}

/* The event itself; its number. */
static int64_t
note(struct work *w, enum event_type type, int64_t refers, const char *data)
{
	struct query	*q;
	int64_t		 id = hours_next(w, HOURS_EVENTS, SQL(
	    "SELECT id AS number, created_at FROM events"
	    " WHERE tenant = ? ORDER BY id DESC LIMIT 1"));

	q = db_query(w->db, SQL(
	    "INSERT INTO events (tenant, id, type, refers, data, created_at)"
	    " VALUES (?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, id);
	db_int(q, type);
	db_int(q, refers);
	db_text(q, data);
	db_int(q, w->now.ms);
	db_run(q);

	return id;
}

/* Most events are wanted by nobody, and to ask costs a tenth of writing. */
static bool
is_wanted(struct work *w, enum event_type type)
{
	struct query	*q;
	bool		 yes;

	q = db_query(w->db, SQL(
	    "SELECT 1 FROM webhooks INDEXED BY webhooks_on"
	    " WHERE tenant = ? AND disabled_at IS NULL"
	    " AND removed_at IS NULL AND events & ? <> 0 LIMIT 1"));
	db_int(q, w->tenant);
	db_int(q, OUTBOX_BIT(type));
	yes = db_next(q);
	db_done(q);

	return yes;
}

/*
 * A delivery for each webhook that wants it.  Their numbers go on from the
 * last one in the order of the webhooks.
 */
void
outbox_add(struct work *w, enum event_type type, int64_t refers,
    const char *data)
{
	int64_t		 event = note(w, type, refers, data);
	struct query	*q;

	if (!is_wanted(w, type))
		return;
	q = db_query(w->db, SQL(
	    "INSERT INTO deliveries"
	    " (tenant, id, webhook, event, due_at, created_at)"
	    " SELECT ?1, (SELECT coalesce(max(id), 0) FROM deliveries"
	    " WHERE tenant = ?1) + (SELECT count(*) FROM webhooks o"
	    " INDEXED BY webhooks_on WHERE o.tenant = ?1 AND o.id <= h.id"
	    " AND o.disabled_at IS NULL AND o.removed_at IS NULL),"
	    " h.id, ?2, ?3, ?3 FROM webhooks h INDEXED BY webhooks_on"
	    " WHERE h.tenant = ?1 AND h.disabled_at IS NULL"
	    " AND h.removed_at IS NULL AND h.events & ?4 <> 0"));
	db_int(q, w->tenant);
	db_int(q, event);
	db_int(q, w->now.ms);
	db_int(q, OUTBOX_BIT(type));
	if (db_run(q) > 0)
		w->told = true;
}

int64_t
outbox_add_for(struct work *w, enum event_type type, int64_t webhook,
    int64_t lease_ms)
{
	int64_t		 event = note(w, type, webhook, NULL);
	int64_t		 id = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM deliveries WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO deliveries"
	    " (tenant, id, webhook, event, due_at, created_at)"
	    " VALUES (?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, id);
	db_int(q, webhook);
	db_int(q, event);
	db_int(q, w->now.ms + lease_ms);
	db_int(q, w->now.ms);
	db_run(q);

	return id;
}
