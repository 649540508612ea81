/*
 * The dialect "chuffed": donation webhooks, {"data": {…}}, and
 *
 *	Signature: hex(HMAC-SHA256(secret, body))
 *
 * whose key is the text of the secret.  The header is one value, which
 * receivers compare as a whole: while a secret is being changed it is made
 * with the new one.
 *
 * Every field is always there.  `recurring_period` is null for a donation
 * that is made once, and `perk` where none was chosen; texts that nobody gave
 * are empty.
 */
#include <string.h>

#include "lib/hooks/dialect_row.h"
#include "lib/json/shape.h"

/* A service that this format has no word for is paid outside of its own. */
enum service { OFFLINE };

static const char *const services[] = { "offline", "stripe",
	"stripe_direct_debit", "paypal_marketplace", NULL };

enum visibility { ANONYMOUS, VISIBLE };

static const char *const visibilities[] = { "anonymous", "visible", NULL };

struct vendor {
	int		 name;
	const char	*reference;
};

struct recipient {
	const char	*type;
	int64_t		 id;
};

struct campaign {
	int64_t		 id;
	const char	*title;
};

struct subscriptions {
	bool		 campaign;
};

struct identity {
	const char	*email, *first_name, *last_name;
	const void	*subscriptions;
	const char	*address, *phone;
};

struct perk {
	const char	*title;
	int64_t		 multiplier;
	const char	*answer;
};

struct donation {
	int64_t		 id;
	const char	*created_at;
	const void	*donation, *total, *converted;
	bool		 recurring;
	const char	*period;
	int64_t		 iteration;
	int		 payment_type, visibility;
	const void	*vendor, *recipient, *campaign, *identity, *perk;
};

struct letter {
	const void	*data;
};

static const struct shape money_out = SHAPE("WebhookMoney",
    struct told_money,
	{ "amount", INT(struct told_money, minor), .about = "minor units" },
	{ "currency", TEXT(struct told_money, currency),
	    .about = "ISO 4217" });

static const struct shape vendor_out = SHAPE("WebhookVendor", struct vendor,
	{ "name", WORD(struct vendor, name), .words = services,
	    .about = "who took the payment" },
	{ "reference", TEXT(struct vendor, reference),
	    .about = "what they call it" });

static const struct shape recipient_out = SHAPE("WebhookRecipient",
    struct recipient,
	{ "type", TEXT(struct recipient, type),
	    .about = "campaign or fundraiser" },
	{ "id", INT(struct recipient, id), .about = "its number" });

static const struct shape campaign_out = SHAPE("WebhookCampaign",
    struct campaign,
	{ "id", INT(struct campaign, id), .about = "its number" },
	{ "title", TEXT(struct campaign, title), .about = "its title" });

static const struct shape subscriptions_out = SHAPE("WebhookSubscriptions",
    struct subscriptions,
	{ "campaign", BOOL(struct subscriptions, campaign),
	    .about = "wants to hear of this campaign" });

static const struct shape identity_out = SHAPE("WebhookIdentity",
    struct identity,
	{ "email", TEXT(struct identity, email), .about = "of the donor" },
	{ "first_name", TEXT(struct identity, first_name),
	    .about = "given name" },
	{ "last_name", TEXT(struct identity, last_name),
	    .about = "family name" },
	{ "subscriptions", OBJECT(struct identity, subscriptions),
	    .each = &subscriptions_out, .about = "what they subscribed to" },
	{ "address", TEXT(struct identity, address), .about = "in one line" },
	{ "phone", TEXT(struct identity, phone), .about = "as they wrote it"
	    });

static const struct shape perk_out = SHAPE("WebhookPerk", struct perk,
	{ "title", TEXT(struct perk, title), .about = "what was chosen" },
	{ "multiplier", INT(struct perk, multiplier),
	    .about = "how many of it" },
	{ "answer", TEXT(struct perk, answer),
	    .about = "to the question that it asks" });

static const struct shape donation_out = SHAPE("WebhookDonation",
    struct donation,
	{ "id", INT(struct donation, id), .about = "its number" },
	{ "created_at", TEXT(struct donation, created_at),
	    .about = "ISO 8601, UTC" },
	{ "donation", OBJECT(struct donation, donation), .each = &money_out,
	    .about = "what is given" },
	{ "total", OBJECT(struct donation, total), .each = &money_out,
	    .about = "what the donor paid" },
	{ "donation_converted", OBJECT(struct donation, converted),
	    .each = &money_out, .about = "in the campaign's currency" },
	{ "recurring", BOOL(struct donation, recurring),
	    .about = "one of a series" },
	{ "recurring_period", TEXT(struct donation, period),
	    .about = "weekly, monthly or yearly" },
	{ "recurring_iteration", INT(struct donation, iteration),
	    .about = "which of the series, from 1" },
	{ "payment_type", WORD(struct donation, payment_type),
	    .words = services, .about = "who took the payment" },
	{ "visibility", WORD(struct donation, visibility),
	    .words = visibilities, .about = "may the donor be named" },
	{ "payment_vendor", OBJECT(struct donation, vendor),
	    .each = &vendor_out, .about = "the payment, as its service has it"
	    },
	{ "recipient", OBJECT(struct donation, recipient),
	    .each = &recipient_out, .about = "whose page it was given on" },
	{ "campaign", OBJECT(struct donation, campaign),
	    .each = &campaign_out, .about = "what it is for" },
	{ "identity", OBJECT(struct donation, identity),
	    .each = &identity_out, .about = "the donor" },
	{ "perk", OBJECT(struct donation, perk), .each = &perk_out,
	    .about = "what the donor chose in return" });

static const struct shape letter_out = SHAPE("DonationWebhookBody",
    struct letter,
	{ "data", OBJECT(struct letter, data), .each = &donation_out,
	    .about = "the donation" });

/* A text that has to be there. */
static const char *
said(const char *text)
{
	return text != NULL ? text : "";
}

static int
service_of(const char *name)
{
	for (int i = 0; services[i] != NULL; i++)
		if (name != NULL && strcmp(services[i], name) == 0)
			return i;

	return OFFLINE;
}

/* The donation itself, without the objects in it. */
static void
tell(struct arena *arena, const struct told_donation *d,
    struct donation *out)
{
	*out = (struct donation){
		.id = d->number,
		.created_at = dialect_row_time(arena, d->created_at),
		.donation = &d->donation,
		.total = &d->total,
		.converted = &d->converted,
		.recurring = d->period != NULL,
		.period = d->period,
		.iteration = d->iteration,
		.payment_type = service_of(d->vendor),
		.visibility = d->anonymous ? ANONYMOUS : VISIBLE,
	};
}

const char *
dialect_chuffed_body(struct arena *arena, const struct told *t)
{
	const struct told_donation	*d = t->donation;
	struct donation			 out;
	struct perk			 perk;

	if (d == NULL)
		return NULL;
	perk = (struct perk){ d->perk_title, d->perk_multiplier,
	    d->perk_answer };
	tell(arena, d, &out);
	out.vendor = &(struct vendor){ out.payment_type,
	    said(d->reference) };
	out.recipient = &(struct recipient){ said(d->recipient),
	    d->recipient_id };
	out.campaign = &(struct campaign){ d->appeal_id,
	    said(d->appeal_title) };
	out.identity = &(struct identity){ said(d->email),
	    said(d->first_name), said(d->last_name),
	    &(struct subscriptions){ d->subscribed }, said(d->address),
	    said(d->phone) };
	out.perk = perk.title != NULL ? &perk : NULL;

	return dialect_row_json(arena, &letter_out,
	    &(struct letter){ &out });
}

size_t
dialect_chuffed_sign(struct arena *arena, const struct dialect_seal *seal,
    struct dialect_header headers[DIALECT_HEADERS])
{
	headers[0] = (struct dialect_header){ "Signature",
	    dialect_row_hex(arena, seal->secrets[0], "", seal) };

	return 1;
}

const char *
dialect_chuffed_secret(struct arena *arena)
{
	return dialect_sir_secret(arena);
}
