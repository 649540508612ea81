/*
 * payment_refund: payments that were paid back, known or not.
 */
#include <stddef.h>

#include "lib/db/db.h"
#include "lib/giving/providers/payment_name.h"
#include "lib/giving/providers/payment_refund.h"

void
payment_refund_note(struct work *w, enum provider_name provider,
    const struct payment_refund *r)
{
	const char	*payment = payment_name_find(w, provider, r->payment);
	struct query	*q;

	q = db_query(w->db, SQL("INSERT INTO payment_refunds"
	    " (provider, live, payment, refunded) VALUES (?, ?, ?, ?)"
	    " ON CONFLICT (provider, live, payment) DO UPDATE SET"
	    " refunded = max(refunded, excluded.refunded)"));
	db_int(q, provider);
	db_int(q, r->live);
	db_text(q, payment != NULL ? payment : r->payment);
	db_int(q, r->refunded);
	db_run(q);
}

void
payment_refund_named(struct work *w, enum provider_name provider,
    const char *name, const char *reference)
{
	struct query	*q;

	/* Under both names only if the name was learned twice: the same. */
	q = db_query(w->db, SQL("UPDATE OR REPLACE payment_refunds"
	    " SET payment = ?"
	    " WHERE provider = ? AND live IN (0, 1) AND payment = ?"));
	db_text(q, reference);
	db_int(q, provider);
	db_text(q, name);
	db_run(q);
}

void
payment_refund_apply(struct work *w, struct donation *d)
{
	struct donation_side	 side;
	int64_t			 refunded = 0;
	struct query		*q;

	if (d->reference == NULL || !donation_side(w, d->id, &side))
		return;
	q = db_query(w->db, SQL("SELECT refunded FROM payment_refunds"
	    " WHERE provider = ? AND live = ? AND payment = ?"));
	db_int(q, d->provider);
	db_int(q, side.live);
	db_text(q, d->reference);
	if (db_next(q))
		refunded = db_col_int(q, "refunded");
	db_done(q);
	donation_refund(w, d, refunded);
}
