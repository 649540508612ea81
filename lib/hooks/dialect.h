#ifndef HOOKS_DIALECT_H
#define HOOKS_DIALECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/clock.h"
#include "lib/hooks/outbox.h"
#include "lib/hooks/told.h"

struct arena;

/*
 * A dialect is how a receiver wants to be told: what the body is, how it is
 * signed, how long we wait and when we try again.  Each is one row of the
 * table in dialect.c and one file; nothing else asks which it is.
 */
enum dialect_name {		/* numbers of webhooks.format */
	DIALECT_SIR = 1,
	DIALECT_STANDARD,
	DIALECT_CHUFFED,	/* donation-webhooks */
	DIALECT_QIIBEE,		/* points-exchange */
	DIALECT__MAX
};

#define DIALECT_HEADERS	8

struct dialect_header {
	const char	*name, *value;
};

/* What a signature is made of. */
struct dialect_seal {
	const char	*id;		/* "evt_…", the same at each attempt */
	struct moment	 at;		/* of this attempt, real time */
	const char	*body;		/* the very bytes that are sent */
	size_t		 size;
	/* [1] is the one before, while it still counts, or NULL. */
	const char	*secrets[2];
};

struct dialect {
	const char	*name;			/* "sir" */
	int64_t		 timeout_ms;
	const int64_t	*gaps_s;		/* after each failure … */
	size_t		 gaps;			/* … so attempts are one more */
	/* The events it has words for, bit 1 << enum event_type. */
	int64_t		 events;
	/* The body, in the arena; NULL if the event lacks what it takes. */
	const char	*(*body)(struct arena *, const struct told *);
	/* The headers that prove it is us; returns how many. */
	size_t		 (*sign)(struct arena *, const struct dialect_seal *,
			    struct dialect_header[DIALECT_HEADERS]);
	/* A new secret, in the arena. */
	const char	*(*secret)(struct arena *);
};

/* Its row; NULL for no dialect. */
const struct dialect	*dialect_get(enum dialect_name);
/* By its word; 0 for none. */
enum dialect_name	 dialect_find(const char *name);

/*
 * How long to wait after the attempt numbered `attempt` (1 is the first)
 * failed, in milliseconds; -1 if that was the last.  `chance` is 0 … 999 and
 * adds up to a tenth; `retry_after_s` (-1: none) counts between the gap and
 * twice the gap.
 */
int64_t			 dialect_wait_ms(enum dialect_name policy,
			    int64_t attempt, int64_t retry_after_s,
			    int chance);

/*
 * An event that never was, of a type that the dialect has words for, in the
 * arena: to show a receiver what will come, and for a test of webhooks whose
 * dialect has no word for webhook.test.  They are numbered from 0; NULL past
 * the last.
 */
const struct told	*dialect_sample(struct arena *, enum dialect_name,
			    size_t number, struct moment at);

#endif
