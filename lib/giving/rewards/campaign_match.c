/*
 * campaign_match: which campaign an action belongs to.
 *
 * The rows of campaign_matches lie in the order in which they are asked, so
 * that the first one costs the same however many there are.
 */
#include <assert.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/rewards/campaign.h"
#include "lib/giving/rewards/campaign_match.h"
#include "lib/giving/rewards/campaign_price.h"

/* Behind the last one that was asked. */
struct place {
	int64_t	priority, campaign;
};

static bool
next(struct work *w, const char *type, struct place after,
    struct campaign_terms *t)
{
	int64_t		 second = w->now.ms - w->now.ms % 1000;
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL(
	    "SELECT " CAMPAIGN_TERMS " FROM campaign_matches m"
	    " CROSS JOIN campaigns c ON c.tenant = m.tenant"
	    " AND c.id = m.campaign WHERE m.tenant = ?"
	    " AND m.action_type = ? AND (m.priority, m.campaign) < (?, ?)"
	    " AND m.starts_at <= ? AND m.ends_at >= ?"
	    " ORDER BY m.priority DESC, m.campaign DESC LIMIT 1"));
	db_int(q, w->tenant);
	db_text(q, type);
	db_int(q, after.priority);
	db_int(q, after.campaign);
	db_int(q, second);
	db_int(q, second);
	found = db_next(q);
	if (found)
		campaign_terms_read(w, q, t);
	db_done(q);

	return found;
}

/* Most actions have none to ask, and that is found out for a third of it. */
static bool
any(struct work *w, const char *type)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL(
	    "SELECT 1 FROM campaign_matches"
	    " WHERE tenant = ? AND action_type = ? LIMIT 1"));
	db_int(q, w->tenant);
	db_text(q, type);
	found = db_next(q);
	db_done(q);

	return found;
}

static bool
rewards(const struct campaign *c, const char *type)
{
	const char	**types = c->action_types.items;

	for (size_t i = 0; i < c->action_types.count; i++)
		if (strcmp(types[i], type) == 0)
			return true;

	return false;
}

/* One that is named may be out of budget: then it is left out, too. */
static enum err
named(struct work *w, const struct submit *in, struct campaign_match *m)
{
	struct campaign	 c;

	if (campaign_find(w, in->campaign, &c) != OK)
		return ERR_CAMPAIGN_NOT_FOUND;
	if (c.state != CAMPAIGN_ACTIVE ||
	    !campaign_terms_now(&c.terms, w->now))
		return ERR_CAMPAIGN_NOT_ACTIVE;
	if (!rewards(&c, in->action_type))
		return ERR_CAMPAIGN_NOT_ELIGIBLE;
	m->terms = c.terms;
	m->found = m->named = true;

	return OK;
}

enum err
campaign_match_first(struct work *w, const struct submit *in,
    struct campaign_match *m)
{
	m->found = m->named = false;
	if (in->campaign != NULL)
		return named(w, in, m);
	m->found = any(w, in->action_type) && next(w, in->action_type,
	    (struct place){ INT64_MAX, INT64_MAX }, &m->terms);

	return OK;
}

/* By the rule, if there is one: to all alike. */
static enum err
usual(const struct submit *in, const struct worth *worth, unsigned limits,
    struct campaign_offer *o)
{
	int64_t	 weights[LIMIT_STAKEHOLDERS];
	size_t	 n = in->stakeholders.count;

	assert(n >= 1 && n <= LIMIT_STAKEHOLDERS);
	for (size_t i = 0; i < n; i++)
		weights[i] = 1;
	o->reward = worth->reward;
	o->multiplier = 0;
	o->limits = limits;
	tokens_split(o->reward, weights, o->shares, n);

	return OK;
}

/* It pays. */
static enum err
settle(struct work *w, struct campaign_offer *o,
    const struct campaign_terms *t)
{
	o->campaign = t->number;
	o->id = id_text(w->arena, ID_CAMPAIGN,
	    (struct id){ w->tenant, t->number, t->created_at });
	o->pool = t->pool;
	o->left = campaign_terms_left(t);
	o->per_user = t->per_user > 0;

	return OK;
}

/* Its budget could not pay; whoever was told of that is not told again. */
static const struct campaign_short **
miss(struct work *w, const struct campaign_terms *t,
    const struct campaign_short **last)
{
	struct campaign_short	*s;

	if (t->reached_at.ms != 0)
		return last;
	s = arena_alloc(w->arena, sizeof(*s));
	*s = (struct campaign_short){ t->number, NULL };
	*last = s;

	return &s->next;
}

enum err
campaign_match_ask(struct work *w, const struct submit *in,
    const struct worth *worth, const struct user *users, int64_t pool,
    struct campaign_match *m, struct campaign_offer *o)
{
	const struct campaign_terms	*t = &m->terms;
	const struct campaign_short	**last = &o->short_of;
	unsigned			 kept_out = 0;

	o->campaign = 0;
	o->id = NULL;
	o->short_of = NULL;
	for (; m->found; m->found = !m->named && next(w, in->action_type,
	    (struct place){ t->priority, t->number }, &m->terms)) {
		o->limits = 0;
		if ((pool != 0 && pool != t->pool) ||
		    !campaign_price(in, worth, t, o)) {
			if (m->named)
				return ERR_CAMPAIGN_NOT_ELIGIBLE;
			continue;
		}
		if (campaign_price_limit(w, in, worth, users, t, o))
			return settle(w, o, t);
		if (o->limits & CAMPAIGN_TOTAL)
			last = miss(w, t, last);
		kept_out |= o->limits;
	}

	return usual(in, worth, kept_out, o);
}

static void
leave(struct work *w, int64_t campaign)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "DELETE FROM campaign_matches WHERE tenant = ? AND campaign = ?"));
	db_int(q, w->tenant);
	db_int(q, campaign);
	db_run(q);
}

static void
enter(struct work *w, const struct campaign *c, const char *type)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO campaign_matches (tenant, action_type, priority,"
	    " campaign, starts_at, ends_at) VALUES (?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_text(q, type);
	db_int(q, c->terms.priority);
	db_int(q, c->terms.number);
	db_int(q, c->terms.starts_at.ms);
	db_int(q, c->terms.ends_at.ms);
	db_run(q);
}

void
campaign_match_enter(struct work *w, int64_t campaign)
{
	struct campaign	  c;
	const char	**types;

	leave(w, campaign);
	if (!campaign_numbered(w, campaign, &c) ||
	    c.state != CAMPAIGN_ACTIVE || campaign_terms_left(&c.terms) == 0)
		return;
	types = c.action_types.items;
	for (size_t i = 0; i < c.action_types.count; i++)
		enter(w, &c, types[i]);
}
