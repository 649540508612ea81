/*
 * campaign_stats: what a campaign gave, to whom, when and for what.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "lib/giving/rewards/campaign.h"
#include "lib/giving/rewards/campaign_stats.h"
#include "lib/giving/rewards/campaign_sums.h"

#define DAY_MS	86400000LL

/* One sum; each list shows what it has of it. */
struct row {
	int64_t		 key, times;
	const char	*name;		/* of a type, or a day: "2026-11-28" */
	struct decimal	 least, multiplier;
	struct tokens	 distributed, reversed, net;
};

struct budget {
	int64_t		 total;		/* 0: none */
	struct tokens	 spent;
	int64_t		 remaining;	/* -1: no end */
	struct decimal	 percent;
};

#define SUMS \
	{ "tokensDistributed", TOKENS(struct row, distributed), \
	    .about = "what they gave" }, \
	{ "tokensReversed", TOKENS(struct row, reversed), \
	    .about = "what of that was taken back, or is owed" }, \
	{ "tokensNet",      TOKENS(struct row, net), \
	    .about = "the rest" }

static const struct shape totals_out = SHAPE("CampaignTotals", struct row,
	{ "actions", INT(struct row, times), .about = "how many it paid" },
	SUMS);

static const struct shape budget_out = SHAPE("CampaignBudget", struct budget,
	{ "totalBudget", INT(struct budget, total), NULLS,
	    .about = "what it may give, or null for no end" },
	{ "spent",       TOKENS(struct budget, spent),
	    .about = "what it gave, less what was taken back" },
	{ "remaining",   INT(struct budget, remaining), NULLS, .preset = -1,
	    .about = "what is left, or null" },
	{ "percentSpent", DECIMAL(struct budget, percent), NULLS,
	    .about = "spent of totalBudget, or null" });

static const struct shape role_out = SHAPE("CampaignByStakeholder",
    struct row,
	{ "stakeholderTypeCode", TEXT(struct row, name),
	    .about = "their part in the actions" },
	{ "rewards", INT(struct row, times), .about = "how many shares" },
	SUMS);

static const struct shape tier_out = SHAPE("CampaignByTier", struct row,
	{ "minAmount",  DECIMAL(struct row, least),
	    .about = "from this amount on" },
	{ "multiplier", DECIMAL(struct row, multiplier),
	    .about = "how many times the usual reward" },
	{ "actions",    INT(struct row, times), .about = "how many" },
	SUMS);

static const struct shape day_out = SHAPE("CampaignByDay", struct row,
	{ "date",    TEXT(struct row, name), .about = "UTC" },
	{ "actions", INT(struct row, times), .about = "how many" },
	SUMS);

static const struct shape type_out = SHAPE("CampaignByAction", struct row,
	{ "actionType", TEXT(struct row, name), .about = "what was done" },
	{ "actions",    INT(struct row, times), .about = "how often" },
	SUMS);

const struct shape campaign_stats_out = SHAPE("CampaignAnalytics",
    struct campaign_stats,
	{ "campaignId", TEXT(struct campaign_stats, id),
	    .about = "our id of the campaign" },
	{ "name",       TEXT(struct campaign_stats, name),
	    .about = "what people call it" },
	{ "status",     TEXT(struct campaign_stats, status),
	    .about = "DRAFT, ACTIVE, PAUSED or COMPLETED" },
	{ "totals",     OBJECT(struct campaign_stats, totals),
	    .each = &totals_out, .about = "all of it" },
	{ "budget",     OBJECT(struct campaign_stats, budget),
	    .each = &budget_out, .about = "how far it has come" },
	{ "byStakeholderType", LIST(struct campaign_stats, roles),
	    .each = &role_out,
	    .about = "to whom: the 100 that were seen first" },
	{ "byTier",     LIST(struct campaign_stats, tiers),
	    .each = &tier_out,
	    .about = "of a TIERED_REWARD: by which tier, the lowest first" },
	{ "daily",      LIST(struct campaign_stats, days), .each = &day_out,
	    .about = "when: days on which it gave something, the first"
	    " first" },
	{ "topActions", LIST(struct campaign_stats, types),
	    .each = &type_out, .about = "for what: the most tokens first" });

/* Of one kind, keys from one on. */
static struct list
read_sums(struct work *w, int64_t campaign, enum campaign_sum kind,
    int64_t from, int64_t most)
{
	struct row	*rows;
	struct query	*q;
	size_t		 n = 0;

	rows = arena_array(w->arena, (size_t)most, sizeof(*rows));
	q = db_query(w->db, SQL(
	    "SELECT key, times, distributed, reversed FROM campaign_sums"
	    " WHERE tenant = ? AND campaign = ? AND kind = ? AND key >= ?"
	    " ORDER BY key LIMIT ?"));
	db_int(q, w->tenant);
	db_int(q, campaign);
	db_int(q, kind);
	db_int(q, from);
	db_int(q, most);
	for (; (int64_t)n < most && db_next(q); n++) {
		rows[n].key = db_col_int(q, "key");
		rows[n].times = db_col_int(q, "times");
		rows[n].distributed.units = db_col_int(q, "distributed");
		rows[n].reversed.units = db_col_int(q, "reversed");
		rows[n].net.units = rows[n].distributed.units -
		    rows[n].reversed.units;
	}
	db_done(q);

	return (struct list){ rows, n };
}

/* What gave most comes first.  There are few. */
static void
sort(const struct list *list)
{
	struct row	*rows = list->items, row;
	size_t		 at;

	for (size_t i = 1; i < list->count; i++) {
		row = rows[i];
		for (at = i; at > 0 &&
		    tokens_less(rows[at - 1].net, row.net); at--)
			rows[at] = rows[at - 1];
		rows[at] = row;
	}
}

/* Words by their numbers. */
static void
name_words(struct work *w, struct list *list)
{
	struct row	*rows = list->items;
	struct query	*q;

	for (size_t i = 0; i < list->count; i++) {
		q = db_query(w->db, SQL(
		    "SELECT word FROM words WHERE tenant = ? AND id = ?"));
		db_int(q, w->tenant);
		db_int(q, rows[i].key);
		if (db_next(q))
			rows[i].name = db_col_text(q, w->arena, "word");
		db_done(q);
	}
}

static void
name_days(struct work *w, struct list *list)
{
	struct row	*rows = list->items;

	for (size_t i = 0; i < list->count; i++)
		rows[i].name = arena_copy(w->arena, clock_format(w->arena,
		    (struct moment){ rows[i].key * DAY_MS }), 10);
}

static void
name_tiers(const struct campaign_terms *t, struct list *list)
{
	struct row	*rows = list->items;

	for (size_t i = 0; i < list->count; i++) {
		const struct campaign_tier	*tier = &t->tiers[rows[i].key];

		rows[i].least = campaign_terms_decimal(tier->least, 4);
		rows[i].multiplier =
		    campaign_terms_decimal(tier->multiplier, 3);
	}
}

static void
add_up(struct work *w, const struct campaign *c, struct campaign_stats *out)
{
	struct row	*totals = arena_alloc(w->arena, sizeof(*totals));
	struct budget	*budget = arena_alloc(w->arena, sizeof(*budget));

	totals->times = c->actions;
	totals->distributed = c->distributed;
	totals->reversed = c->reversed;
	totals->net = c->spent;
	budget->total = c->terms.total_budget;
	budget->spent = c->spent;
	budget->remaining = budget->total > 0 ?
	    campaign_terms_left(&c->terms) : -1;
	budget->percent = c->percent_spent;
	out->totals = totals;
	out->budget = budget;
}

enum err
campaign_stats_read(struct work *w, const char *id, int64_t days,
    struct campaign_stats *out)
{
	struct campaign	 c;
	int64_t		 first = w->now.ms / DAY_MS - days + 1;
	enum err	 e = campaign_find(w, id, &c);

	if (e != OK)
		return e;
	memset(out, 0, sizeof(*out));
	out->id = c.id;
	out->name = c.name;
	out->status = c.status;
	add_up(w, &c, out);
	out->roles = read_sums(w, c.terms.number, CAMPAIGN_BY_ROLE, 0,
	    LIMIT_PAGE);
	name_words(w, &out->roles);
	out->tiers = read_sums(w, c.terms.number, CAMPAIGN_BY_TIER, 0,
	    LIMIT_TIERS);
	name_tiers(&c.terms, &out->tiers);
	out->days = read_sums(w, c.terms.number, CAMPAIGN_BY_DAY, first,
	    days);
	name_days(w, &out->days);
	out->types = read_sums(w, c.terms.number, CAMPAIGN_BY_TYPE, 0,
	    LIMIT_CAMPAIGN_TYPES);
	sort(&out->types);
	name_words(w, &out->types);

	return OK;
}
