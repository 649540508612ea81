#ifndef GIVING_ACTION_H
#define GIVING_ACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/site/page.h"
#include "lib/json/shape.h"

/*
 * An action is something that a partner's people did and are rewarded for:
 * its reward comes out of a token pool and is split over the stakeholders.
 */
struct share {
	int64_t		 user;		/* its number */
	const char	*role, *external_id;
	struct moment	 named_at;	/* when external_id was learned */
	struct tokens	 tokens, debt_offset;
	const char	*transaction;
};

struct action {
	int64_t		 number, pool_number, campaign_number;
	const char	*id, *key, *action_type, *status;
	struct decimal	 amount;
	const char	*currency;
	struct tokens	 tokens;
	struct list	 transactions;	/* of text: their ids */
	struct list	 shares;	/* of struct share */
	const char	*campaign, *pool;
	struct decimal	 multiplier;	/* of the campaign */
	struct list	 limits;	/* of text: what limits told */
	int64_t		 reversed;	/* parts of a million */
	struct decimal	 reversed_percent;
	struct moment	 occurred_at, created_at;
	const char	*metadata;
	/* Said only of a submission that was made before. */
	const char	*code;
	enum maybe	 body_matches;
};

struct action_filter {
	struct page_in	 page;
	int		 status;	/* index into action_statuses, or -1 */
	const char	*action_type;
	struct moment	 from, to;
};

struct action_list {
	struct list	 actions;	/* of struct action */
	const void	*pagination;
};

extern const char *const	action_statuses[];

extern const struct shape	action_out;		/* struct action */
extern const struct shape	action_result_out;	/* struct action */
extern const struct shape	action_list_out;

/* ERR_NOT_FOUND, for another tenant's action too. */
enum err	action_find(struct work *, const char *id, struct action *);

/* By our own number; false if there is none. */
bool		action_numbered(struct work *, int64_t number,
		    struct action *);

enum err	action_list(struct work *, const struct action_filter *,
		    struct action_list *);

#endif
