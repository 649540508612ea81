/*
 * campaign_price: what a campaign would give for an action.
 *
 * A split names stakeholder types.  Several of a type share its part equally;
 * the part of a type that an action lacks goes to the others in proportion;
 * and if none of those who are there is named, all share equally, so that a
 * reward is always given whole.
 */
#include <assert.h>
#include <string.h>
#include <strings.h>

#include "lib/db/db.h"
#include "lib/giving/rewards/campaign_price.h"
#include "lib/giving/rewards/campaign_sums.h"

/* Divides by every number of stakeholders: 1 to 20. */
#define EVEN	232792560

static_assert(LIMIT_STAKEHOLDERS <= 20, "EVEN is their least multiple");

static const struct stakeholder *
holder(const struct submit *in, size_t i)
{
	return (const struct stakeholder *)in->stakeholders.items + i;
}

/* What the split says of a stakeholder: parts of all that are said. */
static int64_t
weight(const struct submit *in, const struct campaign_terms *t, size_t at)
{
	const char	*role = holder(in, at)->role;
	int64_t		 alike = 0;

	for (size_t i = 0; i < in->stakeholders.count; i++)
		alike += strcmp(holder(in, i)->role, role) == 0;
	for (size_t i = 0; i < t->split_count; i++)
		if (strcmp(t->splits[i].role, role) == 0)
			return t->splits[i].portion * (EVEN / alike);

	return 0;
}

static void
split(const struct submit *in, const struct campaign_terms *t,
    struct campaign_offer *o)
{
	int64_t	 weights[LIMIT_STAKEHOLDERS];
	size_t	 n = in->stakeholders.count;
	bool	 any = false;

	assert(n >= 1 && n <= LIMIT_STAKEHOLDERS);
	for (size_t i = 0; i < n; i++) {
		weights[i] = weight(in, t, i);
		any = any || weights[i] > 0;
	}
	for (size_t i = 0; i < n && !any; i++)
		weights[i] = 1;
	tokens_split(o->reward, weights, o->shares, n);
}

/* By which multiplier, 0 for none: one row a template. */
static int64_t
once(const struct campaign_terms *t, const struct campaign_offer *o)
{
	(void)o;

	return t->multiplier;
}

static int64_t
no_times(const struct campaign_terms *t, const struct campaign_offer *o)
{
	(void)t, (void)o;

	return 0;
}

static int64_t
by_tier(const struct campaign_terms *t, const struct campaign_offer *o)
{
	return o->tier >= 0 ? t->tiers[o->tier].multiplier : 0;
}

/* The usual reward, and a match for it: one to one if nothing is said. */
static int64_t
matched(const struct campaign_terms *t, const struct campaign_offer *o)
{
	(void)o;

	return 1000 + (t->multiplier > 0 ? t->multiplier : 1000);
}

static int64_t (*const multipliers[])(const struct campaign_terms *,
    const struct campaign_offer *) = {
	[CAMPAIGN_MULTIPLIER] = once,
	[CAMPAIGN_FIXED] = no_times,
	[CAMPAIGN_TIERED] = by_tier,
	[CAMPAIGN_MATCHING] = matched,
};

bool
campaign_price(const struct submit *in, const struct worth *worth,
    const struct campaign_terms *t, struct campaign_offer *o)
{
	o->tier = t->template != CAMPAIGN_TIERED ? -1 :
	    campaign_terms_tier(t, worth->minor, worth->currency);
	o->multiplier = multipliers[t->template](t, o);
	if (t->template == CAMPAIGN_FIXED)
		o->reward.units = t->fixed;
	else if (!worth->ruled || o->multiplier == 0 ||
	    !worth_times(worth, o->multiplier, &o->reward))
		return false;
	split(in, t, o);

	return true;
}

/* Are these two one, as far as is known before they are made? */
static bool
same_person(const struct submit *in, const struct user *users, size_t a,
    size_t b)
{
	const struct user_name	*x = &holder(in, a)->user;
	const struct user_name	*y = &holder(in, b)->user;

	if (users[a].number != 0 || users[b].number != 0)
		return users[a].number == users[b].number;

	return (x->external_id != NULL && y->external_id != NULL &&
	    strcmp(x->external_id, y->external_id) == 0) ||
	    (x->email != NULL && y->email != NULL &&
	    strcasecmp(x->email, y->email) == 0);
}

/* What a user has of the campaign, of this action's earlier shares too. */
static int64_t
has(struct work *w, const struct submit *in, const struct user *users,
    size_t at, const struct campaign_terms *t,
    const struct campaign_offer *o)
{
	int64_t	tokens = 0;

	if (users[at].number != 0)
		tokens = campaign_sums_user(w, t->number, users[at].number);
	for (size_t i = 0; i < at; i++)
		if (same_person(in, users, i, at))
			tokens += o->shares[i].units;

	return tokens;
}

static void
limit_users(struct work *w, const struct submit *in,
    const struct user *users, const struct campaign_terms *t,
    struct campaign_offer *o)
{
	int64_t	left;

	o->reward.units = 0;
	for (size_t i = 0; i < in->stakeholders.count; i++) {
		left = t->per_user - has(w, in, users, i, t, o);
		if (left < 0)
			left = 0;
		if (o->shares[i].units > left) {
			o->shares[i].units = left;
			o->limits |= CAMPAIGN_PER_USER;
		}
		o->reward.units += o->shares[i].units;
	}
}

bool
campaign_price_limit(struct work *w, const struct submit *in,
    const struct worth *worth, const struct user *users,
    const struct campaign_terms *t, struct campaign_offer *o)
{
	if (t->per_action > 0 && o->reward.units > t->per_action) {
		o->reward.units = t->per_action;
		o->limits |= CAMPAIGN_PER_ACTION;
		split(in, t, o);
	}
	if (t->per_user > 0)
		limit_users(w, in, users, t, o);
	if (o->limits != 0 && (o->reward.units == 0 ||
	    tokens_less(o->reward, worth->reward)))
		return false;
	if (t->per_day > 0 && o->reward.units > t->per_day -
	    campaign_sums_today(w, t->number)) {
		o->limits = CAMPAIGN_PER_DAY;
		return false;
	}
	if (o->reward.units > campaign_terms_left(t)) {
		o->limits = CAMPAIGN_TOTAL;
		return false;
	}

	return true;
}
