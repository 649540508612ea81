#ifndef GIVING_DASHBOARD_H
#define GIVING_DASHBOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/limits.h"
#include "lib/base/work.h"
#include "lib/giving/site/usage.h"
#include "lib/hooks/health.h"
#include "lib/json/shape.h"

struct conf;

/*
 * What a partner looks at before a day's work.  Every number is read from a
 * row that was kept for it, or counted up to a limit, so that looking costs
 * the same however long the ledger is.
 */

/* dashboard.c: what the tenant has and did. */
struct dashboard_sums {
	struct moment	 from;		/* a day's beginning; 0: the first */
	int64_t		 actions, reversals;
	struct tokens	 distributed, clawed_back;
};

struct dashboard {
	struct moment	 as_of;
	int64_t		 users, campaigns;
	const void	*today, *week, *month, *ever;	/* dashboard_sums */
	int64_t		 pools, pools_low;
	int64_t		 hooks, hooks_failing, hooks_off;
};

extern const struct shape	dashboard_out;

void		dashboard_read(struct work *, struct dashboard *);

/* Only its hooks, hooks_failing and hooks_off. */
void		dashboard_count_hooks(struct work *, struct dashboard *);

/* dashboard_health.c: is each part at work that an integration needs? */
struct dashboard_health {
	const char	*status;	/* the worst that matters */
	struct moment	 as_of;
	struct list	 pipelines;	/* of struct dashboard_pipeline */
};

struct dashboard_pipeline {
	const char	*name;
	const char	*status;	/* "ok", "degraded", "down" */
	const char	*detail;	/* why, for people */
};

extern const struct shape	dashboard_health_out;

void		dashboard_health_read(struct work *, const struct conf *,
		    bool live, struct dashboard_health *);

/* dashboard_hooks.c: how deliveries went, by webhook. */
struct dashboard_window {
	struct moment	 from;
	int64_t		 attempts, succeeded, failed;
	struct decimal	 rate, p50_ms, p95_ms;
};

struct dashboard_hook {
	const char	*id, *url, *status, *disabled_why;
	struct moment	 failing_since, next_at;
	int64_t		 backlog;	/* up to LIMIT_BACKLOG */
	const void	*windows[HEALTH__MAX];	/* dashboard_window */
};

struct dashboard_hooks {
	struct moment	 as_of;
	const void	*windows[HEALTH__MAX];	/* of all of them */
	struct list	 hooks;		/* of struct dashboard_hook */
};

extern const struct shape	dashboard_hooks_out;

void		dashboard_hooks_read(struct work *,
		    struct dashboard_hooks *);

/*
 * dashboard_usage.c: what was asked of us, by day of the site's own clock.
 * Counts that are not written down yet are added by the caller, who sees them,
 * between reading and telling.
 */
struct dashboard_usage;

struct dashboard_limit {
	int64_t		 limit, remaining;
	struct moment	 reset;
};

struct dashboard_usage_told {
	int64_t		 days;
	const void	*limit;		/* struct dashboard_limit, or NULL */
	struct list	 data;		/* one for each day, today first */
};

extern const struct shape	dashboard_usage_out;	/* …_told */

struct dashboard_usage	*dashboard_usage_read(struct work *, int64_t days);
void		dashboard_usage_add(struct dashboard_usage *, int64_t day,
		    int counter, int64_t times);
void		dashboard_usage_tell(struct work *, struct dashboard_usage *,
		    struct dashboard_usage_told *);

#endif
