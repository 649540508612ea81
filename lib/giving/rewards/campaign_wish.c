/*
 * campaign_wish: what a campaign may be.
 *
 * An object of a wish that is said takes the place of the old one whole, so
 * that leaving a limit out is how to be without it.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/giving/pools/pool.h"
#include "lib/giving/rewards/campaign_wish.h"
#include "lib/giving/site/code.h"

#define WHOLE	1000000		/* parts: 100 percent */

/* Thousandths, above 0; a fault and 0 if it is none. */
static int64_t
times(struct work *w, struct decimal d, const char *pointer)
{
	int64_t	milli;

	if (money_scaled(d, 3, &milli) && milli > 0)
		return milli;
	faults_add(w->faults, pointer, "Above 0, with at most three digits"
	    " after the point.");

	return 0;
}

static void
take_splits(struct work *w, const struct list *list,
    struct campaign_terms *t)
{
	const struct campaign_part	*parts = list->items;
	const char			*pointer;
	int64_t				 sum = 0, portion;

	t->split_count = 0;
	for (size_t i = 0; i < list->count; i++) {
		pointer = arena_printf(w->arena,
		    "/distribution/stakeholderSplits/%zu", i);
		portion = 0;
		if (!money_scaled(parts[i].percent, 4, &portion) ||
		    portion <= 0)
			faults_add(w->faults, pointer, "A percent above 0,"
			    " with at most four digits after the point.");
		for (size_t j = 0; j < i; j++)
			if (strcmp(parts[i].role, parts[j].role) == 0)
				faults_add(w->faults, pointer,
				    "It is said twice.");
		sum += portion;
		t->splits[t->split_count++] =
		    (struct campaign_split){ parts[i].role, portion };
	}
	if (list->count > 0 && sum != WHOLE)
		faults_add(w->faults, "/distribution/stakeholderSplits",
		    "The percents must add up to 100.");
}

/* Each to its place, the lowest first. */
static void
insert_tier(struct campaign_terms *t, struct campaign_tier tier)
{
	size_t	at = t->tier_count++;

	for (; at > 0 && t->tiers[at - 1].least > tier.least; at--)
		t->tiers[at] = t->tiers[at - 1];
	t->tiers[at] = tier;
}

static void
take_tiers(struct work *w, const struct list *list, struct campaign_terms *t)
{
	const struct campaign_step	*steps = list->items;
	const char			*pointer;
	struct campaign_tier		 tier;

	t->tier_count = 0;
	for (size_t i = 0; i < list->count; i++) {
		pointer = arena_printf(w->arena, "/distribution/tiers/%zu",
		    i);
		tier.multiplier = times(w, steps[i].multiplier,
		    arena_printf(w->arena, "%s/multiplier", pointer));
		if (!money_scaled(steps[i].least, 4, &tier.least))
			faults_add(w->faults, pointer, "A minAmount with at"
			    " most four digits after the point.");
		else
			insert_tier(t, tier);
	}
	for (size_t i = 1; i < t->tier_count; i++)
		if (t->tiers[i].least == t->tiers[i - 1].least)
			faults_add(w->faults, "/distribution/tiers",
			    "Two of them have the same minAmount.");
}

static void
take_distribution(struct work *w, const struct campaign_distribution *d,
    struct campaign_terms *t)
{
	t->multiplier = d->multiplier.said ? times(w, d->multiplier,
	    "/distribution/baseMultiplier") : 0;
	t->fixed = d->fixed;
	take_splits(w, &d->splits, t);
	take_tiers(w, &d->tiers, t);
}

/* To the second, the last one whole. */
static void
take_schedule(struct work *w, const struct campaign_schedule *s,
    struct campaign_terms *t)
{
	t->starts_at.ms = s->starts_at.ms - s->starts_at.ms % 1000;
	t->ends_at.ms = s->ends_at.ms == 0 ? INT64_MAX :
	    s->ends_at.ms - s->ends_at.ms % 1000;
	if (t->ends_at.ms < t->starts_at.ms)
		faults_add(w->faults, "/schedule/endDate",
		    "It lies before startDate.");
	else if (t->ends_at.ms < w->now.ms - w->now.ms % 1000)
		faults_add(w->faults, "/schedule/endDate", "It has passed.");
}

static void
check_type(struct work *w, const char **words, size_t at)
{
	const char	*pointer;

	pointer = arena_printf(w->arena, "/actionTypes/%zu", at);
	if (!code_form.fits(words[at]))
		faults_add(w->faults, pointer, "It is not %s.",
		    code_form.says);
	for (size_t i = 0; i < at; i++)
		if (strcmp(words[i], words[at]) == 0)
			faults_add(w->faults, pointer, "It is said twice.");
}

static const char *
join_types(struct work *w, const struct list *list)
{
	const char	**words = list->items;
	struct buf	  out;

	buf_init(&out, w->arena);
	for (size_t i = 0; i < list->count; i++) {
		check_type(w, words, i);
		buf_printf(&out, "%s%s", i > 0 ? " " : "", words[i]);
	}

	return buf_str(&out);
}

/* What each template cannot be without. */
static void
check_template(struct work *w, const struct campaign_terms *t)
{
	if (t->template == CAMPAIGN_MULTIPLIER && t->multiplier == 0)
		faults_add(w->faults, "/distribution/baseMultiplier",
		    "Required for REWARD_MULTIPLIER.");
	if (t->template == CAMPAIGN_FIXED && t->fixed == 0)
		faults_add(w->faults, "/distribution/fixedTokens",
		    "Required for FIXED_REWARD.");
	if (t->template == CAMPAIGN_TIERED && t->tier_count == 0)
		faults_add(w->faults, "/distribution/tiers",
		    "Required for TIERED_REWARD.");
}

/* The pool that it has or is to have pays for all that it rewards. */
static enum err
check_pool(struct work *w, const struct campaign_wish *in,
    struct campaign_row *row)
{
	struct pool	 pool;
	const char	*id = in->pool, *rest = row->types;
	size_t		 size;
	enum err	 e;

	if (id == NULL && row->terms.pool != 0)
		id = pool_id(w, row->terms.pool);
	e = pool_find(w, id, &pool);
	if (e != OK)
		return e;
	row->terms.pool = pool.number;
	for (; *rest != '\0'; rest += size + strspn(rest + size, " ")) {
		size = strcspn(rest, " ");
		if (!pool_pays_for(&pool,
		    arena_copy(w->arena, rest, size)))
			return ERR_POOL_NOT_ELIGIBLE;
	}

	return OK;
}

enum err
campaign_wish_check(struct work *w, const struct campaign_wish *in,
    struct campaign_row *row)
{
	const struct campaign_limits	*limits = in->limits;
	struct campaign_terms		*t = &row->terms;

	if (in->name != NULL)
		row->name = in->name;
	if (in->template >= 0)
		t->template = (enum campaign_template)(in->template + 1);
	if (in->action_types.items != NULL)
		row->types = join_types(w, &in->action_types);
	if (in->priority >= 0)
		t->priority = in->priority;
	if (in->distribution != NULL)
		take_distribution(w, in->distribution, t);
	if (limits != NULL) {
		t->total_budget = limits->total_budget;
		t->per_user = limits->per_user;
		t->per_action = limits->per_action;
		t->per_day = limits->per_day;
	}
	if (in->schedule != NULL)
		take_schedule(w, in->schedule, t);
	if (w->faults->count == 0)
		check_template(w, t);
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;

	return check_pool(w, in, row);
}
