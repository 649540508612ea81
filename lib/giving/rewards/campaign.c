/*
 * campaign: reading campaigns back, one or many; campaign_shape.c says what
 * they look like.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/pools/pool.h"
#include "lib/giving/rewards/campaign.h"

#define COLUMNS \
	CAMPAIGN_TERMS ", c.name, c.status, c.action_types, c.actions," \
	" c.distributed, c.reversed, c.activated_at, c.completed_at"

static struct list
types(struct arena *arena, const char *text)
{
	const char	**words;
	struct list	 list = { NULL, 0 };
	size_t		 size;

	words = arena_array(arena, LIMIT_CAMPAIGN_TYPES, sizeof(*words));
	for (; list.count < LIMIT_CAMPAIGN_TYPES; text += size) {
		text += strspn(text, " ");
		size = strcspn(text, " ");
		if (size == 0)
			break;
		words[list.count++] = arena_copy(arena, text, size);
	}
	list.items = words;

	return list;
}

static const struct campaign_distribution *
distribution(struct arena *arena, const struct campaign_terms *t)
{
	struct campaign_distribution	*d = arena_alloc(arena, sizeof(*d));
	struct campaign_part		*parts;
	struct campaign_step		*steps;

	parts = arena_array(arena, t->split_count, sizeof(*parts));
	steps = arena_array(arena, t->tier_count, sizeof(*steps));
	for (size_t i = 0; i < t->split_count; i++)
		parts[i] = (struct campaign_part){ t->splits[i].role,
			campaign_terms_decimal(t->splits[i].portion, 4) };
	for (size_t i = 0; i < t->tier_count; i++)
		steps[i] = (struct campaign_step){
			campaign_terms_decimal(t->tiers[i].least, 4),
			campaign_terms_decimal(t->tiers[i].multiplier, 3) };
	if (t->multiplier > 0)
		d->multiplier = campaign_terms_decimal(t->multiplier, 3);
	d->fixed = t->fixed;
	d->splits = (struct list){ parts, t->split_count };
	d->tiers = (struct list){ steps, t->tier_count };

	return d;
}

/* What is said outside of what the row says. */
static void
describe(struct work *w, struct campaign *c)
{
	const struct campaign_terms	*t = &c->terms;
	struct campaign_limits		*limits;
	struct campaign_schedule	*schedule;

	limits = arena_alloc(w->arena, sizeof(*limits));
	*limits = (struct campaign_limits){ t->total_budget, t->per_user,
		t->per_action, t->per_day };
	schedule = arena_alloc(w->arena, sizeof(*schedule));
	schedule->starts_at = t->starts_at;
	if (t->ends_at.ms < INT64_MAX)
		schedule->ends_at = t->ends_at;
	c->distribution = distribution(w->arena, t);
	c->limits = limits;
	c->schedule = schedule;
	c->template = campaign_templates[t->template - 1];
	c->status = campaign_statuses[c->state - 1];
	c->action_types = types(w->arena, c->types);
	c->spent.units = t->spent;
	if (t->total_budget > 0)
		c->percent_spent = (struct decimal){ tokens_part(
		    (struct tokens){ 10000 }, t->spent,
		    t->total_budget).units, 2, true };
	c->live = c->state == CAMPAIGN_ACTIVE &&
	    campaign_terms_now(t, w->now) && campaign_terms_left(t) > 0;
	c->id = id_text(w->arena, ID_CAMPAIGN,
	    (struct id){ w->tenant, t->number, t->created_at });
}

/* The row at hand, without its pool's id, which takes another query. */
static void
read_row(struct work *w, struct query *q, void *row)
{
	struct campaign	*c = row;

	memset(c, 0, sizeof(*c));
	campaign_terms_read(w, q, &c->terms);
	c->name = db_col_text(q, w->arena, "name");
	c->state = (enum campaign_status)db_col_int(q, "status");
	c->types = db_col_text(q, w->arena, "action_types");
	c->actions = db_col_int(q, "actions");
	c->distributed.units = db_col_int(q, "distributed");
	c->reversed.units = db_col_int(q, "reversed");
	c->activated_at.ms = db_col_int(q, "activated_at");
	c->completed_at.ms = db_col_int(q, "completed_at");
	describe(w, c);
}

bool
campaign_numbered(struct work *w, int64_t number, struct campaign *c)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL(
	    "SELECT " COLUMNS " FROM campaigns c"
	    " WHERE c.tenant = ? AND c.id = ? AND c.removed_at IS NULL"));
	db_int(q, w->tenant);
	db_int(q, number);
	found = db_next(q);
	if (found)
		read_row(w, q, c);
	db_done(q);
	if (found)
		c->pool = pool_id(w, c->terms.pool);

	return found;
}

enum err
campaign_find(struct work *w, const char *id, struct campaign *c)
{
	struct id	 read;

	if (!id_read(ID_CAMPAIGN, id, &read) || read.tenant != w->tenant ||
	    !campaign_numbered(w, read.number, c) ||
	    c->terms.created_at.ms / 1000 != read.made.ms / 1000)
		return ERR_NOT_FOUND;

	return OK;
}

const char *
campaign_id(struct work *w, int64_t number)
{
	struct query	*q;
	struct moment	 made = { 0 };

	if (number == 0)
		return NULL;
	q = db_query(w->db, SQL(
	    "SELECT created_at FROM campaigns WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, number);
	if (db_next(q))
		made.ms = db_col_int(q, "created_at");
	db_done(q);

	return id_text(w->arena, ID_CAMPAIGN,
	    (struct id){ w->tenant, number, made });
}

/*
 * All of them, those of one status, or those that match now: what is active
 * and over, before or out of budget is left out row by row.
 */
#define MATCHING " WHERE c.tenant = ? AND c.id < ? AND c.removed_at IS NULL" \
	" AND c.created_at BETWEEN ? AND ?" \
	" AND c.template = coalesce(?, c.template)"
#define ANY " FROM campaigns c" MATCHING \
	" AND c.status = coalesce(?, c.status)"
#define OF_STATUS " FROM campaigns c INDEXED BY campaigns_by_status" \
	MATCHING " AND c.status = ?"
#define LIVE OF_STATUS " AND ? BETWEEN c.starts_at AND c.ends_at" \
	" AND (c.total_budget IS NULL" \
	" OR c.distributed - c.reversed < c.total_budget)"
#define NEWEST " ORDER BY c.id DESC LIMIT ? OFFSET ?"
#define COUNT "SELECT count(*) AS n FROM (SELECT 1"

enum way { BY_NUMBER, BY_STATUS, BY_NOW };

static const struct {
	const char	*rows, *count;
} ways[] = {
	[BY_NUMBER] = { SQL("SELECT " COLUMNS ANY NEWEST),
	    SQL(COUNT ANY " LIMIT ?)") },
	[BY_STATUS] = { SQL("SELECT " COLUMNS OF_STATUS NEWEST),
	    SQL(COUNT OF_STATUS " LIMIT ?)") },
	[BY_NOW] = { SQL("SELECT " COLUMNS LIVE NEWEST),
	    SQL(COUNT LIVE " LIMIT ?)") },
};

static enum way
way(const struct campaign_filter *f)
{
	if (f->live)
		return BY_NOW;

	return f->status >= 0 ? BY_STATUS : BY_NUMBER;
}

static struct query *
ask(struct work *w, const char *sql, const struct campaign_filter *f,
    int64_t below)
{
	struct query	*q = db_query(w->db, sql);

	db_int(q, w->tenant);
	db_int(q, below);
	page_bind_times(q, f->from, f->to);
	db_int_if(q, f->template >= 0, f->template + 1);
	if (f->live) {
		db_int(q, CAMPAIGN_ACTIVE);
		db_int(q, w->now.ms - w->now.ms % 1000);
	} else {
		db_int_if(q, f->status >= 0, f->status + 1);
	}

	return q;
}

int64_t
campaign_live(struct work *w)
{
	return db_only_int(ask(w, SQL("SELECT count(*) AS n" LIVE),
	    &(struct campaign_filter){ .live = true, .template = -1 },
	    INT64_MAX));
}

static void
complete(struct work *w, void *row)
{
	struct campaign	*c = row;

	c->pool = pool_id(w, c->terms.pool);
}

static const struct page_rows rows = { sizeof(struct campaign),
	offsetof(struct campaign, id), read_row, complete };

enum err
campaign_list(struct work *w, const struct campaign_filter *f,
    struct campaign_list *out)
{
	struct page_range	 range;

	if (page_range(w, &f->page, ID_CAMPAIGN, &range) != OK)
		return ERR_INVALID_REQUEST;
	if (f->page.cursor == NULL)
		range.total = page_count(ask(w, ways[way(f)].count, f,
		    INT64_MAX));

	return page_read(w, &range, ask(w, ways[way(f)].rows, f, range.below),
	    &rows, &out->campaigns, &out->pagination);
}
