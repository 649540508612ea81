/*
 * sandbox: a test side's own clock, and a new beginning.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/giving/donations/appeal.h"
#include "lib/giving/events/webhook.h"
#include "lib/giving/inbound/inbound.h"
#include "lib/giving/pools/pool_copy.h"
#include "lib/giving/upkeep/sandbox.h"

const struct shape sandbox_clock_out = SHAPE("SandboxClock",
    struct sandbox_clock,
	{ "now",          MOMENT(struct sandbox_clock, now),
	    .about = "what time it is in your sandbox" },
	{ "secondsAhead", INT(struct sandbox_clock, ahead_s),
	    .about = "how far that is ahead of the real time" });

/* The partner of a test side, and how far ahead its clock is. */
static enum err
find(struct work *w, int64_t *partner, int64_t *ahead_ms)
{
	struct query	*q;
	enum err	 e = ERR_SANDBOX_ONLY;

	q = db_query(w->db, SQL(
	    "SELECT partner, ahead FROM tenants"
	    " WHERE id = ? AND side = 'test'"));
	db_int(q, w->tenant);
	if (db_next(q)) {
		*partner = db_col_int(q, "partner");
		*ahead_ms = db_col_int(q, "ahead");
		e = OK;
	}
	db_done(q);

	return e;
}

enum err
sandbox_clock(struct work *w, struct sandbox_clock *out)
{
	int64_t		 partner, ahead_ms;
	enum err	 e = find(w, &partner, &ahead_ms);

	if (e != OK)
		return e;
	out->now = w->now;
	out->ahead_s = ahead_ms / 1000;

	return OK;
}

/* How far to go, in milliseconds; below zero with a fault if nowhere. */
static int64_t
distance(struct work *w, const struct sandbox_move *in)
{
	if ((in->to.ms != 0) == (in->seconds != 0)) {
		faults_add(w->faults, "/now",
		    "Give now or advanceSeconds, one of them.");
		return -1;
	}
	if (in->seconds != 0)
		return in->seconds * 1000;
	if (in->to.ms < w->now.ms)
		faults_add(w->faults, "/now", "A sandbox's clock only goes"
		    " ahead; reset the sandbox to have the real time"
		    " again.");

	return in->to.ms - w->now.ms;
}

enum err
sandbox_move(struct work *w, const struct sandbox_move *in,
    struct sandbox_clock *out)
{
	struct query	*q;
	int64_t		 partner, ahead_ms, by_ms;
	enum err	 e = find(w, &partner, &ahead_ms);

	if (e != OK)
		return e;
	by_ms = distance(w, in);
	if (by_ms >= 0 && ahead_ms + by_ms > LIMIT_AHEAD_S * 1000)
		faults_add(w->faults, "", "That is more than ten years ahead"
		    " of the real time.");
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;
	q = db_query(w->db, SQL(
	    "UPDATE tenants SET ahead = ahead + ? WHERE id = ?"));
	db_int(q, by_ms);
	db_int(q, w->tenant);
	db_run(q);
	w->now.ms += by_ms;
	w->keys_changed = true;
	/* Deliveries that were to be tried again later may be due. */
	w->told = true;
	out->now = w->now;
	out->ahead_s = (ahead_ms + by_ms) / 1000;

	return OK;
}

/* Has it not been reset too often?  Each takes a tenant's number for ever. */
static enum err
check_often(struct work *w, int64_t partner, int64_t real_ms)
{
	struct query	*q;
	int64_t		 n;

	q = db_query(w->db, SQL(
	    "SELECT count(*) AS n FROM tenants"
	    " WHERE partner = ? AND side = 'gone' AND gone_at > ?"));
	db_int(q, partner);
	db_int(q, real_ms - 86400000);
	n = db_only_int(q);
	if (n < LIMIT_RESETS)
		return OK;
	w->detail = "A sandbox can be reset 100 times a day.";

	return ERR_RATE_LIMITED;
}

/* What the old side said of people goes; its ledger stays. */
static void
forget(struct work *w, int64_t tenant)
{
	static const char *const	 orders[] = {
		SQL("DELETE FROM action_metadata WHERE tenant = ?"),
		SQL("DELETE FROM user_metadata WHERE tenant = ?"),
		SQL("DELETE FROM replays WHERE tenant = ?"),
		SQL("DELETE FROM events WHERE tenant = ?"),
		SQL("DELETE FROM donation_rewards WHERE tenant = ?"),
		SQL("DELETE FROM donations WHERE tenant = ?"),
		SQL("UPDATE users SET external_id = NULL, email = NULL,"
		    " first_name = NULL, last_name = NULL"
		    " WHERE tenant = ?"),
		SQL("UPDATE redemptions SET reason = NULL WHERE tenant = ?"),
		SQL("UPDATE exchanges SET member = NULL WHERE tenant = ?"),
		SQL("UPDATE reversals SET reason = NULL WHERE tenant = ?"),
	};
	struct query			*q;

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		q = db_query(w->db, orders[i]);
		db_int(q, tenant);
		db_run(q);
	}
}

/* Move what belongs to the partner, not to what was tried out. */
static void
move_over(struct work *w, int64_t from, int64_t to)
{
	static const char *const	 orders[] = {
		SQL("UPDATE api_keys SET tenant = ? WHERE tenant = ?"),
		SQL("INSERT INTO reward_rules"
		    " (tenant, action_type, micro_per_unit, flat)"
		    " SELECT ?, action_type, micro_per_unit, flat"
		    " FROM reward_rules WHERE tenant = ?"),
		SQL("INSERT INTO programmes (tenant, code, name, token_name,"
		    " token_symbol, tokens, points, status, created_at)"
		    " SELECT ?, code, name, token_name, token_symbol,"
		    " tokens, points, status, created_at"
		    " FROM programmes WHERE tenant = ?"),
	};
	struct query			*q;

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		q = db_query(w->db, orders[i]);
		db_int(q, to);
		db_int(q, from);
		db_run(q);
	}
}

/* The old side makes room, and a new one takes its name. */
static int64_t
replace_tenant(struct work *w, int64_t partner, int64_t real_ms)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE tenants SET side = 'gone', gone_at = ? WHERE id = ?"));
	db_int(q, real_ms);
	db_int(q, w->tenant);
	db_run(q);
	q = db_query(w->db, SQL(
	    "INSERT INTO tenants (partner, side) VALUES (?, 'test')"
	    " RETURNING id"));
	db_int(q, partner);

	return db_only_int(q);
}

enum err
sandbox_reset(struct work *w)
{
	int64_t		 partner, ahead_ms, real_ms, old = w->tenant;
	enum err	 e = find(w, &partner, &ahead_ms);

	if (e != OK)
		return e;
	real_ms = w->now.ms - ahead_ms;
	e = check_often(w, partner, real_ms);
	if (e != OK)
		return e;
	w->tenant = replace_tenant(w, partner, real_ms);
	w->now.ms = real_ms;
	w->keys_changed = true;
	move_over(w, old, w->tenant);
	webhook_copy_all(w, old);
	inbound_move_all(w, old);
	forget(w, old);

	appeal_copy_all(w, old);

	return pool_copy_all(w, old);
}
