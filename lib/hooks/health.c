/*
 * health: rollups of what webhooks answered.
 *
 * A row is for a slot and a class of durations, so an attempt adds to two: of
 * the 5 minutes and of the hour in which it was sent.  Slots are numbered in a
 * circle.  Who comes to a row of the last time round begins it anew, and who
 * reads passes over such rows, so nothing has to be removed.
 */
#include "lib/base/histogram.h"
#include "lib/db/db.h"
#include "lib/hooks/health.h"

/* Seconds of a slot, and slots of a circle: more than a window has. */
#define MINUTES	300
#define CIRCLE	16
#define HOURS	3600
#define ROUND	192

/* Half-way between powers of two as well: a fifth off at the most. */
const int64_t	health_edges[HEALTH_CLASSES] = {
	0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384,
	512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 12288
};

static const struct window {
	int64_t	span, slots;
} windows[] = {
	[HEALTH_HOUR]	= { MINUTES, 12 },
	[HEALTH_DAY]	= { HOURS, 24 },
	[HEALTH_WEEK]	= { HOURS, 168 },
};

static void
add(struct work *w, const struct health_attempt *a, int64_t span,
    int64_t circle)
{
	int64_t		 began = a->at.ms / 1000 / span;
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO webhook_slots (tenant, webhook, span, slot, took,"
	    " began, good, bad) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (tenant, webhook, span, slot, took) DO UPDATE"
	    " SET good = good * (began = excluded.began) + excluded.good,"
	    " bad = bad * (began = excluded.began) + excluded.bad,"
	    " began = excluded.began"));
	db_int(q, a->tenant);
	db_int(q, a->webhook);
	db_int(q, span);
	db_int(q, began % circle);
	db_int(q, (int64_t)histogram_class(health_edges, HEALTH_CLASSES,
	    a->duration_ms));
	db_int(q, began);
	db_int(q, a->good);
	db_int(q, !a->good);
	db_run(q);
}

void
health_note(struct work *w, const struct health_attempt *a)
{
	add(w, a, MINUTES, CIRCLE);
	add(w, a, HOURS, ROUND);
}

/* A row counts in each window of its span in which its slot lies. */
static void
count(struct health all[HEALTH__MAX], int64_t span, struct query *q)
{
	int64_t	 began = db_col_int(q, "began"), good, bad;
	size_t	 took = (size_t)db_col_int(q, "took");

	good = db_col_int(q, "good");
	bad = db_col_int(q, "bad");
	for (size_t i = 0; i < HEALTH__MAX; i++) {
		if (windows[i].span != span ||
		    began * span * 1000 < all[i].from.ms)
			continue;
		all[i].good += good;
		all[i].bad += bad;
		all[i].took[took] += good + bad;
	}
}

static void
walk(struct work *w, int64_t webhook, const struct window *s,
    struct health all[HEALTH__MAX])
{
	int64_t		 now = w->now.ms / 1000 / s->span;
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT took, began, good, bad FROM webhook_slots"
	    " WHERE tenant = ? AND webhook = ? AND span = ?"
	    " AND began BETWEEN ? AND ?"));
	db_int(q, w->tenant);
	db_int(q, webhook);
	db_int(q, s->span);
	db_int(q, now - s->slots);
	db_int(q, now);
	while (db_next(q))
		count(all, s->span, q);
	db_done(q);
}

void
health_of(struct work *w, int64_t webhook, struct health all[HEALTH__MAX])
{
	for (size_t i = 0; i < HEALTH__MAX; i++)
		all[i] = (struct health){ .from = { (w->now.ms / 1000 /
		    windows[i].span - windows[i].slots) *
		    windows[i].span * 1000 } };
	walk(w, webhook, &windows[HEALTH_HOUR], all);
	walk(w, webhook, &windows[HEALTH_WEEK], all);
}
