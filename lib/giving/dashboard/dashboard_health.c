/*
 * dashboard_health: is each part at work that an integration needs?
 *
 * The parts are rows of a table, each with the function that looks at it.
 * What rewards need is vital: when that is down, all is.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/conf.h"
#include "lib/db/db.h"
#include "lib/giving/dashboard/dashboard.h"
#include "lib/giving/providers/provider.h"
#include "lib/giving/site/heartbeat.h"

enum verdict { FINE, DEGRADED, DOWN };

static const char *const verdicts[] = { "ok", "degraded", "down" };

static const struct shape pipeline_out = SHAPE("Pipeline",
    struct dashboard_pipeline,
	{ "name",   TEXT(struct dashboard_pipeline, name),
	    .about = "database, ledger, outbox, cron, providers or"
	    " webhooks" },
	{ "status", TEXT(struct dashboard_pipeline, status),
	    .about = "ok, degraded or down" },
	{ "detail", TEXT(struct dashboard_pipeline, detail),
	    .about = "why, in a sentence" });

const struct shape dashboard_health_out = SHAPE("IntegrationHealth",
    struct dashboard_health,
	{ "status",    TEXT(struct dashboard_health, status),
	    .about = "ok where all are; down where rewards cannot be given;"
	    " else degraded" },
	{ "asOf",      MOMENT(struct dashboard_health, as_of),
	    .about = "when this was so" },
	{ "pipelines", LIST(struct dashboard_health, pipelines),
	    .each = &pipeline_out, .about = "each part with its state" });

struct look {
	struct work		*w;
	const struct conf	*conf;
	bool			 live;
	const char		*why;		/* what a look found */
};

/* Who can read this much has a database; can it be written as well? */
static enum verdict
look_database(struct look *l)
{
	if (db_lost()) {
		l->why = "The disk failed to keep what was written.";
		return DOWN;
	}
	l->why = strcmp(db_journal(l->w->db), "wal") == 0 ? "It answers." :
	    "It answers; where it lies, who reads and who writes wait for"
	    " each other.";

	return FINE;
}

/* The head of the books is its last transaction, and nothing is half done. */
static enum verdict
look_ledger(struct look *l)
{
	struct query	*q;
	int64_t		 number = -1;
	bool		 whole = false;

	q = db_query(l->w->db, SQL(
	    "SELECT head_number, unbalanced = 0 AND (head_number = 0"
	    " OR EXISTS (SELECT 1 FROM transactions x"
	    " WHERE x.tenant = t.id AND x.number = t.head_number"
	    " AND x.hash = t.head_hash))"
	    " AND NOT EXISTS (SELECT 1 FROM transactions x"
	    " WHERE x.tenant = t.id AND x.number > t.head_number) AS whole"
	    " FROM tenants t WHERE id = ?"));
	db_int(q, l->w->tenant);
	if (db_next(q)) {
		number = db_col_int(q, "head_number");
		whole = db_col_int(q, "whole") != 0;
	}
	db_done(q);
	l->why = arena_printf(l->w->arena, whole ? "The chain ends with its"
	    " transaction %lld, as it should." : "The chain's head is not its"
	    " last transaction, %lld: the operator should run almoner ledger"
	    " verify.", (long long)number);

	return whole ? FINE : DOWN;
}

/* What is due is sent within seconds, or by cron within a minute or two. */
static enum verdict
look_outbox(struct look *l)
{
	struct query	*q;
	int64_t		 oldest = INT64_MAX, lag_s;

	q = db_query(l->w->db, SQL(
	    "SELECT min((SELECT min(d.due_at) FROM deliveries d"
	    " INDEXED BY deliveries_due WHERE d.tenant = h.tenant"
	    " AND d.webhook = h.id AND d.due_at IS NOT NULL)) AS oldest"
	    " FROM webhooks h INDEXED BY webhooks_on WHERE h.tenant = ?"
	    " AND h.disabled_at IS NULL AND h.removed_at IS NULL"));
	db_int(q, l->w->tenant);
	if (db_next(q) && !db_col_null(q, "oldest"))
		oldest = db_col_int(q, "oldest");
	db_done(q);
	lag_s = oldest < l->w->now.ms ? (l->w->now.ms - oldest) / 1000 : 0;
	l->why = lag_s == 0 ? "Nothing that is due waits to be sent." :
	    arena_printf(l->w->arena, "What is due has waited for %lld s.",
	    (long long)lag_s);

	return lag_s >= LIMIT_LAG_DOWN_S ? DOWN :
	    lag_s >= LIMIT_LAG_S ? DEGRADED : FINE;
}

/* Both programs are started each minute. */
static enum verdict
look_cron(struct look *l)
{
	static const char *const	 programs[] = { "deliver",
					    "housekeep" };
	enum verdict			 worst = FINE, v;
	struct moment			 at;
	int64_t				 ago_s;

	l->why = "bin/deliver and bin/housekeep have run of late.";
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		at = heartbeat_last(l->w, programs[i]);
		ago_s = (clock_now().ms - at.ms) / 1000;
		v = at.ms == 0 || ago_s >= LIMIT_CRON_DOWN_S ? DOWN :
		    ago_s >= LIMIT_CRON_S ? DEGRADED : FINE;
		if (v <= worst)
			continue;
		worst = v;
		l->why = at.ms == 0 ? arena_printf(l->w->arena,
		    "bin/%s has never been started by cron.", programs[i]) :
		    arena_printf(l->w->arena, "cron last started bin/%s"
		    " %lld s ago.", programs[i], (long long)ago_s);
	}

	return worst;
}

static bool
has_donations(struct work *w)
{
	struct query	*q = db_query(w->db, SQL(
	    "SELECT 1 FROM donations WHERE tenant = ? LIMIT 1"));
	bool		 any;

	db_int(q, w->tenant);
	any = db_next(q);
	db_done(q);

	return any;
}

/* Where payments go.  Who never took a donation need not have any. */
static enum verdict
look_providers(struct look *l)
{
	bool	 stripe = provider_stripe.configured(l->conf, l->live);
	bool	 every = provider_every_org.configured(l->conf, l->live);

	if (stripe || every) {
		l->why = arena_printf(l->w->arena, "Configured: %s%s%s.",
		    stripe ? "stripe" : "", stripe && every ? ", " : "",
		    every ? "every.org" : "");
		return FINE;
	}
	if (!l->live) {
		l->why = "The sandbox plays all of them.";
		return FINE;
	}
	l->why = "No payment provider is configured: donations are refused.";

	return has_donations(l->w) ? DOWN : FINE;
}

static enum verdict
look_webhooks(struct look *l)
{
	struct dashboard	 d = { .hooks = 0 };
	int64_t			 bad;

	dashboard_count_hooks(l->w, &d);
	bad = d.hooks_failing + d.hooks_off;
	l->why = d.hooks == 0 ? "You have none." : bad == 0 ?
	    "All are on, and none failed last." :
	    arena_printf(l->w->arena, "Of %lld, %lld failed last and %lld"
	    " are switched off: see /dashboard/webhooks/health.",
	    (long long)d.hooks, (long long)d.hooks_failing,
	    (long long)d.hooks_off);

	return bad == 0 ? FINE : bad < d.hooks ? DEGRADED : DOWN;
}

static const struct part {
	const char	*name;
	enum verdict	(*look)(struct look *);
	bool		 vital;
} parts[] = {
	{ "database",	look_database,	true },
	{ "ledger",	look_ledger,	true },
	{ "outbox",	look_outbox,	false },
	{ "cron",	look_cron,	false },
	{ "providers",	look_providers,	false },
	{ "webhooks",	look_webhooks,	false },
};

#define PARTS	(sizeof(parts) / sizeof(parts[0]))

void
dashboard_health_read(struct work *w, const struct conf *conf, bool live,
    struct dashboard_health *out)
{
	struct dashboard_pipeline	*rows = arena_array(w->arena, PARTS,
					    sizeof(*rows));
	struct look			 l = { w, conf, live, NULL };
	enum verdict			 worst = FINE, v;

	for (size_t i = 0; i < PARTS; i++) {
		v = parts[i].look(&l);
		rows[i] = (struct dashboard_pipeline){ parts[i].name,
			verdicts[v], l.why };
		if (v == DOWN && !parts[i].vital)
			v = DEGRADED;
		worst = v > worst ? v : worst;
	}
	*out = (struct dashboard_health){ verdicts[worst], w->now,
		{ rows, PARTS } };
}
