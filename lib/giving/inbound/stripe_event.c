/*
 * stripe_event: from what Stripe tells to what becomes of a donation.
 *
 * One table says which type of event does what.  The donation's own id is in
 * the metadata of the checkout, and Stripe hands it on; a charge is also
 * found by its payment.  Of a subscription the first payment is told twice,
 * by the checkout and by its invoice: both name the invoice.  Which payment
 * an invoice was paid by is told by an event of its own, since a charge does
 * not say any more what it is of.
 *
 * An event that was acted upon is known by its id and does nothing again.
 * Nor would it without: each looks at where the donation stands and does what
 * is missing, since two events may tell of one thing.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "lib/giving/inbound/stripe_event_dispute.h"
#include "lib/giving/inbound/stripe_event_row.h"
#include "lib/giving/providers/dispute.h"
#include "lib/giving/providers/payment_name.h"
#include "lib/giving/providers/payment_refund.h"
#include "lib/giving/providers/stripe_amount.h"

static const struct stripe_object *
object_of(const struct stripe_event *e)
{
	return ((const struct stripe_data *)e->data)->object;
}

static const struct stripe_details *
details_of(const struct stripe_object *o)
{
	const struct stripe_parent	*parent = o->parent;

	return parent != NULL && parent->details != NULL ?
	    parent->details : o->details;
}

static const char *
id_in(const void *metadata)
{
	return metadata != NULL ?
	    ((const struct stripe_metadata *)metadata)->id : NULL;
}

/* Our id, wherever it rides; NULL if nowhere. */
static const char *
our_id(const struct stripe_object *o)
{
	const struct stripe_details	*d = details_of(o);
	const char		*id = id_in(o->metadata);

	if (id == NULL && d != NULL)
		id = id_in(d->metadata);

	return id != NULL ? id : o->reference;
}

static const char *
subscription_of(const struct stripe_object *o)
{
	const struct stripe_details	*d = details_of(o);

	return o->subscription != NULL ? o->subscription :
	    d != NULL ? d->subscription : NULL;
}

/* A payment has two names. */
static void
name(struct work *w, const char *intent, const char *invoice)
{
	payment_name_add(w, PROVIDER_STRIPE, intent, invoice);
	dispute_named(w, PROVIDER_STRIPE, intent, invoice);
	payment_refund_named(w, PROVIDER_STRIPE, intent, invoice);
}

static void
note_refund(struct work *w, const struct stripe_object *o, bool live)
{
	const struct currency	*c = stripe_event_currency(w, o);

	if (o->payment_intent != NULL && c != NULL &&
	    o->refunded <= LIMIT_AMOUNT)
		payment_refund_note(w, PROVIDER_STRIPE,
		    &(struct payment_refund){ o->payment_intent,
		    stripe_amount_back(c, o->refunded), live });
}

/* What is kept of the payment of a donation that is paid by now. */
static void
follow(struct work *w, struct donation *d)
{
	payment_refund_apply(w, d);
	dispute_apply(w, d);
}

void
stripe_event_note(struct work *w, const struct stripe_event *e, bool live)
{
	const struct stripe_object	*o = object_of(e);
	const struct stripe_paid_by	*by = o->payment;

	if (strcmp(e->type, "invoice_payment.paid") == 0 &&
	    o->invoice != NULL && by != NULL && by->intent != NULL)
		name(w, by->intent, o->invoice);
	/* As it was until 2025: an invoice said it itself. */
	if (strcmp(e->type, "invoice.paid") == 0 &&
	    o->payment_intent != NULL)
		name(w, o->payment_intent, o->id);
	if (strcmp(e->type, "charge.refunded") == 0)
		note_refund(w, o, live);
	stripe_event_dispute(w, e, live);
}

/* The donation that this payment paid. */
static bool
paid_by(struct work *w, const char *reference, struct stripe_meant *m)
{
	return reference != NULL && donation_by_reference(w,
	    PROVIDER_STRIPE, reference, &m->side, &m->number);
}

/* What a charge paid: an older one names its invoice. */
static bool
charged(struct work *w, const struct stripe_object *o, struct stripe_meant *m)
{
	return paid_by(w, o->payment_intent, m) ||
	    paid_by(w, o->invoice, m) || (o->payment_intent != NULL &&
	    paid_by(w, payment_name_find(w, PROVIDER_STRIPE,
	    o->payment_intent), m));
}

struct stripe_meant
stripe_event_meant(struct work *w, const struct stripe_event *e)
{
	const struct stripe_object	*o = object_of(e);
	struct stripe_meant	 m = { { 0, 0, false }, 0 };
	struct donation		 d;
	struct work		 own = *w;
	const char		*id = our_id(o);

	if ((strncmp(e->type, "charge.", 7) == 0 ||
	    strcmp(e->type, "invoice_payment.paid") == 0) &&
	    charged(w, o, &m))
		return m;
	/* Somebody may have cleared what we had noted there. */
	if (id == NULL && subscription_of(o) != NULL &&
	    donation_by_subscription(w, PROVIDER_STRIPE,
	    subscription_of(o), &m.side, &m.number))
		return m;
	if (donation_side(w, id, &m.side)) {
		own.tenant = m.side.tenant;
		if (donation_find(&own, id, &d) == OK &&
		    d.provider == PROVIDER_STRIPE)
			m.number = d.number;
	}
	if (m.number == 0)
		m.side.tenant = 0;

	return m;
}

/* One payment has one name, whichever event tells of it first. */
static struct donation_payment
payment(struct work *w, const struct stripe_object *o, const char *reference)
{
	const struct stripe_customer	*c = o->customer;
	struct donation_payment	 p = { .reference = reference,
		.subscription = subscription_of(o) };
	const char		*space;

	if (c == NULL)
		return p;
	p.email = c->email;
	space = c->name != NULL ? strrchr(c->name, ' ') : NULL;
	p.first_name = space == NULL ? c->name : arena_copy(w->arena,
	    c->name, (size_t)(space - c->name));
	p.last_name = space == NULL ? NULL : space + 1;

	return p;
}

static enum err
paid(struct work *w, struct donation *d, const struct stripe_object *o)
{
	struct donation_payment	 p = payment(w, o,
		o->payment_intent != NULL ? o->payment_intent :
		o->invoice != NULL ? o->invoice : o->id);

	donation_confirm(w, d, &p);
	follow(w, d);

	return OK;
}

static enum err
checked_out(struct work *w, struct donation *d, const struct stripe_object *o)
{
	if (o->payment_status == NULL ||
	    strcmp(o->payment_status, "unpaid") != 0)
		return paid(w, d, o);
	donation_process(w, d);

	return OK;
}

static enum err
declined(struct work *w, struct donation *d, const struct stripe_object *o)
{
	(void)o;
	donation_fail(w, d, DONATION_FAILED);

	return OK;
}

static enum err
expired(struct work *w, struct donation *d, const struct stripe_object *o)
{
	(void)o;
	donation_fail(w, d, DONATION_EXPIRED);

	return OK;
}

/*
 * What an invoice was paid with, without the tip, where that is not what the
 * donation was begun with: the account's owner may change a subscription.
 */
static int64_t
changed_amount(const struct donation *d, const struct stripe_object *o)
{
	int64_t	 sum;

	if (o->amount_paid < 0)
		return 0;
	sum = stripe_amount_back(money_currency(d->currency),
	    o->amount_paid);

	return sum > d->tip && sum != d->amount + d->tip ? sum - d->tip : 0;
}

/* The first invoice is the checkout's; each later one is a renewal. */
static enum err
invoiced(struct work *w, struct donation *d, const struct stripe_object *o)
{
	struct donation_payment	 p = payment(w, o, o->id);
	struct donation		 next;

	/* A month that was given away is no gift. */
	if (o->amount_paid == 0)
		return OK;
	if (o->reason != NULL &&
	    strcmp(o->reason, "subscription_create") == 0) {
		donation_confirm(w, d, &p);
		follow(w, d);
		return OK;
	}
	if (d->subscription == NULL)
		return ERR_INVALID_TRANSITION;
	p.amount = changed_amount(d, o);
	donation_renew(w, d, &p, &next);
	follow(w, &next);

	return OK;
}

static enum err
refunded(struct work *w, struct donation *d, const struct stripe_object *o)
{
	if (d->paid_at.ms == 0)
		return ERR_INVALID_TRANSITION;
	donation_refund(w, d, stripe_amount_back(
	    money_currency(d->currency), o->refunded));

	return OK;
}

/* What is kept is of this payment, or has become so just now. */
static enum err
kept(struct work *w, struct donation *d, const struct stripe_object *o)
{
	(void)o;
	follow(w, d);

	return OK;
}

static bool
is_known(struct work *w, const struct stripe_event *e)
{
	struct query	*q;
	bool		 known;

	q = db_query(w->db, SQL("SELECT 1 FROM provider_events"
	    " WHERE provider = ? AND id = ?"));
	db_int(q, PROVIDER_STRIPE);
	db_text(q, e->id);
	known = db_next(q);
	db_done(q);

	return known;
}

static void
note_known(struct work *w, const struct stripe_event *e)
{
	struct query	*q;

	q = db_query(w->db, SQL("INSERT INTO provider_events"
	    " (provider, id, received_at) VALUES (?, ?, ?)"));
	db_int(q, PROVIDER_STRIPE);
	db_text(q, e->id);
	db_int(q, w->now.ms);
	db_run(q);
}

enum err
stripe_event_act(struct work *w, const struct stripe_event *e,
    int64_t number)
{
	static const struct {
		const char	*type;
		enum err	(*does)(struct work *, struct donation *,
				    const struct stripe_object *);
	} rows[] = {
		{ "checkout.session.completed", checked_out },
		{ "checkout.session.async_payment_succeeded", paid },
		{ "checkout.session.async_payment_failed", declined },
		{ "checkout.session.expired", expired },
		{ "invoice.paid", invoiced },
		{ "invoice_payment.paid", kept },
		{ "charge.refunded", refunded },
		{ "charge.dispute.created", kept },
		{ "charge.dispute.funds_withdrawn", kept },
		{ "charge.dispute.funds_reinstated", kept },
		{ "charge.dispute.closed", kept },
	};
	struct donation	 d;
	enum err	 done;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].type, e->type) != 0)
			continue;
		if (is_known(w, e) || !donation_numbered(w, number, &d))
			return OK;
		done = rows[i].does(w, &d, object_of(e));
		if (done == OK)
			note_known(w, e);
		return done;
	}

	return OK;
}
