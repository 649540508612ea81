#ifndef GIVING_CHORES_H
#define GIVING_CHORES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/work.h"
#include "lib/giving/people/lot.h"
#include "lib/giving/pools/pool_refill.h"

/*
 * What time does to a site, whoever calls or not: what bin/housekeep does.
 * chores.c has the table.
 *
 * A chore is done in steps, each a transaction of its own and a small one,
 * so that requests run in between; all chores take turns, so that none waits
 * for the end of another.  What is not done when the time is up, or when the
 * process is killed, is due the next time: nothing has to happen on time, and
 * two at once only share the work.
 */
struct chores_plan {
	int64_t			 end_us;	/* by clock_ticks_us() */
	int64_t			 webhook_days;
	int64_t			 rewrite_bytes;	/* see trace.h … */
	bool			 rewrite_now;	/* … which this is about */
	const atomic_bool	*leave;		/* set: end after this step */
};

struct chores_result {
	bool	broken;		/* the database failed; the log says how */
	bool	told;		/* deliveries were queued */
};

/* The work's time, tenant and faults are set here, its arena is reset. */
struct chores_result	 chores_run(struct work *,
			    const struct chores_plan *);

/* A run, for the files of chores: where each of them has come to. */
struct chores {
	struct work			*w;
	const struct chores_plan	*plan;
	struct lot_place		 lots;
	struct pool_place		 pools;
	struct chores_place { int64_t tenant, id; } deliveries, removed;
};

/*
 * chores_prune.c.  Steps in a DB_WRITE; false: there is nothing more to do.
 *
 * Deliveries, with their attempts, are kept for webhook_days after they have
 * ended, in the time of their tenant, as all their columns are: a sandbox
 * that is moved a month ahead is a month older.  A tenant's last one stays,
 * since numbers go on from it.
 */
bool	chores_prune_deliveries(struct chores *);
/* … and those of removed webhooks at once; then their secrets. */
bool	chores_prune_removed(struct chores *);
/* Messages of providers, after LIMIT_KNOWN_DAYS. */
bool	chores_prune_messages(struct chores *);
/* Answers that are not given again any more. */
bool	chores_prune_replays(struct chores *);

#endif
