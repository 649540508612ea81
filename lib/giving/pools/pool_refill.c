/*
 * pool_refill: token pools that are filled again by themselves.
 */
#include <string.h>
#include <time.h>

#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "lib/giving/pools/pool_balance.h"
#include "lib/giving/pools/pool_refill.h"
#include "lib/giving/pools/pool_request.h"

#define DAY_MS	86400000LL
#define REASON	"auto-refill"

const struct shape pool_refill_out = SHAPE("AutoRefill", struct pool_refill,
	{ "enabled",          BOOL(struct pool_refill, enabled),
	    .about = "is the pool filled again by itself?" },
	{ "threshold",        INT(struct pool_refill, threshold),
	    .about = "when its balance falls below this" },
	{ "amount",           TOKENS(struct pool_refill, amount),
	    .about = "how many tokens are put in" },
	{ "requiresApproval", BOOL(struct pool_refill, requires_approval),
	    .about = "it is asked for instead, and your administrator"
	    " decides" },
	{ "maxPerMonth",      INT(struct pool_refill, max_per_month),
	    .about = "at most so often in a calendar month (UTC)" });

static const struct pool_refill	none;

const struct pool_refill *
pool_refill_read(struct arena *arena, struct query *q)
{
	struct pool_refill	*r;

	if (db_col_int(q, "refill_enabled") == 0)
		return &none;
	r = arena_alloc(arena, sizeof(*r));
	r->enabled = true;
	r->threshold = db_col_int(q, "refill_threshold");
	r->amount.units = db_col_int(q, "refill_amount");
	r->requires_approval = db_col_int(q, "refill_approval") != 0;
	r->max_per_month = db_col_int(q, "refill_max");

	return r;
}

/* When the calendar month began, in the tenant's time. */
static int64_t
month_began(const struct work *w)
{
	time_t		 now = (time_t)(w->now.ms / 1000);
	struct tm	 date = { .tm_mday = 1 };

	(void)gmtime_r(&now, &date);

	return (w->now.ms / DAY_MS - (date.tm_mday - 1)) * DAY_MS;
}

/* How often it was filled this month, or asked to be. */
static int64_t
count(struct work *w, const struct pool *p)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT (SELECT count(*) FROM allocations"
	    " INDEXED BY allocations_auto WHERE tenant = ?1 AND pool = ?2"
	    " AND auto = 1 AND created_at >= ?3)"
	    " + (SELECT count(*) FROM pool_requests"
	    " INDEXED BY pool_requests_auto WHERE tenant = ?1 AND pool = ?2"
	    " AND auto = 1 AND created_at >= ?3) AS n"));
	db_int(q, w->tenant);
	db_int(q, p->number);
	db_int(q, month_began(w));

	return db_only_int(q);
}

/* What became of the last that was asked for, NULL if it never was; and was
 * that in this month? */
static const char *
last_request(struct work *w, const struct pool *p, bool *this_month)
{
	struct query	*q;
	const char	*status = NULL;

	q = db_query(w->db, SQL(
	    "SELECT status, created_at FROM pool_requests"
	    " INDEXED BY pool_requests_auto"
	    " WHERE tenant = ? AND pool = ? AND auto = 1"
	    " ORDER BY created_at DESC, id DESC LIMIT 1"));
	db_int(q, w->tenant);
	db_int(q, p->number);
	if (db_next(q)) {
		status = db_col_text(q, w->arena, "status");
		*this_month = db_col_int(q, "created_at") >= month_began(w);
	}
	db_done(q);

	return status;
}

static void
ask(struct work *w, const struct pool *p)
{
	const struct pool_refill	*r = p->refill;
	const struct pool_ask		 wish = { r->amount, REASON, p->id,
					    true };
	struct pool_request		 made;

	(void)pool_request_make(w, &wish, &made);
}

static bool
fill(struct work *w, struct pool *p)
{
	const struct pool_refill	*r = p->refill;
	struct pool_allocation		 done;
	struct query			*q;

	/* The books do not hold more than LIMIT_BOOKS: then it stays low. */
	if (pool_allocate(w, p, r->amount, REASON, &done) != OK)
		return false;
	q = db_query(w->db, SQL(
	    "UPDATE allocations SET auto = 1 WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, done.row);
	db_run(q);
	p->allocated.units += r->amount.units;
	p->held = ledger_turnover(w,
	    (struct account){ ACCOUNT_POOL, p->number });
	p->available = p->held.balance;

	return true;
}

/*
 * It is below its threshold, or about to be.  `again`: it has been there for
 * a while.  True: it has more tokens now.
 */
static bool
act(struct work *w, struct pool *p, bool again)
{
	const struct pool_refill	*r = p->refill;
	const char			*last = NULL;
	bool				 this_month = false;

	if (r->requires_approval)
		last = last_request(w, p, &this_month);
	if (last != NULL && strcmp(last, "PENDING") == 0)
		return false;
	if (again && this_month && strcmp(last, "APPROVED") != 0)
		return false;
	if (count(w, p) >= r->max_per_month)
		return false;
	if (!r->requires_approval)
		return fill(w, p);
	ask(w, p);

	return false;
}

void
pool_refill_crossed(struct work *w, struct pool *p, int64_t before)
{
	const struct pool_refill	*r = p->refill;

	if (r->enabled && p->available.units < r->threshold &&
	    before >= r->threshold)
		(void)act(w, p, false);
}

bool
pool_refill_short(struct work *w, struct pool *p, struct tokens needed)
{
	const struct pool_refill	*r = p->refill;

	if (!r->enabled || (!r->requires_approval &&
	    needed.units - p->available.units > r->amount.units))
		return false;

	return act(w, p, p->available.units < r->threshold);
}

static void
write(struct work *w, const struct pool *p, const struct pool_refill *r)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE token_pools SET refill_enabled = ?,"
	    " refill_threshold = ?, refill_amount = ?, refill_approval = ?,"
	    " refill_max = ? WHERE tenant = ? AND id = ?"));
	db_int(q, r->enabled);
	db_int(q, r->threshold);
	db_int(q, r->amount.units);
	db_int(q, r->requires_approval);
	db_int(q, r->max_per_month);
	db_int(q, w->tenant);
	db_int(q, p->number);
	db_run(q);
}

static void
check(struct work *w, const char *pointer, int64_t is, int64_t most)
{
	if (is < 1 || is > most)
		faults_add(w->faults, pointer, "A whole number from 1 to"
		    " %lld.", (long long)most);
}

enum err
pool_refill_set(struct work *w, struct pool *p, const struct pool_refill *r)
{
	enum err	 e;

	if (r->enabled) {
		check(w, "/autoRefill/threshold", r->threshold,
		    LIMIT_TOKENS);
		check(w, "/autoRefill/amount", r->amount.units, LIMIT_TOKENS);
		check(w, "/autoRefill/maxPerMonth", r->max_per_month,
		    LIMIT_REFILLS);
	}
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;
	write(w, p, r->enabled ? r : &none);
	e = pool_find(w, p->id, p);
	if (e == OK && r->enabled && p->available.units < r->threshold &&
	    act(w, p, false))
		e = pool_find(w, p->id, p);

	return e;
}

/* A pool that is low, whose it is, and in whose time. */
struct low {
	const char	*id;
	int64_t		 tenant, number, ahead_ms;
};

static size_t
find_low(struct work *w, const struct pool_place *from, struct low *rows)
{
	struct query	*q;
	size_t		 n = 0;

	q = db_query(w->db, SQL(
	    "SELECT p.tenant, p.id, t.ahead FROM token_pools p"
	    " INDEXED BY token_pools_refilled"
	    " CROSS JOIN tenants t ON t.id = p.tenant AND t.side <> 'gone'"
	    " LEFT JOIN accounts a ON a.tenant = p.tenant AND a.kind = ?1"
	    " AND a.owner = p.id"
	    " WHERE p.refill_enabled = 1 AND (p.tenant, p.id) > (?2, ?3)"
	    " AND coalesce(a.balance, 0) < p.refill_threshold"
	    " ORDER BY p.tenant, p.id LIMIT ?4"));
	db_int(q, ACCOUNT_POOL);
	db_int(q, from->tenant);
	db_int(q, from->number);
	db_int(q, LIMIT_DUE);
	for (; n < LIMIT_DUE && db_next(q); n++)
		rows[n] = (struct low){ NULL, db_col_int(q, "tenant"),
			db_col_int(q, "id"), db_col_int(q, "ahead") };
	db_done(q);

	return n;
}

bool
pool_refill_due(struct work *w, struct pool_place *from)
{
	struct low	*rows = arena_array(w->arena, LIMIT_DUE,
			    sizeof(*rows));
	size_t		 n = find_low(w, from, rows);
	struct work	 own = *w;
	struct pool	 p;

	for (size_t i = 0; i < n; i++) {
		own.tenant = rows[i].tenant;
		own.now.ms = w->now.ms + rows[i].ahead_ms;
		if (pool_find(&own, pool_id(&own, rows[i].number), &p) == OK)
			(void)act(&own, &p, true);
		*from = (struct pool_place){ rows[i].tenant,
			rows[i].number };
	}
	w->told = w->told || own.told;

	return n == LIMIT_DUE;
}
