#ifndef GIVING_CAMPAIGN_MATCH_H
#define GIVING_CAMPAIGN_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/rewards/campaign_terms.h"
#include "lib/giving/rewards/submit.h"
#include "lib/giving/rewards/worth.h"

/*
 * Finding the campaign that pays for an action.  It is judged by the time at
 * which we are told, whatever occurredAt says, so that what was promised
 * while a campaign ran cannot be added to when it has ended.  Of several the
 * one with the highest priority is asked first, then the newest; one that
 * cannot pay the whole of what it would give is left out.
 */
struct campaign_match {
	bool			 found;		/* there is one to ask */
	bool			 named;		/* by campaignId: no other */
	struct campaign_terms	 terms;		/* whom to ask first */
};

/*
 * The first to ask.  Of one that is named: ERR_CAMPAIGN_NOT_FOUND,
 * ERR_CAMPAIGN_NOT_ACTIVE, ERR_CAMPAIGN_NOT_ELIGIBLE.
 */
enum err	campaign_match_first(struct work *, const struct submit *,
		    struct campaign_match *);

/* One of the campaigns whose budgets could not pay, in the order asked. */
struct campaign_short {
	int64_t				 campaign;	/* its number */
	const struct campaign_short	*next;
};

/* What a campaign gives for an action, and what limits did to it. */
struct campaign_offer {
	int64_t		 campaign;	/* its number; 0: none pays */
	const char	*id;		/* the same outside, or NULL */
	int64_t		 pool;
	int64_t		 multiplier;	/* thousandths; 0: none */
	int		 tier;		/* -1: none */
	unsigned	 limits;	/* bits of enum campaign_limit */
	struct tokens	 reward;
	struct tokens	 shares[LIMIT_STAKEHOLDERS];
	int64_t		 left;		/* of its budget, before that */
	bool		 per_user;	/* it counts what users have */
	/* Whose budgets could not pay, for the first time; NULL: none's. */
	const struct campaign_short	*short_of;
};

/*
 * Ask one after another; if none pays, what the rule says goes to all alike.
 * `users` are the stakeholders, number 0 for who is yet to be made; `pool` is
 * that which the action names, 0 for none.  The match is used up.
 * ERR_CAMPAIGN_NOT_ELIGIBLE if one is named that is of another pool, or has
 * no tier for the amount.
 */
enum err	campaign_match_ask(struct work *, const struct submit *,
		    const struct worth *, const struct user *users,
		    int64_t pool, struct campaign_match *,
		    struct campaign_offer *);

/*
 * Make a campaign match, or not, as its row now says: to be called when its
 * status has changed, or its budget was used up or has something left again.
 */
void		campaign_match_enter(struct work *, int64_t campaign);

#endif
