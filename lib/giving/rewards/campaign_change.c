/*
 * campaign_change: making campaigns, and making drafts others.
 */
#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "lib/giving/rewards/campaign_wish.h"

static void
int_or_null(struct query *q, int64_t value)
{
	if (value > 0)
		db_int(q, value);
	else
		db_null(q);
}

/* In the order in which both statements have them. */
static void
bind(struct work *w, struct query *q, const struct campaign_row *row)
{
	const struct campaign_terms	*t = &row->terms;

	db_int(q, t->pool);
	db_text(q, row->name);
	db_int(q, t->template);
	db_int(q, t->priority);
	db_text(q, row->types);
	int_or_null(q, t->multiplier);
	int_or_null(q, t->fixed);
	db_text(q, campaign_terms_splits(w, t));
	db_text(q, campaign_terms_tiers(w, t));
	int_or_null(q, t->total_budget);
	int_or_null(q, t->per_user);
	int_or_null(q, t->per_action);
	int_or_null(q, t->per_day);
	db_int(q, t->starts_at.ms);
	db_int(q, t->ends_at.ms);
}

enum err
campaign_create(struct work *w, const struct campaign_wish *in,
    struct campaign *out)
{
	struct campaign_row	 row = { .terms.ends_at = { INT64_MAX } };
	struct query		*q;
	int64_t			 number;
	enum err		 e = campaign_wish_check(w, in, &row);

	if (e != OK)
		return e;
	number = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM campaigns WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));
	q = db_query(w->db, SQL(
	    "INSERT INTO campaigns (pool, name, template, priority,"
	    " action_types, multiplier, fixed_tokens, splits, tiers,"
	    " total_budget, per_user, per_action, per_day, starts_at,"
	    " ends_at, tenant, id, created_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	    " ?)"));
	bind(w, q, &row);
	db_int(q, w->tenant);
	db_int(q, number);
	db_int(q, w->now.ms);
	db_run(q);

	return campaign_numbered(w, number, out) ? OK : ERR_INTERNAL;
}

/* Does it ask for more than another status? */
static bool
wants_terms(const struct campaign_wish *in)
{
	return in->pool != NULL || in->name != NULL || in->template >= 0 ||
	    in->action_types.items != NULL || in->distribution != NULL ||
	    in->limits != NULL || in->schedule != NULL || in->priority >= 0;
}

static enum err
change_terms(struct work *w, const struct campaign_wish *in,
    struct campaign *c)
{
	struct campaign_row	 row = { c->name, c->types, c->terms };
	struct query		*q;
	enum err		 e;

	if (c->state != CAMPAIGN_DRAFT) {
		w->detail = arena_printf(w->arena, "The campaign is %s: only"
		    " the status of what is no DRAFT can be changed.",
		    c->status);
		return ERR_INVALID_TRANSITION;
	}
	e = campaign_wish_check(w, in, &row);
	if (e != OK)
		return e;
	q = db_query(w->db, SQL(
	    "UPDATE campaigns SET pool = ?, name = ?, template = ?,"
	    " priority = ?, action_types = ?, multiplier = ?,"
	    " fixed_tokens = ?, splits = ?, tiers = ?, total_budget = ?,"
	    " per_user = ?, per_action = ?, per_day = ?, starts_at = ?,"
	    " ends_at = ? WHERE tenant = ? AND id = ?"));
	bind(w, q, &row);
	db_int(q, w->tenant);
	db_int(q, c->terms.number);
	db_run(q);

	return campaign_numbered(w, c->terms.number, c) ? OK : ERR_INTERNAL;
}

enum err
campaign_change(struct work *w, const struct campaign_wish *in,
    struct campaign *out)
{
	enum err	 e = campaign_find(w, in->campaign, out);

	if (e != OK)
		return e;
	campaign_settle(w, out);
	db_mark(w->db);
	if (wants_terms(in))
		e = change_terms(w, in, out);
	if (e == OK && in->status >= 0)
		e = campaign_move(w, out,
		    (enum campaign_status)(in->status + 1));
	if (e == OK)
		db_keep(w->db);
	else
		db_undo(w->db);

	return e;
}

enum err
campaign_remove(struct work *w, const char *id)
{
	struct campaign	 c;
	struct query	*q;
	enum err	 e = campaign_find(w, id, &c);

	if (e != OK)
		return e;
	if (c.state != CAMPAIGN_DRAFT) {
		w->detail = arena_printf(w->arena, "The campaign is %s: only"
		    " a DRAFT can be deleted.", c.status);
		return ERR_INVALID_TRANSITION;
	}
	q = db_query(w->db, SQL(
	    "UPDATE campaigns SET removed_at = ?"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, w->now.ms);
	db_int(q, w->tenant);
	db_int(q, c.terms.number);
	db_run(q);

	return OK;
}
