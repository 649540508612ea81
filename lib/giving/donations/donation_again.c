/*
 * donation_again: what a dispute took and gave back is rewarded again.
 *
 * A reversal is for ever, as all that is booked; so what is given back is an
 * action of its own, by the rules of its day.  A donation may so have several
 * rewards.  What is taken comes out of the latest first, so that of the first
 * one ever more is reversed and never less, and each sum of each reward has
 * one key.
 */
#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/giving/donations/donation_again.h"
#include "lib/giving/donations/donation_reward.h"

struct again {
	int64_t		 place, sum, back, action;
	struct moment	 reward_at;
};

struct agains {
	struct again	rows[LIMIT_REWARDS_AGAIN];
	size_t		count;
};

/* The latest first. */
static struct agains *
read_all(struct work *w, const struct donation *d)
{
	struct agains	*all = arena_alloc(w->arena, sizeof(*all));
	struct query	*q;

	all->count = 0;
	q = db_query(w->db, SQL("SELECT place, sum, back, action, reward_at"
	    " FROM donation_rewards WHERE tenant = ? AND donation = ?"
	    " ORDER BY place DESC LIMIT ?"));
	db_int(q, w->tenant);
	db_int(q, d->number);
	db_int(q, LIMIT_REWARDS_AGAIN);
	while (all->count < LIMIT_REWARDS_AGAIN && db_next(q))
		all->rows[all->count++] = (struct again){
			db_col_int(q, "place"), db_col_int(q, "sum"),
			db_col_int(q, "back"), db_col_int(q, "action"),
			{ db_col_int(q, "reward_at") } };
	db_done(q);

	return all;
}

static void
write_row(struct work *w, const struct donation *d, const struct again *r)
{
	struct query	*q;

	q = db_query(w->db, SQL("INSERT INTO donation_rewards"
	    " (tenant, donation, place, sum, back, action, reward_at)"
	    " VALUES (?, ?, ?, ?, ?, nullif(?, 0), nullif(?, 0))"
	    " ON CONFLICT (tenant, donation, place) DO UPDATE SET"
	    " back = excluded.back, action = excluded.action,"
	    " reward_at = excluded.reward_at"));
	db_int(q, w->tenant);
	db_int(q, d->number);
	db_int(q, r->place);
	db_int(q, r->sum);
	db_int(q, r->back);
	db_int(q, r->action);
	db_int(q, r->reward_at.ms);
	db_run(q);
}

static void
take_back(struct work *w, const struct donation *d, const struct again *r)
{
	if (r->back == 0 || r->action == 0)
		return;
	donation_reward_take(w, r->action, &(struct donation_portion){
	    donation_reward_key(w, d, "refund", r->place, r->back),
	    r->back, r->sum });
}

/* All of what was asked for may be gone before it was rewarded. */
static void
reward(struct work *w, const struct donation *d, struct again *r)
{
	struct donation_share	 share = {
		donation_reward_key(w, d, "donation", r->place, 0),
		tokens_part((struct tokens){ d->amount }, r->sum,
		    d->amount + d->tip).units };
	struct action		 a;

	r->reward_at.ms = 0;
	if (r->back == r->sum || share.amount == 0 ||
	    (d->email == NULL && d->external_id == NULL))
		return;
	if (donation_reward_try(w, d, &share, &a)) {
		r->action = a.number;
		take_back(w, d, r);
	} else
		r->reward_at = donation_reward_later(w, d);
}

void
donation_again_take(struct work *w, struct donation *d, int64_t sum)
{
	struct agains	*all = read_all(w, d);
	struct again	*r;
	int64_t		 part, first = donation_taken(d);

	for (size_t i = 0; i < all->count; i++) {
		r = &all->rows[i];
		part = r->sum - r->back < sum ? r->sum - r->back : sum;
		if (part > 0) {
			r->back += part;
			sum -= part;
			if (r->back == r->sum)
				r->reward_at.ms = 0;
			take_back(w, d, r);
			write_row(w, d, r);
		}
		first += r->sum - r->back;
	}
	if (sum > 0)
		donation_reward_back(w, d, first);
}

void
donation_again_add(struct work *w, struct donation *d, int64_t sum)
{
	struct agains	*all;
	struct again	 r = { .sum = sum };

	/* The first one takes what is away into account. */
	if (d->action == 0) {
		donation_reward(w, d);
		return;
	}
	all = read_all(w, d);
	if (all->count == LIMIT_REWARDS_AGAIN)
		return;
	r.place = (int64_t)all->count + 1;
	reward(w, d, &r);
	write_row(w, d, &r);
}

void
donation_again_due(struct work *w, struct donation *d)
{
	struct agains	*all = read_all(w, d);

	for (size_t i = 0; i < all->count; i++) {
		if (all->rows[i].reward_at.ms == 0 ||
		    all->rows[i].reward_at.ms > w->now.ms)
			continue;
		reward(w, d, &all->rows[i]);
		write_row(w, d, &all->rows[i]);
	}
}
