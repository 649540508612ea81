/*
 * every_org_event: from what Every.org tells to a paid donation.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/base/money.h"
#include "lib/giving/inbound/every_org_event.h"

struct receiver {
	const char	*slug, *ein;
};

static const struct shape receiver_in = SHAPE("EveryOrgNonprofit",
    struct receiver,
	{ "slug", TEXT(struct receiver, slug), NULLS, 0, 255,
	    .about = "theirs" },
	{ "ein",  TEXT(struct receiver, ein), NULLS, 0, 32,
	    .about = "with or without a dash" });

const struct shape every_org_event_in = SHAPE("EveryOrgEvent",
    struct every_org_event,
	{ "chargeId", TEXT(struct every_org_event, charge), NEED, 1, 255,
	    .about = "their name of the payment" },
	{ "partnerDonationId", TEXT(struct every_org_event, donation), NULLS,
	    0, 255, .about = "ours, from the link" },
	{ "amount", TEXT(struct every_org_event, amount), NEED, 1, 32,
	    .about = "in major units" },
	{ "currency", TEXT(struct every_org_event, currency), NEED, 3, 3,
	    .about = "ISO 4217" },
	{ "email", TEXT(struct every_org_event, email), NULLS, 0,
	    LIMIT_EMAIL, .about = "of who paid" },
	{ "firstName", TEXT(struct every_org_event, first_name), NULLS, 0,
	    LIMIT_NAME, .about = "of who paid" },
	{ "lastName", TEXT(struct every_org_event, last_name), NULLS, 0,
	    LIMIT_NAME, .about = "of who paid" },
	{ "toNonprofit", OBJECT(struct every_org_event, nonprofit), NEED,
	    .each = &receiver_in, .about = "whom it is for" });

/* Digits alone. */
static bool
same_ein(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (*a == '-')
			a++;
		while (*b == '-')
			b++;
		if (*a != *b || *a == '\0')
			return *a == *b;
	}
}

/* Their slugs need not be ours, so either of two names is enough. */
static bool
same_nonprofit(const struct receiver *r, const struct nonprofit *n)
{
	return (r->slug != NULL && strcmp(r->slug, n->slug) == 0) ||
	    (r->ein != NULL && n->ein != NULL && same_ein(r->ein, n->ein));
}

static int64_t
amount_of(struct work *w, const struct every_org_event *e)
{
	const struct currency	*c = money_currency(e->currency);
	struct decimal		 d;
	int64_t			 minor;

	if (c != NULL && money_decimal(e->amount, &d) &&
	    money_minor(d, c, &minor) && minor > 0)
		return minor;
	faults_add(w->faults, "/amount", "Not an amount of that currency.");

	return 0;
}

/* Has this charge paid a donation?  Then *other says if it is another's. */
static bool
is_known(struct work *w, const struct every_org_event *e,
    const struct donation *d, bool *other)
{
	struct donation_side	 side;
	struct donation		 paid;
	int64_t			 number;

	if (!donation_by_reference(w, PROVIDER_EVERY_ORG, e->charge, &side,
	    &number))
		return false;
	*other = side.tenant != w->tenant ||
	    !donation_numbered(w, number, &paid) ||
	    (number != d->number && paid.first != d->number);

	return true;
}

enum err
every_org_event_act(struct work *w, const struct every_org_event *e,
    struct donation *d)
{
	struct donation_payment	 p = { .reference = e->charge,
		.amount = amount_of(w, e), .email = e->email,
		.first_name = e->first_name, .last_name = e->last_name };
	struct donation		 next;
	bool			 other = false, known;

	known = is_known(w, e, d, &other);
	if (other)
		faults_add(w->faults, "/chargeId",
		    "It paid another donation.");
	if (strcmp(e->currency, d->currency) != 0)
		faults_add(w->faults, "/currency",
		    "Not the currency of that donation.");
	if (!same_nonprofit(e->nonprofit, &d->nonprofit))
		faults_add(w->faults, "/toNonprofit",
		    "Not the nonprofit of that donation.");
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;
	if (known)
		return OK;
	p.subscription = arena_printf(w->arena, "every-org_%s", d->id);
	if (d->paid_at.ms == 0)
		donation_confirm(w, d, &p);
	else
		donation_renew(w, d, &p, &next);

	return OK;
}
