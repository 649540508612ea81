/*
 * dashboard_usage: how much was asked of us, day by day.
 */
#include "lib/base/arena.h"
#include "lib/base/histogram.h"
#include "lib/db/db.h"
#include "lib/giving/dashboard/dashboard.h"
#include "lib/giving/site/usage.h"

#define DAY_MS	86400000LL

/* One day, while it is added up. */
struct day {
	int64_t	status[6];		/* 2xx at 2 */
	int64_t	limited;
	int64_t	took[USAGE_BUCKETS];
};

struct dashboard_usage {
	int64_t		 first, days;	/* since 1970, and how many */
	struct day	*rows;		/* first + i */
};

/* One day, as it is told. */
struct told {
	const char	*date;
	int64_t		 requests, good, moved, refused, broken, limited;
	struct decimal	 p50_ms, p95_ms;
};

static const struct shape limit_out = SHAPE("RateLimit",
    struct dashboard_limit,
	{ "limit",     INT(struct dashboard_limit, limit),
	    .about = "requests that you may make in a minute" },
	{ "remaining", INT(struct dashboard_limit, remaining),
	    .about = "what is left of this minute's" },
	{ "resetsAt",  MOMENT(struct dashboard_limit, reset),
	    .about = "when the next minute begins" });

static const struct shape day_out = SHAPE("UsageDay", struct told,
	{ "date",        TEXT(struct told, date), .about = "in UTC" },
	{ "requests",    INT(struct told, requests),
	    .about = "how many were answered" },
	{ "status2xx",   INT(struct told, good),
	    .about = "how many of them well" },
	{ "status3xx",   INT(struct told, moved),
	    .about = "how many with an address to go to" },
	{ "status4xx",   INT(struct told, refused),
	    .about = "how many with a refusal" },
	{ "status5xx",   INT(struct told, broken),
	    .about = "how many with our own trouble" },
	{ "rateLimited", INT(struct told, limited),
	    .about = "how many of the 4xx were RATE_LIMITED" },
	{ "p50Ms",       DECIMAL(struct told, p50_ms), NULLS,
	    .about = "half of them took no longer, in milliseconds,"
	    " estimated; null without any" },
	{ "p95Ms",       DECIMAL(struct told, p95_ms), NULLS,
	    .about = "and 95 in 100" });

const struct shape dashboard_usage_out = SHAPE("ApiUsage",
    struct dashboard_usage_told,
	{ "days",      INT(struct dashboard_usage_told, days),
	    .about = "how many days are told of" },
	{ "rateLimit", OBJECT(struct dashboard_usage_told, limit), NULLS,
	    .each = &limit_out, .about = "how near you are to it now" },
	{ "data",      LIST(struct dashboard_usage_told, data),
	    .each = &day_out, .about = "one for each day, today first" });

void
dashboard_usage_add(struct dashboard_usage *u, int64_t day, int counter,
    int64_t times)
{
	struct day	*d;

	if (day < u->first || day >= u->first + u->days)
		return;
	d = &u->rows[day - u->first];
	if (counter >= 2 && counter <= 5)
		d->status[counter] += times;
	else if (counter == USAGE_LIMITED)
		d->limited += times;
	else if (counter >= USAGE_LATENCY &&
	    counter < USAGE_LATENCY + USAGE_BUCKETS)
		d->took[counter - USAGE_LATENCY] += times;
}

struct dashboard_usage *
dashboard_usage_read(struct work *w, int64_t days)
{
	struct dashboard_usage	*u = arena_alloc(w->arena, sizeof(*u));
	struct query		*q;

	u->first = clock_now().ms / DAY_MS - days + 1;
	u->days = days;
	u->rows = arena_array(w->arena, (size_t)days, sizeof(*u->rows));
	q = db_query(w->db, SQL(
	    "SELECT day, counter, times FROM usage"
	    " WHERE tenant = ? AND day >= ?"));
	db_int(q, w->tenant);
	db_int(q, u->first);
	while (db_next(q))
		dashboard_usage_add(u, db_col_int(q, "day"),
		    (int)db_col_int(q, "counter"), db_col_int(q, "times"));
	db_done(q);

	return u;
}

/* In milliseconds, to the microsecond. */
static struct decimal
took(const struct day *d, int64_t percent)
{
	int64_t	 edges[USAGE_BUCKETS], us;

	for (int i = 0; i < USAGE_BUCKETS; i++)
		edges[i] = i == 0 ? 0 : INT64_C(1) << i;
	us = histogram_at(&(struct histogram){ edges, d->took,
	    USAGE_BUCKETS }, percent);

	return (struct decimal){ us, 3, us >= 0 };
}

static void
tell(struct work *w, const struct day *d, int64_t day, struct told *t)
{
	const char	*text = clock_format(w->arena,
			    (struct moment){ day * DAY_MS });

	*t = (struct told){ .date = arena_copy(w->arena, text, 10),
		.good = d->status[2], .moved = d->status[3],
		.refused = d->status[4], .broken = d->status[5],
		.limited = d->limited,
		.p50_ms = took(d, 50), .p95_ms = took(d, 95) };
	t->requests = t->good + t->moved + t->refused + t->broken;
}

void
dashboard_usage_tell(struct work *w, struct dashboard_usage *u,
    struct dashboard_usage_told *out)
{
	struct told	*rows = arena_array(w->arena, (size_t)u->days,
			    sizeof(*rows));

	for (int64_t i = 0; i < u->days; i++)
		tell(w, &u->rows[u->days - 1 - i], u->first + u->days - 1 - i,
		    &rows[i]);
	*out = (struct dashboard_usage_told){ .days = u->days,
		.data = { rows, (size_t)u->days } };
}
