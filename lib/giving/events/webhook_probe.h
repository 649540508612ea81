#ifndef GIVING_WEBHOOK_PROBE_H
#define GIVING_WEBHOOK_PROBE_H

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/events/webhook.h"
#include "lib/json/shape.h"
#include "lib/net/net.h"

/*
 * A test of a webhook: an event webhook.test that it alone is told of, while
 * its partner waits.  It is a delivery like others, held by us under a lease:
 * should we die, it is sent when that ends.
 */
struct webhook_probe {
	struct webhook		 hook;
	int64_t			 delivery;	/* its number */
	struct net_rules	 rules;
	struct net_wish		 wish;
	struct moment		 at;		/* real time */
	/* What came of it. */
	struct net_answer	 answer;	/* its body in the arena */
};

struct webhook_tried {
	const char	*delivery, *outcome, *answer;
	bool		 delivered;
	int64_t		 status, duration_ms;
};

extern const struct shape	webhook_tried_out;

/*
 * In a transaction: all that it takes.  ERR_NOT_FOUND; ERR_INVALID_TRANSITION
 * if its format has no words for a test, or its secret does not open.
 */
enum err	webhook_probe_begin(struct work *, const char *id,
		    struct webhook_probe *);

/* Outside of one: send it, once. */
void		webhook_probe_send(struct work *, struct webhook_probe *);

/* In another: write down what came of it. */
void		webhook_probe_end(struct work *,
		    const struct webhook_probe *, struct webhook_tried *);

#endif
