#ifndef HOOKS_HEALTH_H
#define HOOKS_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/work.h"

/*
 * How webhooks were of late, counted as attempts are recorded, so that the
 * dashboards need not walk through attempts: the table webhook_slots of
 * schema.sql.  A slot is 5 minutes, kept for an hour, or an hour, kept for 7
 * days; what was longer ago is forgotten by itself.
 */

/* Where classes of durations begin, in milliseconds. */
#define HEALTH_CLASSES	28
extern const int64_t	health_edges[HEALTH_CLASSES];

enum health_window { HEALTH_HOUR, HEALTH_DAY, HEALTH_WEEK, HEALTH__MAX };

/* What became of the attempts of a window, by how long they took. */
struct health {
	struct moment	from;		/* of the first slot that counts */
	int64_t		good, bad;
	int64_t		took[HEALTH_CLASSES];
};

/* An attempt at a webhook of a tenant, when it was sent in its time. */
struct health_attempt {
	int64_t		tenant, webhook;
	struct moment	at;
	bool		good;		/* 2xx */
	int64_t		duration_ms;
};

/* In the open DB_WRITE: two statements. */
void	health_note(struct work *, const struct health_attempt *);

/*
 * The last hour, day and week of a webhook of w->tenant's, each with all of
 * the slot in which it began: up to a twelfth of an hour, or an hour, more.
 */
void	health_of(struct work *, int64_t webhook,
	    struct health all[HEALTH__MAX]);

#endif
