/*
 * dispute: payments that banks took back, as their provider tells of them.
 */
#include <string.h>

#include "lib/db/db.h"
#include "lib/giving/providers/dispute.h"
#include "lib/giving/providers/payment_name.h"

static bool
find(struct work *w, enum provider_name provider, bool live,
    const char *name, struct dispute *out)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL("SELECT stage, told_at FROM disputes"
	    " WHERE provider = ? AND live = ? AND name = ?"));
	db_int(q, provider);
	db_int(q, live);
	db_text(q, name);
	found = db_next(q);
	if (found)
		*out = (struct dispute){
			.stage = (enum dispute_stage)db_col_int(q, "stage"),
			.told_at = db_col_int(q, "told_at") };
	db_done(q);

	return found;
}

static void
write_row(struct work *w, enum provider_name provider,
    const struct dispute *d, const char *payment)
{
	struct query	*q;

	q = db_query(w->db, SQL("INSERT INTO disputes (provider, live, name,"
	    " payment, amount, currency, status, stage, told_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (provider, live, name) DO UPDATE SET"
	    " amount = excluded.amount, status = excluded.status,"
	    " stage = excluded.stage, told_at = excluded.told_at"));
	db_int(q, provider);
	db_int(q, d->live);
	db_text(q, d->name);
	db_text(q, payment);
	db_int(q, d->amount);
	db_text(q, d->currency);
	db_text(q, d->status);
	db_int(q, d->stage);
	db_int(q, d->told_at);
	db_run(q);
}

/* Where nothing was known of the money, what is told of it is never late. */
static bool
is_late(const struct dispute *d, const struct dispute *kept)
{
	if (kept->stage == DISPUTE_OPEN && d->stage != DISPUTE_OPEN)
		return false;

	return d->told_at < kept->told_at || (d->told_at == kept->told_at &&
	    d->stage < kept->stage);
}

void
dispute_note(struct work *w, enum provider_name provider,
    const struct dispute *d)
{
	const char	*payment = payment_name_find(w, provider, d->payment);
	struct dispute	 next = *d, kept;

	if (find(w, provider, d->live, d->name, &kept)) {
		if (is_late(d, &kept))
			return;
		if (d->stage == DISPUTE_OPEN)
			next.stage = kept.stage;
		if (next.told_at < kept.told_at)
			next.told_at = kept.told_at;
	}
	write_row(w, provider, &next, payment != NULL ? payment : d->payment);
}

void
dispute_named(struct work *w, enum provider_name provider, const char *name,
    const char *reference)
{
	struct query	*q;

	q = db_query(w->db, SQL("UPDATE disputes SET payment = ?"
	    " WHERE provider = ? AND live IN (0, 1) AND payment = ?"));
	db_text(q, reference);
	db_int(q, provider);
	db_text(q, name);
	db_run(q);
}

static bool
is_live(struct work *w, const struct donation *d)
{
	struct donation_side	 side;

	return donation_side(w, d->id, &side) && side.live;
}

void
dispute_apply(struct work *w, struct donation *d)
{
	int64_t		 whole = d->amount + d->tip, sum = 0;
	struct query	*q;

	if (d->reference == NULL)
		return;
	q = db_query(w->db, SQL("SELECT amount, currency FROM disputes"
	    " WHERE provider = ? AND live = ? AND payment = ?"
	    " AND stage = 1"));
	db_int(q, d->provider);
	db_int(q, is_live(w, d));
	db_text(q, d->reference);
	/* Of what is said in another currency we know no part: it is all. */
	while (sum < whole && db_next(q))
		sum += strcmp(db_col_text(q, w->arena, "currency"),
		    d->currency) == 0 && db_col_int(q, "amount") < whole ?
		    db_col_int(q, "amount") : whole;
	db_done(q);
	donation_dispute(w, d, sum);
}

bool
dispute_latest(struct work *w, const struct donation *d, struct dispute *out)
{
	struct query	*q;
	bool		 found;

	/* sorts: a payment has one, or two. */
	q = db_query(w->db, SQL("SELECT name, status FROM disputes"
	    " WHERE provider = ? AND live = ? AND payment = ?"
	    " ORDER BY told_at DESC LIMIT 1"));
	db_int(q, d->provider);
	db_int(q, is_live(w, d));
	db_text(q, d->reference);
	found = db_next(q);
	if (found)
		*out = (struct dispute){
			.name = db_col_text(q, w->arena, "name"),
			.status = db_col_text(q, w->arena, "status") };
	db_done(q);

	return found;
}
