/*
 * dashboard: what a tenant has and did, at a glance.
 */
#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "lib/giving/dashboard/dashboard.h"
#include "lib/giving/rewards/campaign.h"
#include "lib/giving/site/tally.h"
#include "lib/ledger/ledger.h"

#define DAY_MS	86400000LL

static const struct shape sums_out = SHAPE("DashboardSums",
    struct dashboard_sums,
	{ "from",              MOMENT(struct dashboard_sums, from), NULLS,
	    .about = "from the beginning of this day on (UTC); null for the"
	    " first" },
	{ "actions",           INT(struct dashboard_sums, actions),
	    .about = "how many actions were rewarded" },
	{ "tokensDistributed", TOKENS(struct dashboard_sums, distributed),
	    .about = "what they gave" },
	{ "reversals",         INT(struct dashboard_sums, reversals),
	    .about = "how often one was taken back" },
	{ "tokensClawedBack",  TOKENS(struct dashboard_sums, clawed_back),
	    .about = "what that brought back" });

const struct shape dashboard_out = SHAPE("DashboardOverview",
    struct dashboard,
	{ "asOf",            MOMENT(struct dashboard, as_of),
	    .about = "when this was so" },
	{ "users",           INT(struct dashboard, users),
	    .about = "how many you have" },
	{ "activeCampaigns", INT(struct dashboard, campaigns),
	    .about = "how many campaigns match now" },
	{ "today",           OBJECT(struct dashboard, today),
	    .each = &sums_out, .about = "since midnight, UTC" },
	{ "last7Days",       OBJECT(struct dashboard, week),
	    .each = &sums_out, .about = "today and the six days before" },
	{ "last30Days",      OBJECT(struct dashboard, month),
	    .each = &sums_out, .about = "today and the 29 days before" },
	{ "allTime",         OBJECT(struct dashboard, ever),
	    .each = &sums_out, .about = "ever" },
	{ "tokenPools",      INT(struct dashboard, pools),
	    .about = "how many there are" },
	{ "tokenPoolsLow",   INT(struct dashboard, pools_low),
	    .about = "how many are below their lowBalanceThreshold" },
	{ "webhooks",        INT(struct dashboard, hooks),
	    .about = "how many there are" },
	{ "webhooksFailing", INT(struct dashboard, hooks_failing),
	    .about = "how many of them are on and failed last" },
	{ "webhooksOff",     INT(struct dashboard, hooks_off),
	    .about = "how many are switched off" });

/* What happened from that day on; `ever` is all that did. */
static const struct dashboard_sums *
since(struct work *w, const struct tally *ever, int64_t day)
{
	struct dashboard_sums	*s = arena_alloc(w->arena, sizeof(*s));
	struct tally		 past = { 0 };

	if (day > 0) {
		past = tally_until(w, day - 1);
		s->from.ms = day * DAY_MS;
	}
	s->actions = ever->actions - past.actions;
	s->reversals = ever->reversals - past.reversals;
	s->distributed.units = ever->tokens - past.tokens;
	s->clawed_back.units = ever->clawed_back - past.clawed_back;

	return s;
}

/* The one number that a statement finds for the tenant. */
static int64_t
number(struct work *w, const char *sql)
{
	struct query	*q = db_query(w->db, sql);

	db_int(q, w->tenant);

	return db_only_int(q);
}

static void
read_pools(struct work *w, struct dashboard *d)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT count(*) AS pools, coalesce(sum("
	    "coalesce(a.balance, 0) < p.low_threshold), 0) AS low"
	    " FROM token_pools p LEFT JOIN accounts a"
	    " ON a.tenant = p.tenant AND a.kind = ? AND a.owner = p.id"
	    " WHERE p.tenant = ?"));
	db_int(q, ACCOUNT_POOL);
	db_int(q, w->tenant);
	if (db_next(q)) {
		d->pools = db_col_int(q, "pools");
		d->pools_low = db_col_int(q, "low");
	}
	db_done(q);
}

void
dashboard_count_hooks(struct work *w, struct dashboard *d)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT count(*) AS hooks, count(disabled_at) AS off,"
	    " coalesce(sum(disabled_at IS NULL"
	    " AND failing_since IS NOT NULL), 0) AS failing"
	    " FROM webhooks WHERE tenant = ? AND removed_at IS NULL"));
	db_int(q, w->tenant);
	if (db_next(q)) {
		d->hooks = db_col_int(q, "hooks");
		d->hooks_off = db_col_int(q, "off");
		d->hooks_failing = db_col_int(q, "failing");
	}
	db_done(q);
}

void
dashboard_read(struct work *w, struct dashboard *d)
{
	const struct tally	 ever = tally_until(w, INT64_MAX);
	int64_t			 today = w->now.ms / DAY_MS;

	*d = (struct dashboard){ .as_of = w->now };
	d->today = since(w, &ever, today);
	d->week = since(w, &ever, today - 6);
	d->month = since(w, &ever, today - 29);
	d->ever = since(w, &ever, 0);
	/* Numbers have no gaps: the last one, less those who were erased. */
	d->users = number(w, SQL("SELECT id AS n FROM users"
	    " WHERE tenant = ? ORDER BY id DESC LIMIT 1")) - ever.erased;
	d->campaigns = campaign_live(w);
	read_pools(w, d);
	dashboard_count_hooks(w, d);
}
