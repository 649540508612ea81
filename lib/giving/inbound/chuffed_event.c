/*
 * chuffed_event: from a donation elsewhere to tokens here.
 *
 * Of what is told, the fields that a reward takes are read; all others are as
 * they like.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/limits.h"
#include "lib/crypto/hmac.h"
#include "lib/giving/inbound/chuffed_event.h"
#include "lib/giving/rewards/submit.h"

struct money {
	int64_t		 amount;
	const char	*currency;
};

struct identity {
	const char	*email, *first_name, *last_name;
};

struct told {
	int64_t		 id;
	struct moment	 created_at;
	const void	*donation, *identity;
};

static const struct shape money_in = SHAPE("ToldMoney", struct money,
	{ "amount",   INT(struct money, amount), NEED, 0, LIMIT_AMOUNT,
	    .about = "minor units" },
	{ "currency", TEXT(struct money, currency), NEED, 3, 3,
	    .about = "ISO 4217" });

static const struct shape identity_in = SHAPE("ToldIdentity",
    struct identity,
	{ "email", TEXT(struct identity, email), NULLS, 0, LIMIT_EMAIL,
	    .about = "of the donor" },
	{ "first_name", TEXT(struct identity, first_name), NULLS, 0,
	    LIMIT_NAME, .about = "given name" },
	{ "last_name", TEXT(struct identity, last_name), NULLS, 0,
	    LIMIT_NAME, .about = "family name" });

static const struct shape told_in = SHAPE("ToldDonation", struct told,
	{ "id", INT(struct told, id), NEED, 0, INT64_MAX,
	    .about = "its number where it was made" },
	{ "created_at", MOMENT(struct told, created_at), NULLS,
	    .about = "when it was made" },
	{ "donation", OBJECT(struct told, donation), NEED,
	    .each = &money_in, .about = "what was given" },
	{ "identity", OBJECT(struct told, identity), NEED,
	    .each = &identity_in, .about = "by whom" });

const struct shape chuffed_event_in = SHAPE("ToldDonationBody",
    struct chuffed_event,
	{ "data", OBJECT(struct chuffed_event, data), NEED,
	    .each = &told_in, .about = "the donation" });

bool
chuffed_event_fits(const char *secret, const void *with)
{
	const struct chuffed_signed	*s = with;
	unsigned char			 mac[SHA256_SIZE];
	unsigned char			 said[SHA256_SIZE];

	hmac_sign(mac, (struct piece){ secret, strlen(secret) },
	    &(struct piece){ s->body, s->size }, 1);

	return encode_unhex(said, sizeof(said), s->header) &&
	    hmac_equal(said, mac, sizeof(mac));
}

/* Is there an amount and somebody to reward? */
static enum err
check(struct work *w, const struct told *t)
{
	const struct money	*m = t->donation;
	const struct identity	*i = t->identity;

	if (money_currency(m->currency) == NULL)
		faults_add(w->faults, "/data/donation/currency",
		    "Not an ISO 4217 code in upper case, like USD.");
	if (i->email != NULL && i->email[0] != '\0' &&
	    !user_email_form.fits(i->email))
		faults_add(w->faults, "/data/identity/email", "Not %s.",
		    user_email_form.says);

	return w->faults->count > 0 ? ERR_INVALID_REQUEST : OK;
}

static const char *
said(const char *text)
{
	return text != NULL && text[0] != '\0' ? text : NULL;
}

enum err
chuffed_event_act(struct work *w, const struct chuffed_event *in)
{
	const struct told	*t = in->data;
	const struct money	*m = t->donation;
	const struct identity	*i = t->identity;
	struct stakeholder	 donor = { "DONOR", { NULL, said(i->email),
		said(i->first_name), said(i->last_name), NULL } };
	struct submit		 s = { .action_type = "DONATION",
		.currency = m->currency, .stakeholders = { &donor, 1 },
		.create_users = true, .occurred_at = t->created_at };
	struct action		 a;
	enum err		 e = check(w, t);

	if (e != OK || donor.user.email == NULL)
		return e;
	s.amount = (struct decimal){ m->amount,
		money_currency(m->currency)->exponent, true };
	s.key = arena_printf(w->arena, "chuffed:%lld", (long long)t->id);
	s.metadata = arena_printf(w->arena, "{\"chuffedDonationId\":%lld}",
	    (long long)t->id);
	e = submit_action(w, &s, t->id, &a);

	return e == ERR_IDEMPOTENT ? OK : e;
}
