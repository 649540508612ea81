/*
 * campaign_state: how a campaign goes from one status to the next, by who
 * asks and by what time it is.
 */
#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "lib/giving/rewards/campaign.h"
#include "lib/giving/rewards/campaign_match.h"
#include "lib/hooks/outbox.h"

/* All ways that there are, and what is told of each. */
static const struct {
	enum campaign_status	from, to;
	enum event_type		told;
} ways[] = {
	{ CAMPAIGN_DRAFT, CAMPAIGN_ACTIVE, EVENT_CAMPAIGN_ACTIVATED },
	{ CAMPAIGN_ACTIVE, CAMPAIGN_PAUSED, EVENT_CAMPAIGN_PAUSED },
	{ CAMPAIGN_PAUSED, CAMPAIGN_ACTIVE, EVENT_CAMPAIGN_ACTIVATED },
	{ CAMPAIGN_ACTIVE, CAMPAIGN_COMPLETED, EVENT_CAMPAIGN_COMPLETED },
	{ CAMPAIGN_PAUSED, CAMPAIGN_COMPLETED, EVENT_CAMPAIGN_COMPLETED },
};

static bool
is_over(struct work *w, const struct campaign *c)
{
	return c->terms.ends_at.ms < w->now.ms - w->now.ms % 1000;
}

static void
write(struct work *w, const struct campaign *c, enum campaign_status to)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE campaigns SET status = ?1,"
	    " activated_at = iif(?1 = 2, coalesce(activated_at, ?2),"
	    " activated_at), completed_at = iif(?1 = 4, ?2, NULL)"
	    " WHERE tenant = ?3 AND id = ?4"));
	db_int(q, to);
	db_int(q, w->now.ms);
	db_int(q, w->tenant);
	db_int(q, c->terms.number);
	db_run(q);
}

static enum err
no_way(struct work *w, const struct campaign *c, enum campaign_status to)
{
	w->detail = arena_printf(w->arena, "The campaign is %s and cannot"
	    " become %s: DRAFT goes to ACTIVE, ACTIVE to PAUSED and back,"
	    " both to COMPLETED.", c->status, campaign_statuses[to - 1]);

	return ERR_INVALID_TRANSITION;
}

enum err
campaign_move(struct work *w, struct campaign *c, enum campaign_status to)
{
	size_t	i, n = sizeof(ways) / sizeof(ways[0]);

	for (i = 0; i < n; i++)
		if (ways[i].from == c->state && ways[i].to == to)
			break;
	if (i == n)
		return no_way(w, c, to);
	if (to == CAMPAIGN_ACTIVE && is_over(w, c)) {
		w->detail = "Its endDate has passed: give the draft another"
		    " schedule first.";
		return ERR_INVALID_TRANSITION;
	}
	write(w, c, to);
	if (!campaign_numbered(w, c->terms.number, c))
		return ERR_INTERNAL;
	campaign_match_enter(w, c->terms.number);
	outbox_add(w, ways[i].told, c->terms.number, NULL);

	return OK;
}

void
campaign_settle(struct work *w, struct campaign *c)
{
	if ((c->state == CAMPAIGN_ACTIVE || c->state == CAMPAIGN_PAUSED) &&
	    is_over(w, c))
		(void)campaign_move(w, c, CAMPAIGN_COMPLETED);
}

/* Which campaign, in whose time. */
struct due {
	int64_t	tenant, number, ahead_ms;
};

/* A sandbox is ahead of us, never behind. */
static size_t
gather(struct work *w, struct due *due)
{
	struct query	*q;
	size_t		 n = 0;

	/* scans: the tenants, each in its own time; and has it any? */
	q = db_query(w->db, SQL(
	    "SELECT c.tenant, c.id, t.ahead FROM tenants t"
	    " CROSS JOIN campaigns c ON c.tenant = t.id AND c.status IN (2, 3)"
	    " AND c.ends_at < 9223372036854775807"
	    " AND c.ends_at <= ? + t.ahead"
	    " WHERE t.side <> 'gone' LIMIT ?"));
	db_int(q, w->now.ms - 1000);
	db_int(q, LIMIT_DUE);
	for (; n < LIMIT_DUE && db_next(q); n++)
		due[n] = (struct due){ db_col_int(q, "tenant"),
			db_col_int(q, "id"), db_col_int(q, "ahead") };
	db_done(q);

	return n;
}

size_t
campaign_due(struct work *w)
{
	struct due	*due;
	struct campaign	 c;
	struct work	 own;
	size_t		 n;

	due = arena_array(w->arena, LIMIT_DUE, sizeof(*due));
	n = gather(w, due);
	for (size_t i = 0; i < n; i++) {
		own = *w;
		own.tenant = due[i].tenant;
		own.now.ms += due[i].ahead_ms;
		if (campaign_numbered(&own, due[i].number, &c))
			campaign_settle(&own, &c);
		w->told = w->told || own.told;
	}

	return n;
}
