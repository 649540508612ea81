/*
 * donation_back: money that went back to its donor, and may come again.
 *
 * Refunds only grow.  What disputes hold grows and shrinks: a bank takes the
 * money first and decides afterwards.  The two may be of the same money, so
 * it is their sum that counts, and never more than was paid.  Whatever
 * changes that sum goes through one function, which has the reward, the
 * appeal, the perk and the status follow.
 */
#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/giving/donations/appeal.h"
#include "lib/giving/donations/donation_again.h"
#include "lib/giving/donations/donation_back.h"
#include "lib/giving/donations/donation_reward.h"
#include "lib/hooks/outbox.h"

int64_t
donation_taken(const struct donation *d)
{
	int64_t	 whole = d->amount + d->tip, sum = d->refunded + d->disputed;

	return sum < whole ? sum : whole;
}

void
donation_back_perk(struct work *w, struct donation *d)
{
	struct appeal_choice	 choice = { d->appeal, d->perk,
		d->perk_times, LIMIT_AMOUNT, NULL };
	struct appeal_perk	 perk;
	struct work		 own = *w;
	struct faults		 faults;

	if (d->perk == 0)
		return;
	faults_init(&faults, w->arena);
	own.faults = &faults;
	if (appeal_perk_reserve(&own, &choice, &perk) != OK)
		d->perk = d->perk_times = 0;
}

static void
write_row(struct work *w, const struct donation *d)
{
	struct query	*q;

	q = db_query(w->db, SQL("UPDATE donations SET status = ?,"
	    " refunded = ?, disputed = ?, perk = nullif(?, 0),"
	    " perk_times = ? WHERE tenant = ? AND id = ?"));
	db_int(q, d->status);
	db_int(q, d->refunded);
	db_int(q, d->disputed);
	db_int(q, d->perk);
	db_int(q, d->perk_times);
	db_int(q, w->tenant);
	db_int(q, d->number);
	db_run(q);
}

/* What of it counts for its appeal: all but what was taken, in proportion. */
static void
count(struct work *w, const struct donation *d, int64_t before, int64_t after)
{
	struct tokens	 converted = { d->converted };
	int64_t		 whole = d->amount + d->tip;
	int64_t		 donors = (before == whole) - (after == whole);

	if (d->appeal == 0)
		return;
	appeal_count(w, d->appeal, (struct appeal_change){
	    tokens_part(converted, before, whole).units -
	    tokens_part(converted, after, whole).units,
	    d->iteration == 1 ? donors : 0 });
}

/* More was taken, or less, than was before. */
static void
follow(struct work *w, struct donation *d, int64_t before)
{
	int64_t	 whole = d->amount + d->tip, after = donation_taken(d);

	if (after == before)
		return;
	count(w, d, before, after);
	if (after > before)
		donation_again_take(w, d, after - before);
	else
		donation_again_add(w, d, before - after);
	if (after == whole) {
		d->status = DONATION_REFUNDED;
		if (d->perk != 0)
			appeal_perk_release(w, d->perk, d->perk_times);
	} else if (before == whole) {
		d->status = DONATION_COMPLETED;
		donation_back_perk(w, d);
	}
}

void
donation_refund(struct work *w, struct donation *d, int64_t refunded)
{
	int64_t	 whole = d->amount + d->tip, before = donation_taken(d);

	if (refunded > whole)
		refunded = whole;
	if (d->paid_at.ms == 0 || refunded <= d->refunded)
		return;
	d->refunded = refunded;
	follow(w, d, before);
	write_row(w, d);
	outbox_add(w, EVENT_DONATION_REFUNDED, d->number, NULL);
}

void
donation_dispute(struct work *w, struct donation *d, int64_t disputed)
{
	int64_t	 whole = d->amount + d->tip, before = donation_taken(d);
	bool	 more;

	if (disputed > whole)
		disputed = whole;
	if (d->paid_at.ms == 0 || disputed == d->disputed)
		return;
	more = disputed > d->disputed;
	d->disputed = disputed;
	follow(w, d, before);
	write_row(w, d);
	outbox_add(w, more ? EVENT_DONATION_REFUNDED :
	    EVENT_DONATION_REINSTATED, d->number, NULL);
}
