/*
 * chores: the table of them, and the walk through it.
 */
#include "lib/base/arena.h"
#include "lib/base/faults.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/db/db.h"
#include "lib/giving/donations/donation.h"
#include "lib/giving/members/session.h"
#include "lib/giving/partners/key.h"
#include "lib/giving/rewards/campaign.h"
#include "lib/giving/site/trace.h"
#include "lib/giving/upkeep/chores.h"

/* Steps that may fail, since others hold the database, one after another. */
#define FAILURES	3

static bool	sweep_lots(struct chores *);
static bool	warn_of_keys(struct chores *);
static bool	expire_donations(struct chores *);
static bool	reward_donations(struct chores *);
static bool	complete_campaigns(struct chores *);
static bool	refill_pools(struct chores *);
static bool	prune_sessions(struct chores *);

/* In the order in which they take turns: first what others wait for. */
static const struct chore {
	const char	*name;
	bool		(*step)(struct chores *);
} chores[] = {
	{ "rewards of donations",	reward_donations },
	{ "links that ran out",		expire_donations },
	{ "lots that expired",		sweep_lots },
	{ "campaigns that ended",	complete_campaigns },
	{ "pools that are low",		refill_pools },
	{ "keys that expire",		warn_of_keys },
	{ "answers kept",		chores_prune_replays },
	{ "deliveries of webhooks",	chores_prune_deliveries },
	{ "removed webhooks",		chores_prune_removed },
	{ "logins that are over",	prune_sessions },
	{ "messages of providers",	chores_prune_messages },
};

#define CHORES	(sizeof(chores) / sizeof(chores[0]))

struct run {
	struct chores		 c;
	struct chores_result	 result;
	int64_t			 end_us;
	bool			 done[CHORES];
	int			 failures;
};

static bool
sweep_lots(struct chores *c)
{
	return lot_sweep_due(c->w, &c->lots);
}

static bool
refill_pools(struct chores *c)
{
	return pool_refill_due(c->w, &c->pools);
}

static bool
warn_of_keys(struct chores *c)
{
	return key_warn(c->w) > 0;
}

static bool
prune_sessions(struct chores *c)
{
	return session_prune(c->w);
}

static bool
expire_donations(struct chores *c)
{
	return donation_expire_due(c->w) == LIMIT_DUE;
}

static bool
complete_campaigns(struct chores *c)
{
	return campaign_due(c->w) == LIMIT_DUE;
}

static bool
reward_donations(struct chores *c)
{
	return donation_reward_due(c->w) == LIMIT_DUE;
}

/*
 * A law of schema.sql that a chore would break is that chore's bug, and the
 * others go on.  Who holds the database lets go.  The rest is everybody's.
 */
static void
stumble(struct run *r, size_t i)
{
	struct db	*db = r->c.w->db;
	bool		 busy = db_trouble(db) == DB_BUSY &&
			    ++r->failures < FAILURES;

	if (busy)
		return;
	log_line(LOG_ERROR, "housekeeping, %s: the database: %s",
	    chores[i].name, db_why(db));
	r->done[i] = true;
	r->result.broken = true;
	if (db_trouble(db) != DB_REFUSED)
		r->end_us = 0;
}

static void
step(struct run *r, size_t i, struct faults *faults)
{
	struct work	*w = r->c.w;
	int64_t		 began_us = clock_ticks_us(), took_ms;
	struct chores	 before = r->c;
	bool		 more;

	faults_init(faults, w->arena);
	w->faults = faults;
	w->now = clock_now();
	w->tenant = 0;
	w->told = false;
	db_begin(w->db, DB_WRITE);
	more = chores[i].step(&r->c);
	if (db_commit(w->db)) {
		r->failures = 0;
		r->done[i] = !more;
		r->result.told = r->result.told || w->told;
		db_tidy(w->db);
	} else {
		r->c = before;
		stumble(r, i);
	}
	took_ms = (clock_ticks_us() - began_us) / 1000;
	if (took_ms >= LIMIT_TOOK_LONG_MS)
		log_line(LOG_WARN, "housekeeping, %s: a step took %lld ms",
		    chores[i].name, (long long)took_ms);
	arena_reset(w->arena);
}

static bool
is_over(const struct run *r)
{
	return *r->c.plan->leave || clock_ticks_us() >= r->end_us;
}

/* Each once, if it has something left to do.  False: none had. */
static bool
go_round(struct run *r, struct faults *faults)
{
	bool	 any = false;

	for (size_t i = 0; i < CHORES; i++) {
		if (r->done[i] || is_over(r))
			continue;
		step(r, i, faults);
		any = true;
	}

	return any;
}

static void
say_what_is_left(const struct run *r)
{
	for (size_t i = 0; i < CHORES; i++)
		if (!r->done[i])
			log_line(LOG_INFO, "housekeeping, %s: the time is"
			    " up, and there is more", chores[i].name);
}

/* Last, since who writes waits for it. */
static void
rewrite(struct run *r)
{
	struct work	*w = r->c.w;

	w->now = clock_now();
	if (!trace_sweep(w, &(struct trace_plan){ r->c.plan->rewrite_bytes,
	    r->c.plan->rewrite_now }))
		r->result.broken = r->result.broken ||
		    r->c.plan->rewrite_now;
}

struct chores_result
chores_run(struct work *w, const struct chores_plan *plan)
{
	struct run	 r = { .c = { .w = w, .plan = plan } };
	struct faults	 faults;
	int		 frames;

	r.end_us = plan->end_us;
	while (go_round(&r, &faults))
		continue;
	if (is_over(&r)) {
		if (!r.result.broken && !*plan->leave)
			say_what_is_left(&r);
	} else {
		rewrite(&r);
	}
	w->faults = NULL;
	/* So that the log of a quiet site does not lie there for days. */
	frames = db_due(w->db);
	db_checkpoint(w->db, frames > 0 ? frames : 1);
	arena_reset(w->arena);

	return r.result;
}
