/*
 * pool_balance: what a token pool holds, and the warning when that is little.
 *
 * A crossing is seen in the transaction that makes it, from the balances
 * before and after, so nothing has to be remembered for the warning to come
 * once; and whatever raises the balance makes the next crossing possible.
 */
#include "lib/base/buf.h"
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/giving/pools/pool_balance.h"
#include "lib/giving/pools/pool_refill.h"
#include "lib/hooks/outbox.h"

const struct shape pool_balance_out = SHAPE("TokenPoolBalance",
    struct pool_balance,
	{ "tokenPoolId",      TEXT(struct pool_balance, pool.id),
	    .about = "our id of the pool" },
	{ "totalAllocated",   TOKENS(struct pool_balance, pool.allocated),
	    .about = "all that was ever put in" },
	{ "availableBalance", TOKENS(struct pool_balance, pool.available),
	    .about = "what can still be given" },
	{ "reserved",         TOKENS(struct pool_balance, reserved),
	    .about = "what budgets of active campaigns may still take of it:"
	    " nothing is held back for them" },
	{ "distributed",      TOKENS(struct pool_balance, pool.distributed),
	    .about = "what users got and did not have to give back" },
	{ "lowBalanceThreshold", INT(struct pool_balance, pool.low_threshold),
	    .about = "below this an event warns you" },
	{ "percentRemaining",
	    DECIMAL(struct pool_balance, pool.percent_remaining),
	    .about = "available of allocated, in percent" });

static const struct shape low_out = SHAPE("TokenPoolLow", struct pool,
	{ "tokenPoolId",      TEXT(struct pool, id) },
	{ "availableBalance", TOKENS(struct pool, available) },
	{ "lowBalanceThreshold", INT(struct pool, low_threshold) });

/* What the budgets of active campaigns may still take out of the pool. */
static struct tokens
reserved(struct work *w, int64_t pool)
{
	struct query	*q;
	struct tokens	 sum = { 0 };

	q = db_query(w->db, SQL(
	    "SELECT sum(rest) AS tokens FROM (SELECT"
	    " total_budget - distributed + reversed AS rest FROM campaigns"
	    " WHERE tenant = ? AND pool = ? AND status = 2"
	    " AND total_budget IS NOT NULL AND ends_at >= ? LIMIT ?)"));
	db_int(q, w->tenant);
	db_int(q, pool);
	db_int(q, w->now.ms - w->now.ms % 1000);
	/* More could add up to what no number holds. */
	db_int(q, LIMIT_BOOKS / LIMIT_TOKENS);
	if (db_next(q))
		sum.units = db_col_int(q, "tokens");
	db_done(q);

	return sum;
}

enum err
pool_balance_find(struct work *w, const char *id, struct pool_balance *out)
{
	enum err	 e = pool_find(w, id, &out->pool);

	if (e == OK)
		out->reserved = reserved(w, out->pool.number);

	return e;
}

static void
tell(struct work *w, const struct pool *p)
{
	struct buf	 data;

	buf_init(&data, w->arena);
	shape_write(&data, &low_out, p);
	outbox_add(w, EVENT_POOL_LOW_BALANCE, 0, buf_str(&data));
}

void
pool_balance_posted(struct work *w, const struct pool *p,
    const struct journal *j)
{
	const struct pool_refill	*refill = p->refill;
	struct pool			 now = *p;
	int64_t				 change = 0, before;

	if (p->low_threshold == 0 && !refill->enabled)
		return;
	for (size_t i = 0; i < j->count; i++)
		if (j->postings[i].account.kind == ACCOUNT_POOL &&
		    j->postings[i].account.owner == p->number)
			change = j->postings[i].change;
	now.available = ledger_balance(w,
	    (struct account){ ACCOUNT_POOL, p->number });
	before = now.available.units - change;
	pool_refill_crossed(w, &now, before);
	if (now.available.units < p->low_threshold &&
	    before >= p->low_threshold)
		tell(w, &now);
}

void
pool_balance_threshold(struct work *w, const struct pool *p, int64_t before)
{
	if (p->available.units < p->low_threshold &&
	    p->available.units >= before)
		tell(w, p);
}
