#ifndef HOOKS_DELIVER_H
#define HOOKS_DELIVER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/work.h"
#include "lib/hooks/told.h"

struct net_rules;

/*
 * Sends what is due, until nothing is, or its time is up.  One run at a time
 * for a site: see bin/deliver.c.  What is sent is claimed under a lease in a
 * short transaction, and what came of it recorded in another; between them
 * only the network works.
 *
 * The network has a thread of its own, which is started here and ends here.
 */
struct deliver_plan {
	const struct net_rules	*rules;
	/*
	 * Real time.  What could not end within it is not begun, unless that
	 * would idle the first half of it away; what has not ended by then
	 * is broken off, and left to its lease.
	 */
	int64_t			 budget_ms;
	/* How long to wait for word when there is nothing left to do. */
	int64_t			 linger_ms;
	int64_t			 concurrency;	/* transfers at once: 64 … */
	int64_t			 each;		/* … and for a webhook: 4 */
	/* When the last run ended; 0: nobody knows.  After a long time what
	 * is overdue is spread out: see deliver_pace.h. */
	struct moment		 last;
	/* All of event `number` of w->tenant, in w->arena; false: gone. */
	bool			 (*tell)(struct work *, int64_t number,
				    struct told *);
	/* Somebody left word that there is more: look again. */
	bool			 (*more)(void *);
	void			*with;
	/* Set by a signal: end what is under way, and leave. */
	const atomic_bool	*leave;
};

struct deliver_result {
	int64_t	attempts, delivered;
	bool	broken;		/* the database failed: see the log */
};

struct deliver_result	deliver_run(struct work *,
			    const struct deliver_plan *);

#endif
