/*
 * campaign_sums: what a campaign gave, added up in the transaction that gives
 * it, so that limits and analytics are read and never counted.
 */
#include "lib/db/db.h"
#include "lib/giving/rewards/action_row.h"
#include "lib/giving/rewards/campaign.h"
#include "lib/giving/rewards/campaign_sums.h"
#include "lib/giving/site/word.h"
#include "lib/hooks/outbox.h"

#define DAY_MS	86400000LL

/* What is added to one row. */
struct sum {
	enum campaign_sum	kind;
	int64_t			key, times, distributed, reversed;
};

static void
add(struct work *w, int64_t campaign, struct sum s)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO campaign_sums (tenant, campaign, kind, key, times,"
	    " distributed, reversed) VALUES (?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (tenant, campaign, kind, key) DO UPDATE"
	    " SET times = times + excluded.times,"
	    " distributed = distributed + excluded.distributed"));
	db_int(q, w->tenant);
	db_int(q, campaign);
	db_int(q, s.kind);
	db_int(q, s.key);
	db_int(q, s.times);
	db_int(q, s.distributed);
	db_int(q, 0);
	db_run(q);
}

static void
take_back(struct work *w, int64_t campaign, struct sum s)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE campaign_sums SET reversed = reversed + ?"
	    " WHERE tenant = ? AND campaign = ? AND kind = ? AND key = ?"));
	db_int(q, s.reversed);
	db_int(q, w->tenant);
	db_int(q, campaign);
	db_int(q, s.kind);
	db_int(q, s.key);
	db_run(q);
}

int64_t
campaign_sums_today(struct work *w, int64_t campaign)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT distributed - reversed AS tokens FROM campaign_sums"
	    " WHERE tenant = ? AND campaign = ? AND kind = ? AND key = ?"));
	db_int(q, w->tenant);
	db_int(q, campaign);
	db_int(q, CAMPAIGN_BY_DAY);
	db_int(q, w->now.ms / DAY_MS);

	return db_only_int(q);
}

int64_t
campaign_sums_user(struct work *w, int64_t campaign, int64_t user)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT tokens FROM campaign_users"
	    " WHERE tenant = ? AND campaign = ? AND user = ?"));
	db_int(q, w->tenant);
	db_int(q, campaign);
	db_int(q, user);

	return db_only_int(q);
}

/* `tokens` may be below zero: they were taken back. */
static void
add_user(struct work *w, int64_t campaign, int64_t user, int64_t tokens)
{
	struct query	*q;

	q = db_query(w->db, tokens < 0 ? SQL(
	    "UPDATE campaign_users SET tokens = tokens + ?4"
	    " WHERE tenant = ?1 AND campaign = ?2 AND user = ?3") : SQL(
	    "INSERT INTO campaign_users (tenant, campaign, user, tokens)"
	    " VALUES (?1, ?2, ?3, ?4)"
	    " ON CONFLICT (tenant, campaign, user) DO UPDATE"
	    " SET tokens = tokens + excluded.tokens"));
	db_int(q, w->tenant);
	db_int(q, campaign);
	db_int(q, user);
	db_int(q, tokens);
	db_run(q);
}

/* The first time is told, and no other. */
static void
reach(struct work *w, int64_t campaign)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE campaigns SET reached_at = ?"
	    " WHERE tenant = ? AND id = ? AND reached_at IS NULL"));
	db_int(q, w->now.ms);
	db_int(q, w->tenant);
	db_int(q, campaign);
	if (db_run(q) > 0)
		outbox_add(w, EVENT_CAMPAIGN_BUDGET_REACHED, campaign, NULL);
}

static void
spend(struct work *w, const struct campaign_offer *o)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE campaigns SET actions = actions + 1,"
	    " distributed = distributed + ? WHERE tenant = ? AND id = ?"));
	db_int(q, o->reward.units);
	db_int(q, w->tenant);
	db_int(q, o->campaign);
	db_run(q);
	if (o->left > o->reward.units)
		return;
	campaign_match_enter(w, o->campaign);
	reach(w, o->campaign);
}

void
campaign_sums_spend(struct work *w, const struct campaign_offer *o,
    int64_t type, const struct share *shares, size_t count)
{
	for (const struct campaign_short *s = o->short_of; s != NULL;
	    s = s->next)
		reach(w, s->campaign);
	if (o->campaign == 0)
		return;
	spend(w, o);
	add(w, o->campaign, (struct sum){ CAMPAIGN_BY_DAY,
	    w->now.ms / DAY_MS, 1, o->reward.units, 0 });
	add(w, o->campaign, (struct sum){ CAMPAIGN_BY_TYPE, type, 1,
	    o->reward.units, 0 });
	if (o->tier >= 0)
		add(w, o->campaign, (struct sum){ CAMPAIGN_BY_TIER, o->tier,
		    1, o->reward.units, 0 });
	for (size_t i = 0; i < count; i++) {
		add(w, o->campaign, (struct sum){ CAMPAIGN_BY_ROLE,
		    word_number(w, shares[i].role), 1,
		    shares[i].tokens.units, 0 });
		if (o->per_user)
			add_user(w, o->campaign, shares[i].user,
			    shares[i].tokens.units);
	}
}

/* What the reversal takes of one share: see lib/giving/rewards/reversal.c. */
static int64_t
part(const struct action *a, size_t place, int64_t portion)
{
	const struct share	*s = (const struct share *)a->shares.items +
	    place;

	return tokens_part(s->tokens, a->reversed + portion,
	    WHOLE_ACTION).units -
	    tokens_part(s->tokens, a->reversed, WHOLE_ACTION).units;
}

static int64_t
return_shares(struct work *w, const struct action *a, int64_t portion)
{
	const struct share	*s = a->shares.items;
	int64_t			 sum = 0, back;

	for (size_t i = 0; i < a->shares.count; i++) {
		back = part(a, i, portion);
		sum += back;
		if (back == 0)
			continue;
		take_back(w, a->campaign_number, (struct sum){
		    CAMPAIGN_BY_ROLE, word_find(w, s[i].role),
		    .reversed = back });
		add_user(w, a->campaign_number, s[i].user, -back);
	}

	return sum;
}

/* To the budget; then it may match again. */
static void
refund(struct work *w, const struct campaign_terms *t, int64_t tokens)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE campaigns SET reversed = reversed + ?"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, tokens);
	db_int(q, w->tenant);
	db_int(q, t->number);
	db_run(q);
	if (campaign_terms_left(t) == 0)
		campaign_match_enter(w, t->number);
}

void
campaign_sums_return(struct work *w, const struct action *a, int64_t portion)
{
	struct campaign	 c;
	struct sum	 s = { .kind = CAMPAIGN_BY_DAY };

	if (a->campaign_number == 0 ||
	    !campaign_numbered(w, a->campaign_number, &c))
		return;
	s.reversed = return_shares(w, a, portion);
	if (s.reversed == 0)
		return;
	refund(w, &c.terms, s.reversed);
	s.key = a->created_at.ms / DAY_MS;
	take_back(w, c.terms.number, s);
	s.kind = CAMPAIGN_BY_TYPE;
	s.key = word_find(w, a->action_type);
	take_back(w, c.terms.number, s);
	if (c.terms.template != CAMPAIGN_TIERED)
		return;
	s.kind = CAMPAIGN_BY_TIER;
	s.key = campaign_terms_tier(&c.terms, a->amount.digits,
	    a->currency != NULL ? money_currency(a->currency) : NULL);
	take_back(w, c.terms.number, s);
}
