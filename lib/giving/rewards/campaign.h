#ifndef GIVING_CAMPAIGN_H
#define GIVING_CAMPAIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/rewards/campaign_terms.h"
#include "lib/giving/site/page.h"
#include "lib/json/shape.h"

/*
 * A campaign rewards actions of some types in another way for a while, out
 * of the token pool that it names.  It is a draft until it is activated, and
 * then its terms stay; it can be paused, and ends by its schedule or before.
 */

/* As it is said outside, for what is asked and for what is answered. */
struct campaign_part {
	const char	*role;
	struct decimal	 percent;
};

struct campaign_step {
	struct decimal	 least, multiplier;
};

struct campaign_distribution {
	struct decimal	 multiplier;
	int64_t		 fixed;		/* 0: not said; so with limits */
	struct list	 splits;	/* of struct campaign_part */
	struct list	 tiers;		/* of struct campaign_step */
};

struct campaign_limits {
	int64_t	total_budget, per_user, per_action, per_day;
};

struct campaign_schedule {
	struct moment	 starts_at, ends_at;	/* 0: not said */
};

struct campaign {
	struct campaign_terms	 terms;
	enum campaign_status	 state;
	const char		*id, *pool, *name, *template, *status;
	const char		*types;		/* "A B" */
	struct list		 action_types;	/* of text */
	const void		*distribution, *limits, *schedule;
	bool			 live;		/* does it match now? */
	int64_t			 actions;
	struct tokens		 distributed, reversed, spent;
	struct decimal		 percent_spent;	/* of its budget */
	struct moment		 activated_at, completed_at;
};

/* What a campaign is to be, or to become: what is not said stays. */
struct campaign_wish {
	const char	*campaign;	/* its id, to change it */
	const char	*pool, *name;
	int		 template;	/* of campaign_templates, or -1 */
	struct list	 action_types;	/* of text; no items: not said */
	const void	*distribution;	/* NULL: not said; else all of it */
	const void	*limits, *schedule;
	int64_t		 priority;	/* -1: not said */
	int		 status;	/* of campaign_statuses, or -1 */
};

struct campaign_filter {
	struct page_in	 page;
	int		 status;	/* of campaign_statuses, or -1 */
	int		 template;	/* of campaign_templates, or -1 */
	struct moment	 from, to;	/* 0: not said */
	bool		 live;		/* only those that match now */
};

struct campaign_list {
	struct list	 campaigns;	/* of struct campaign */
	const void	*pagination;
};

/* In the order of enum campaign_template and enum campaign_status. */
extern const char *const	campaign_templates[];
extern const char *const	campaign_statuses[];

extern const struct shape	campaign_out;		/* struct campaign */
extern const struct shape	campaign_list_out;
extern const struct shape	campaign_distribution_in;
extern const struct shape	campaign_limits_in;
extern const struct shape	campaign_schedule_in;

/* ERR_NOT_FOUND, for a draft that was deleted too. */
enum err	campaign_find(struct work *, const char *id,
		    struct campaign *);

/* By our own number; false if there is none. */
bool		campaign_numbered(struct work *, int64_t number,
		    struct campaign *);

/* The public id of a campaign by its number; NULL for 0. */
const char	*campaign_id(struct work *, int64_t number);

enum err	campaign_list(struct work *, const struct campaign_filter *,
		    struct campaign_list *);

/* How many match now, as the list that is asked for those has them. */
int64_t		campaign_live(struct work *);

/*
 * A draft.  ERR_INVALID_REQUEST with faults; ERR_POOL_NOT_FOUND;
 * ERR_POOL_NOT_ELIGIBLE if the pool does not pay for one of its types.
 */
enum err	campaign_create(struct work *, const struct campaign_wish *,
		    struct campaign *out);

/*
 * ERR_NOT_FOUND; what campaign_create() refuses; ERR_INVALID_TRANSITION if
 * its terms were to change and it is no draft, or for a status that does not
 * follow on its own.
 */
enum err	campaign_change(struct work *, const struct campaign_wish *,
		    struct campaign *out);

/* A draft alone.  ERR_NOT_FOUND; ERR_INVALID_TRANSITION. */
enum err	campaign_remove(struct work *, const char *id);

/* To another status, with what follows.  ERR_INVALID_TRANSITION. */
enum err	campaign_move(struct work *, struct campaign *,
		    enum campaign_status);

/* Complete it now if its last second has gone by. */
void		campaign_settle(struct work *, struct campaign *);

/*
 * For housekeep: complete those of all tenants that have ended, each in its
 * tenant's time; w->tenant is not looked at.  How many there were, at most
 * LIMIT_DUE: then there may be more.
 */
size_t		campaign_due(struct work *);

#endif
