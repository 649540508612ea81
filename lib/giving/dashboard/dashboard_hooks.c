/*
 * dashboard_hooks: how deliveries went, by webhook and in all.
 */
#include "lib/base/arena.h"
#include "lib/base/histogram.h"
#include "lib/db/db.h"
#include "lib/giving/dashboard/dashboard.h"
#include "lib/giving/events/webhook.h"

static const struct shape window_out = SHAPE("WebhookWindow",
    struct dashboard_window,
	{ "from",        MOMENT(struct dashboard_window, from),
	    .about = "what was sent then or later" },
	{ "attempts",    INT(struct dashboard_window, attempts),
	    .about = "how many there were" },
	{ "succeeded",   INT(struct dashboard_window, succeeded),
	    .about = "how many were answered 2xx" },
	{ "failed",      INT(struct dashboard_window, failed),
	    .about = "how many were not" },
	{ "successRate", DECIMAL(struct dashboard_window, rate), NULLS,
	    .about = "succeeded of attempts, in percent; null without any" },
	{ "p50Ms",       DECIMAL(struct dashboard_window, p50_ms), NULLS,
	    .about = "half of them took no longer, in milliseconds,"
	    " estimated; null without any" },
	{ "p95Ms",       DECIMAL(struct dashboard_window, p95_ms), NULLS,
	    .about = "and 95 in 100" });

#define WINDOWS(s) \
	{ "lastHour",    OBJECT(s, windows[HEALTH_HOUR]), \
	    .each = &window_out, \
	    .about = "the last hour, and up to 5 minutes more" }, \
	{ "last24Hours", OBJECT(s, windows[HEALTH_DAY]), \
	    .each = &window_out, \
	    .about = "the last 24 hours, and up to an hour more" }, \
	{ "last7Days",   OBJECT(s, windows[HEALTH_WEEK]), \
	    .each = &window_out, \
	    .about = "the last 7 days, and up to an hour more" }

static const struct shape hook_out = SHAPE("WebhookHealth",
    struct dashboard_hook,
	{ "webhookId",      TEXT(struct dashboard_hook, id),
	    .about = "our id of the webhook" },
	{ "url",            TEXT(struct dashboard_hook, url),
	    .about = "where it is" },
	{ "status",         TEXT(struct dashboard_hook, status),
	    .about = "ACTIVE or DISABLED" },
	{ "disabledReason", TEXT(struct dashboard_hook, disabled_why), NULLS,
	    .about = "gone, failing or partner; null while it is on" },
	{ "failingSince",   MOMENT(struct dashboard_hook, failing_since),
	    NULLS, .about = "the first failure since the last success" },
	{ "backlog",        INT(struct dashboard_hook, backlog),
	    .about = "deliveries that wait, counted up to 1000" },
	{ "nextAttemptAt",  MOMENT(struct dashboard_hook, next_at), NULLS,
	    .about = "when the next of them is due; null if none waits" },
	WINDOWS(struct dashboard_hook));

const struct shape dashboard_hooks_out = SHAPE("WebhooksHealth",
    struct dashboard_hooks,
	{ "asOf", MOMENT(struct dashboard_hooks, as_of),
	    .about = "when this was so" },
	WINDOWS(struct dashboard_hooks),
	{ "data", LIST(struct dashboard_hooks, hooks), .each = &hook_out,
	    .about = "each webhook, the newest first" });

static struct decimal
took(const struct health *h, int64_t percent)
{
	int64_t	 ms = histogram_at(&(struct histogram){ health_edges,
	    h->took, HEALTH_CLASSES }, percent);

	return (struct decimal){ ms, 0, ms >= 0 };
}

static const struct dashboard_window *
window(struct work *w, const struct health *h)
{
	struct dashboard_window	*d = arena_alloc(w->arena, sizeof(*d));
	int64_t			 all = h->good + h->bad;

	*d = (struct dashboard_window){ .from = h->from, .attempts = all,
		.succeeded = h->good, .failed = h->bad,
		.p50_ms = took(h, 50), .p95_ms = took(h, 95) };
	/* Rounded down: 100 is said only where all went well. */
	if (all > 0)
		d->rate = (struct decimal){ h->good * 10000 / all, 2, true };

	return d;
}

static void
add(struct health *sum, const struct health *h)
{
	sum->good += h->good;
	sum->bad += h->bad;
	for (size_t i = 0; i < HEALTH_CLASSES; i++)
		sum->took[i] += h->took[i];
}

/* What waits, and until when. */
static void
read_queue(struct work *w, int64_t number, struct dashboard_hook *d)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT count(*) AS n, coalesce(min(due_at), 0) AS next_at"
	    " FROM (SELECT due_at FROM deliveries INDEXED BY deliveries_due"
	    " WHERE tenant = ? AND webhook = ? AND due_at IS NOT NULL"
	    " ORDER BY due_at LIMIT ?)"));
	db_int(q, w->tenant);
	db_int(q, number);
	db_int(q, LIMIT_BACKLOG);
	if (db_next(q)) {
		d->backlog = db_col_int(q, "n");
		d->next_at.ms = db_col_int(q, "next_at");
	}
	db_done(q);
}

void
dashboard_hooks_read(struct work *w, struct dashboard_hooks *out)
{
	const struct webhook_filter	 all = WEBHOOK_ALL;
	struct health			*sums, *h;
	struct webhook_list		 list = { 0 };
	const struct webhook		*hooks;
	struct dashboard_hook		*rows;

	(void)webhook_list(w, &all, &list);
	hooks = list.webhooks.items;
	rows = arena_array(w->arena, list.webhooks.count + 1, sizeof(*rows));
	sums = arena_array(w->arena, HEALTH__MAX, sizeof(*sums));
	h = arena_array(w->arena, HEALTH__MAX, sizeof(*h));
	/* There is none with that number: this says what times they are. */
	health_of(w, 0, sums);
	for (size_t i = 0; i < list.webhooks.count; i++) {
		rows[i] = (struct dashboard_hook){ .id = hooks[i].id,
			.url = hooks[i].url, .status = hooks[i].status,
			.disabled_why = hooks[i].disabled_why,
			.failing_since = hooks[i].failing_since };
		read_queue(w, hooks[i].number, &rows[i]);
		health_of(w, hooks[i].number, h);
		for (int k = 0; k < HEALTH__MAX; k++) {
			rows[i].windows[k] = window(w, &h[k]);
			add(&sums[k], &h[k]);
		}
	}
	*out = (struct dashboard_hooks){ .as_of = w->now,
		.hooks = { rows, list.webhooks.count } };
	for (int k = 0; k < HEALTH__MAX; k++)
		out->windows[k] = window(w, &sums[k]);
}
