/*
 * event_data: what each type of event says, from the row that explains it.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/donations/donation_told.h"
#include "lib/giving/events/event.h"
#include "lib/giving/events/webhook.h"
#include "lib/giving/exchanges/exchange.h"
#include "lib/giving/partners/key.h"
#include "lib/giving/people/redemption.h"
#include "lib/giving/people/user.h"
#include "lib/giving/pools/pool.h"
#include "lib/giving/pools/pool_request.h"
#include "lib/giving/rewards/action.h"
#include "lib/giving/rewards/campaign.h"
#include "lib/giving/rewards/reversal.h"
#include "lib/ledger/ledger.h"

struct refill {
	const char	*pool, *transaction, *reason;
	struct tokens	 tokens;
	struct moment	 created_at;
};

static const struct shape refill_out = SHAPE("RefillTold", struct refill,
	{ "tokenPoolId",   TEXT(struct refill, pool),
	    .about = "our id of the pool" },
	{ "tokens",        TOKENS(struct refill, tokens),
	    .about = "how many were put in" },
	{ "reason",        TEXT(struct refill, reason), NULLS,
	    .about = "why, or null" },
	{ "transactionId", TEXT(struct refill, transaction),
	    .about = "the ledger's transaction" },
	{ "createdAt",     MOMENT(struct refill, created_at),
	    .about = "when it was" });

/* Each reads what its row says, into the arena; NULL if the row is gone. */

static const void *
read_action(struct work *w, int64_t number)
{
	struct action	*a = arena_alloc(w->arena, sizeof(*a));

	return action_numbered(w, number, a) ? a : NULL;
}

static const void *
read_reversal(struct work *w, int64_t number)
{
	struct reversal	*r = arena_alloc(w->arena, sizeof(*r));

	return reversal_numbered(w, number, r) ? r : NULL;
}

/* Of the ledger's transactions, redemptions alone are told of as such. */
static const void *
read_transaction(struct work *w, int64_t number)
{
	struct redemption	*r = arena_alloc(w->arena, sizeof(*r));
	struct query		*q;
	int64_t			 refers;

	q = db_query(w->db, SQL(
	    "SELECT refers FROM transactions"
	    " WHERE tenant = ? AND number = ? AND kind = ?"));
	db_int(q, w->tenant);
	db_int(q, number);
	db_int(q, TRANSACTION_REDEMPTION);
	refers = db_only_int(q);

	return refers != 0 && redemption_numbered(w, refers, r) ? r : NULL;
}

static const void *
read_user(struct work *w, int64_t number)
{
	struct user	*u = arena_alloc(w->arena, sizeof(*u));

	if (!user_numbered(w, number, u))
		return NULL;
	user_complete(w, u);

	return u;
}

static const void *
read_refill(struct work *w, int64_t number)
{
	struct refill	*r = arena_alloc(w->arena, sizeof(*r));
	struct query	*q;
	int64_t		 pool = 0;

	q = db_query(w->db, SQL(
	    "SELECT pool, tokens, reason, number, created_at"
	    " FROM allocations WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, number);
	if (db_next(q)) {
		pool = db_col_int(q, "pool");
		r->tokens.units = db_col_int(q, "tokens");
		r->reason = db_col_text(q, w->arena, "reason");
		r->created_at.ms = db_col_int(q, "created_at");
		r->transaction = ledger_id(w, db_col_int(q, "number"),
		    r->created_at);
	}
	db_done(q);
	if (pool == 0)
		return NULL;
	r->pool = pool_id(w, pool);

	return r;
}

static const void *
read_request(struct work *w, int64_t number)
{
	struct pool_request	*r = arena_alloc(w->arena, sizeof(*r));

	return pool_request_numbered(w, number, r) ? r : NULL;
}

static const void *
read_key(struct work *w, int64_t number)
{
	const struct key	*keys;
	struct list		 all;

	key_list(w, &all);
	keys = all.items;
	for (size_t i = 0; i < all.count; i++)
		if (keys[i].number == number)
			return &keys[i];

	return NULL;
}

static const void *
read_webhook(struct work *w, int64_t number)
{
	struct webhook	*h = arena_alloc(w->arena, sizeof(*h));

	return webhook_numbered(w, number, h) ? h : NULL;
}

static const void *
read_exchange(struct work *w, int64_t number)
{
	struct exchange	*x = arena_alloc(w->arena, sizeof(*x));

	return exchange_numbered(w, number, x) ? x : NULL;
}

static const void *
read_campaign(struct work *w, int64_t number)
{
	struct campaign	*c = arena_alloc(w->arena, sizeof(*c));

	return campaign_numbered(w, number, c) ? c : NULL;
}

/* The types that a row explains; the others have their words themselves. */
static const struct told_by {
	const struct shape	*shape;
	const void		*(*read)(struct work *, int64_t number);
} rows[] = {
	[EVENT_ACTION_COMPLETED]	= { &action_out, read_action },
	[EVENT_ACTION_REVERSED]		= { &reversal_out, read_reversal },
	[EVENT_TRANSACTION_COMPLETED]	= { &redemption_out,
					    read_transaction },
	[EVENT_USER_CREATED]		= { &user_out, read_user },
	[EVENT_POOL_REFILLED]		= { &refill_out, read_refill },
	[EVENT_KEY_EXPIRING]		= { &key_out, read_key },
	[EVENT_POOL_REQUEST_CREATED]	= { &pool_request_out, read_request },
	[EVENT_POOL_REQUEST_APPROVED]	= { &pool_request_out, read_request },
	[EVENT_POOL_REQUEST_REJECTED]	= { &pool_request_out, read_request },
	[EVENT_DONATION_PAYMENT_CONFIRMED] = { &donation_told_out,
					    donation_told },
	[EVENT_DONATION_COMPLETED]	= { &donation_told_out,
					    donation_told },
	[EVENT_DONATION_FAILED]		= { &donation_told_out,
					    donation_told },
	[EVENT_DONATION_REFUNDED]	= { &donation_told_out,
					    donation_told },
	[EVENT_DONATION_REINSTATED]	= { &donation_told_out,
					    donation_told },
	[EVENT_WEBHOOK_TEST]		= { &webhook_told_out, read_webhook },
	[EVENT_WEBHOOK_DISABLED]	= { &webhook_told_out, read_webhook },
	[EVENT_CAMPAIGN_ACTIVATED]	= { &campaign_out, read_campaign },
	[EVENT_CAMPAIGN_PAUSED]		= { &campaign_out, read_campaign },
	[EVENT_CAMPAIGN_BUDGET_REACHED]	= { &campaign_out, read_campaign },
	[EVENT_CAMPAIGN_COMPLETED]	= { &campaign_out, read_campaign },
	[EVENT_EXCHANGE_COMPLETED]	= { &exchange_out, read_exchange },
	[EVENT_EXCHANGE_REVERTED]	= { &exchange_out, read_exchange },
};

const char *
event_data(struct work *w, enum event_type type, int64_t refers)
{
	const void	*what;
	struct buf	 out;

	if ((size_t)type >= sizeof(rows) / sizeof(rows[0]) ||
	    rows[type].shape == NULL)
		return NULL;
	what = rows[type].read(w, refers);
	if (what == NULL)
		return NULL;
	buf_init(&out, w->arena);
	shape_write(&out, rows[type].shape, what);

	return buf_str(&out);
}
