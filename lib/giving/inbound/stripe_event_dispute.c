/*
 * stripe_event_dispute: what Stripe tells of disputes.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/giving/inbound/stripe_event_dispute.h"
#include "lib/giving/inbound/stripe_event_row.h"
#include "lib/giving/providers/dispute.h"
#include "lib/giving/providers/stripe_amount.h"

/*
 * Where the money is after an event, by the status that it shows; NULL stands
 * for any.  Money that comes back from a dispute that is lost is what was
 * refunded before: it stays with the donor.
 */
static const struct {
	const char		*type, *status;
	enum dispute_stage	 stage;
} rows[] = {
	{ "charge.dispute.funds_withdrawn", NULL, DISPUTE_TAKEN },
	{ "charge.dispute.funds_reinstated", "lost", DISPUTE_TAKEN },
	{ "charge.dispute.funds_reinstated", NULL, DISPUTE_BACK },
	{ "charge.dispute.closed", "lost", DISPUTE_TAKEN },
	{ "charge.dispute.closed", "won", DISPUTE_BACK },
	{ "charge.dispute.closed", NULL, DISPUTE_OPEN },
	{ "charge.dispute.created", NULL, DISPUTE_OPEN },
};

/* "usd" as ISO 4217 writes it. */
static const char *
upper(struct work *w, const char *code)
{
	char	*out = arena_text(w->arena, code);

	for (char *at = out; *at != '\0'; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');

	return out;
}

const struct currency *
stripe_event_currency(struct work *w, const struct stripe_object *o)
{
	return o->currency == NULL ? NULL :
	    money_currency(upper(w, o->currency));
}

static void
keep(struct work *w, const struct stripe_event *e, bool live,
    enum dispute_stage stage)
{
	const struct stripe_data	*data = e->data;
	const struct stripe_object	*o = data->object;
	const struct currency		*c = stripe_event_currency(w, o);
	struct dispute			 d = { .name = o->id,
		.payment = o->payment_intent, .status = o->status,
		.stage = stage, .told_at = e->created, .live = live,
		.amount = INT64_MAX, .currency = "" };

	if (c != NULL && o->amount <= LIMIT_AMOUNT) {
		d.currency = c->code;
		d.amount = stripe_amount_back(c, o->amount);
	}
	dispute_note(w, PROVIDER_STRIPE, &d);
}

void
stripe_event_dispute(struct work *w, const struct stripe_event *e, bool live)
{
	const struct stripe_data	*data = e->data;
	const struct stripe_object	*o = data->object;

	if (o->payment_intent == NULL || o->status == NULL)
		return;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].type, e->type) == 0 &&
		    (rows[i].status == NULL ||
		    strcmp(rows[i].status, o->status) == 0)) {
			keep(w, e, live, rows[i].stage);
			return;
		}
}
