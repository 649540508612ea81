/*
 * outbox: an event is a row in the transaction of what it tells about.
 */
#include <stddef.h>

#include "lib/db/db.h"
#include "lib/hooks/outbox.h"

static const char *const words[] = {
	[EVENT_ACTION_COMPLETED] = "action.completed",
	[EVENT_ACTION_FAILED] = "action.failed",
	[EVENT_ACTION_REVERSED] = "action.reversed",
	[EVENT_TRANSACTION_COMPLETED] = "transaction.completed",
	[EVENT_USER_CREATED] = "user.created",
	[EVENT_POOL_REFILLED] = "token_pool.refilled",
	[EVENT_KEY_EXPIRING] = "key.expiring",
	[EVENT_POOL_LOW_BALANCE] = "token_pool.low_balance",
	[EVENT_POOL_REQUEST_CREATED] = "token_pool_request.created",
	[EVENT_POOL_REQUEST_APPROVED] = "token_pool_request.approved",
	[EVENT_POOL_REQUEST_REJECTED] = "token_pool_request.rejected",
};

const char *
outbox_word(enum event_type type)
{
	return (size_t)type < sizeof(words) / sizeof(words[0]) ?
	    words[type] : NULL;
}

void
outbox_add(struct work *w, enum event_type type, int64_t refers,
    const char *data)
{
	struct query	*q;
	int64_t		 id = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM events WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));

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
}
