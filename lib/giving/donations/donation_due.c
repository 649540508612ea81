/*
 * donation_due: what time does to donations, of all tenants: links run out,
 * and rewards that could not be paid are tried again.
 */
#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/giving/donations/donation.h"
#include "lib/giving/donations/donation_again.h"
#include "lib/giving/donations/donation_reward.h"
#include "lib/giving/donations/donation_row.h"

/* Which donation, in whose time. */
struct due {
	int64_t	tenant, number, ahead_ms;
};

struct dues {
	struct due	rows[LIMIT_DUE];
	size_t		count;
};

static void
gather(struct query *q, struct dues *out)
{
	for (out->count = 0; db_next(q); out->count++)
		out->rows[out->count] = (struct due){
			db_col_int(q, "tenant"), db_col_int(q, "id"),
			db_col_int(q, "ahead") };
	db_done(q);
}

/* Do it to each, in its tenant's name and time. */
static size_t
each(struct work *w, const struct dues *all,
    void (*what)(struct work *, struct donation *))
{
	struct work	 own;
	struct donation	 d;

	for (size_t i = 0; i < all->count; i++) {
		own = *w;
		own.tenant = all->rows[i].tenant;
		own.now.ms += all->rows[i].ahead_ms;
		if (donation_numbered(&own, all->rows[i].number, &d))
			what(&own, &d);
		w->told = w->told || own.told;
	}

	return all->count;
}

static void
expire(struct work *w, struct donation *d)
{
	donation_fail(w, d, DONATION_EXPIRED);
}

size_t
donation_expire_due(struct work *w)
{
	struct dues	*all = arena_alloc(w->arena, sizeof(*all));
	struct query	*q;

	/* scans: the tenants, each in its own time; and has it any open? */
	q = db_query(w->db, SQL(
	    "SELECT d.tenant, d.id, t.ahead FROM tenants t"
	    " CROSS JOIN donations d ON d.tenant = t.id AND d.status = 1"
	    " AND d.expires_at <= ? + t.ahead"
	    " WHERE t.side <> 'gone' LIMIT ?"));
	db_int(q, w->now.ms);
	db_int(q, LIMIT_DUE);
	gather(q, all);

	return each(w, all, expire);
}

/* What disputes gave back. */
static size_t
again_due(struct work *w)
{
	struct dues	*all = arena_alloc(w->arena, sizeof(*all));
	struct query	*q;

	/* scans: the tenants, as below */
	q = db_query(w->db, SQL(
	    "SELECT r.tenant, r.donation AS id, t.ahead FROM tenants t"
	    " CROSS JOIN donation_rewards r ON r.tenant = t.id"
	    " AND r.reward_at IS NOT NULL AND r.reward_at <= ? + t.ahead"
	    " WHERE t.side <> 'gone' LIMIT ?"));
	db_int(q, w->now.ms);
	db_int(q, LIMIT_DUE);
	gather(q, all);

	return each(w, all, donation_again_due);
}

size_t
donation_reward_due(struct work *w)
{
	struct dues	*all = arena_alloc(w->arena, sizeof(*all));
	struct query	*q;

	/* scans: the tenants, as above */
	q = db_query(w->db, SQL(
	    "SELECT d.tenant, d.id, t.ahead FROM tenants t"
	    " CROSS JOIN donations d ON d.tenant = t.id"
	    " AND d.reward_at IS NOT NULL AND d.reward_at <= ? + t.ahead"
	    " WHERE t.side <> 'gone' LIMIT ?"));
	db_int(q, w->now.ms);
	db_int(q, LIMIT_DUE);
	gather(q, all);

	return each(w, all, donation_reward) + again_due(w);
}
