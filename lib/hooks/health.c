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
const int64_t health_edges[HEALTH_CLASSES] = {
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

void
health_note(struct work *w, const struct health_attempt *a)
{
	int64_t		 minutes = a->at.ms / 1000 / MINUTES;
	int64_t		 hours = a->at.ms / 1000 / HOURS;
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO webhook_slots (tenant, webhook, span, slot, took,"
	    " began, good, bad) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8),"
	    " (?1, ?2, ?9, ?10, ?5, ?11, ?7, ?8)"
	    " ON CONFLICT (tenant, webhook, span, slot, took) DO UPDATE"
	    " SET good = good * (began = excluded.began) + excluded.good,"
	    " bad = bad * (began = excluded.began) + excluded.bad,"
	    " began = excluded.began"));
	db_int(q, a->tenant);
	db_int(q, a->webhook);
	db_int(q, MINUTES);
	db_int(q, minutes % CIRCLE);
	db_int(q, (int64_t)histogram_class(health_edges, HEALTH_CLASSES,
	    a->duration_ms));
	db_int(q, minutes);
	db_int(q, a->good);
	db_int(q, !a->good);
	db_int(q, HOURS);
	db_int(q, hours % ROUND);
	db_int(q, hours);
	db_run(q);
}

void
health_of(struct work *w, int64_t webhook, enum health_window which,
    struct health *out)
{
	const struct window	*s = &windows[which];
	int64_t			 from = w->now.ms / 1000 / s->span - s->slots;
	struct query		*q;
	int64_t			 good, bad;

	*out = (struct health){ .from = { from * s->span * 1000 } };
	q = db_query(w->db, SQL(
	    "SELECT took, good, bad FROM webhook_slots WHERE tenant = ?"
	    " AND webhook = ? AND span = ? AND began BETWEEN ? AND ?"));
	db_int(q, w->tenant);
	db_int(q, webhook);
	db_int(q, s->span);
	db_int(q, from);
	db_int(q, from + s->slots);
	while (db_next(q)) {
		good = db_col_int(q, "good");
		bad = db_col_int(q, "bad");
		out->good += good;
		out->bad += bad;
		out->took[db_col_int(q, "took")] += good + bad;
	}
	db_done(q);
}
