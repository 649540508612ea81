/*
 * lot: rewards that vest and expire.
 *
 * The rows of `lots` only say what of a wallet is bound; the tokens move in
 * the ledger, and whoever moves them tells us here how many.  In the books an
 * expiry is two pairs of entries: tokens go from the wallet to the pool, and
 * a note of it from the pool's return account to the user's expired account,
 * so that what a user ever lost in this way can be read and is audited.
 */
#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "lib/giving/people/lot.h"
#include "lib/giving/pools/pool.h"
#include "lib/ledger/ledger.h"

#define DAY_MS	86400000LL
#define NEVER	INT64_MAX

/* Lots at a time.  In a journal, each may be of another pool: two accounts. */
#define AT_ONCE	((LIMIT_POSTINGS - 2) / 2)

struct lot {
	int64_t	action, place, pool, remaining;
};

void
lot_add(struct work *w, const struct pool *p, const struct lot_made *made)
{
	struct query	*q;

	if ((p->vesting_days == 0 && p->expiry_days == 0) ||
	    made->tokens.units == 0)
		return;
	q = db_query(w->db, SQL(
	    "INSERT INTO lots (tenant, action, place, user, pool, tokens,"
	    " remaining, vests_at, expires_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, made->action);
	db_int(q, (int64_t)made->place);
	db_int(q, made->user);
	db_int(q, p->number);
	db_int(q, made->tokens.units);
	db_int(q, made->tokens.units);
	db_int(q, w->now.ms + p->vesting_days * DAY_MS);
	db_int(q, p->expiry_days == 0 ? NEVER :
	    w->now.ms + p->expiry_days * DAY_MS);
	db_run(q);
}

void
lot_sums(struct work *w, int64_t user, struct lot_sums *sums)
{
	struct query	*q;

	*sums = (struct lot_sums){ { 0 }, { 0 }, { 0 } };
	q = db_query(w->db, SQL(
	    "SELECT sum(remaining * (vests_at > ?)) AS pending,"
	    " sum(remaining * (expires_at <= ?)) AS due,"
	    " sum(remaining * (expires_at > ? AND expires_at <= ?)) AS soon"
	    " FROM lots"
	    " WHERE tenant = ? AND user = ? AND remaining > 0"));
	db_int(q, w->now.ms);
	db_int(q, w->now.ms);
	db_int(q, w->now.ms);
	db_int(q, w->now.ms + EXPIRING_SOON_DAYS * DAY_MS);
	db_int(q, w->tenant);
	db_int(q, user);
	if (db_next(q)) {
		sums->pending.units = db_col_int(q, "pending");
		sums->due.units = db_col_int(q, "due");
		sums->soon.units = db_col_int(q, "soon");
	}
	db_done(q);
}

struct tokens
lot_available(struct work *w, int64_t user, struct tokens held)
{
	struct lot_sums	 bound;

	lot_sums(w, user, &bound);
	held.units -= bound.pending.units + bound.due.units;
	if (held.units < 0)
		held.units = 0;

	return held;
}

static void
take(struct work *w, const struct lot *lot, struct tokens amount)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE lots SET remaining = remaining - ?"
	    " WHERE tenant = ? AND action = ? AND place = ?"));
	db_int(q, amount.units);
	db_int(q, w->tenant);
	db_int(q, lot->action);
	db_int(q, lot->place);
	db_run(q);
}

/* Those that are vested and not expired, in the order of spending. */
static size_t
find_vested(struct work *w, int64_t user, struct lot *lots)
{
	struct query	*q;
	size_t		 n = 0;

	q = db_query(w->db, SQL(
	    "SELECT action, place, remaining FROM lots"
	    " WHERE tenant = ? AND user = ? AND remaining > 0"
	    " AND expires_at > ? AND vests_at <= ?"
	    " ORDER BY expires_at, action, place LIMIT ?"));
	db_int(q, w->tenant);
	db_int(q, user);
	db_int(q, w->now.ms);
	db_int(q, w->now.ms);
	db_int(q, AT_ONCE);
	for (; n < AT_ONCE && db_next(q); n++)
		lots[n] = (struct lot){ db_col_int(q, "action"),
			db_col_int(q, "place"), 0,
			db_col_int(q, "remaining") };
	db_done(q);

	return n;
}

void
lot_spend(struct work *w, int64_t user, struct tokens amount)
{
	struct lot	 lots[AT_ONCE];
	struct tokens	 part;
	size_t		 n = AT_ONCE;

	while (n == AT_ONCE && amount.units > 0) {
		n = find_vested(w, user, lots);
		for (size_t i = 0; i < n && amount.units > 0; i++) {
			part = tokens_min(amount,
			    (struct tokens){ lots[i].remaining });
			take(w, &lots[i], part);
			amount.units -= part.units;
		}
	}
}

struct lot_return
lot_take_back(struct work *w, int64_t action, size_t place,
    struct tokens amount)
{
	struct lot_return	 back = { { 0 }, { 0 } };
	struct query		*q;

	q = db_query(w->db, SQL(
	    "SELECT remaining, expired FROM lots"
	    " WHERE tenant = ? AND action = ? AND place = ?"));
	db_int(q, w->tenant);
	db_int(q, action);
	db_int(q, (int64_t)place);
	if (db_next(q)) {
		back.taken = tokens_min(amount,
		    (struct tokens){ db_col_int(q, "remaining") });
		amount.units -= back.taken.units;
		back.expired = tokens_min(amount,
		    (struct tokens){ db_col_int(q, "expired") });
	}
	db_done(q);
	if (back.taken.units == 0 && back.expired.units == 0)
		return back;

	q = db_query(w->db, SQL(
	    "UPDATE lots SET remaining = remaining - ?,"
	    " expired = expired - ?"
	    " WHERE tenant = ? AND action = ? AND place = ?"));
	db_int(q, back.taken.units);
	db_int(q, back.expired.units);
	db_int(q, w->tenant);
	db_int(q, action);
	db_int(q, (int64_t)place);
	db_run(q);

	return back;
}

static size_t
find_due(struct work *w, int64_t user, struct lot *lots)
{
	struct query	*q;
	size_t		 n = 0;

	q = db_query(w->db, SQL(
	    "SELECT action, place, pool, remaining FROM lots"
	    " WHERE tenant = ? AND user = ? AND remaining > 0"
	    " AND expires_at <= ? ORDER BY expires_at LIMIT ?"));
	db_int(q, w->tenant);
	db_int(q, user);
	db_int(q, w->now.ms);
	db_int(q, AT_ONCE);
	for (; n < AT_ONCE && db_next(q); n++)
		lots[n] = (struct lot){ db_col_int(q, "action"),
			db_col_int(q, "place"), db_col_int(q, "pool"),
			db_col_int(q, "remaining") };
	db_done(q);

	return n;
}

static void
expire(struct work *w, const struct lot *lot)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE lots SET remaining = 0, expired = remaining"
	    " WHERE tenant = ? AND action = ? AND place = ?"));
	db_int(q, w->tenant);
	db_int(q, lot->action);
	db_int(q, lot->place);
	db_run(q);
}

/* If the ledger does not take it they stay due, and nobody can spend them. */
static bool
book(struct work *w, int64_t user, const struct lot *lots, size_t n)
{
	struct journal		 j = { .kind = TRANSACTION_EXPIRY,
		.refers = user };
	struct transaction	 t;

	for (size_t i = 0; i < n; i++) {
		struct tokens	 left = { lots[i].remaining };

		ledger_move(&j, (struct account){ ACCOUNT_WALLET, user },
		    (struct account){ ACCOUNT_POOL, lots[i].pool }, left);
		ledger_move(&j,
		    (struct account){ ACCOUNT_RETURN, lots[i].pool },
		    (struct account){ ACCOUNT_EXPIRED, user }, left);
	}
	if (ledger_post(w, &j, &t) != OK)
		return false;
	for (size_t i = 0; i < n; i++)
		expire(w, &lots[i]);

	return true;
}

size_t
lot_sweep_some(struct work *w, int64_t user)
{
	struct lot	 lots[AT_ONCE];
	size_t		 n = find_due(w, user, lots);

	return n > 0 && book(w, user, lots, n) ? n : 0;
}

bool
lot_sweep(struct work *w, int64_t user)
{
	size_t		 n = lot_sweep_some(w, user);
	bool		 any = n > 0;

	while (n == AT_ONCE)
		n = lot_sweep_some(w, user);

	return any;
}
