/*
 * donation_told: what events say of a donation, from its row as it is.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/money.h"
#include "lib/giving/donations/appeal.h"
#include "lib/giving/donations/donation.h"
#include "lib/giving/donations/donation_told.h"
#include "lib/giving/rewards/action.h"

/* What beside the row it takes; each NULL or 0 where there is none. */
struct around {
	struct appeal		 appeal;
	const char		*perk_title;
	const char		*action;
};

struct donor {
	const char	*external_id, *email, *first_name, *last_name;
	const char	*address, *phone;
	bool		 anonymous, subscribed;
};

struct kept_perk {
	int64_t		 id, times;
	const char	*title, *answer;
};

struct donation_said {
	const char	*id, *status, *provider, *frequency;
	int64_t		 iteration, amount, tip, refunded, disputed;
	const char	*currency;
	const void	*donor, *nonprofit, *perk;
	int64_t		 appeal, fundraiser;
	const char	*reference, *referral_code, *action, *metadata;
	struct tokens	 tokens;
	struct moment	 created_at, paid_at;
};

static const struct shape donor_out = SHAPE("DonorTold", struct donor,
	{ "partnerUserId", TEXT(struct donor, external_id), NULLS,
	    .about = "your id of them" },
	{ "email",     TEXT(struct donor, email), NULLS,
	    .about = "as they wrote it" },
	{ "firstName", TEXT(struct donor, first_name), NULLS,
	    .about = "given name" },
	{ "lastName",  TEXT(struct donor, last_name), NULLS,
	    .about = "family name" },
	{ "address",   TEXT(struct donor, address), NULLS,
	    .about = "in one line" },
	{ "phone",     TEXT(struct donor, phone), NULLS,
	    .about = "as they wrote it" },
	{ "anonymous", BOOL(struct donor, anonymous),
	    .about = "they do not want to be named to others" },
	{ "subscribed", BOOL(struct donor, subscribed),
	    .about = "they would like news" });

static const struct shape receiver_out = SHAPE("NonprofitTold",
    struct nonprofit,
	{ "slug", TEXT(struct nonprofit, slug),
	    .about = "its name in addresses" },
	{ "name", TEXT(struct nonprofit, name),
	    .about = "what people call it" });

static const struct shape perk_out = SHAPE("PerkTold", struct kept_perk,
	{ "id",         INT(struct kept_perk, id), .about = "its number" },
	{ "title",      TEXT(struct kept_perk, title), NULLS,
	    .about = "what people call it" },
	{ "multiplier", INT(struct kept_perk, times),
	    .about = "how many of it" },
	{ "answer",     TEXT(struct kept_perk, answer), NULLS,
	    .about = "the donor's, to its question" });

const struct shape donation_told_out = SHAPE("DonationTold",
    struct donation_said,
	{ "partnerDonationId", TEXT(struct donation_said, id),
	    .about = "our id of it" },
	{ "status",    TEXT(struct donation_said, status),
	    .about = "where it stands now" },
	{ "provider",  TEXT(struct donation_said, provider),
	    .about = "who took the payment" },
	{ "providerReference", TEXT(struct donation_said, reference), NULLS,
	    .about = "its name of the payment" },
	{ "frequency", TEXT(struct donation_said, frequency),
	    .about = "once, weekly, monthly or yearly" },
	{ "recurringIteration", INT(struct donation_said, iteration),
	    .about = "1 for the first of a series" },
	{ "amount",    INT(struct donation_said, amount),
	    .about = "what is given, in minor units" },
	{ "tipAmount", INT(struct donation_said, tip),
	    .about = "for the platform, on top of it" },
	{ "refundedAmount", INT(struct donation_said, refunded),
	    .about = "what was paid back of both" },
	{ "disputedAmount", INT(struct donation_said, disputed),
	    .about = "what a dispute took of both and has not given back" },
	{ "currency",  TEXT(struct donation_said, currency),
	    .about = "ISO 4217" },
	{ "nonprofit", OBJECT(struct donation_said, nonprofit),
	    .each = &receiver_out, .about = "whom it is for" },
	{ "donor",     OBJECT(struct donation_said, donor),
	    .each = &donor_out, .about = "who gives" },
	{ "appealId",  INT(struct donation_said, appeal), NULLS,
	    .about = "the appeal, or null" },
	{ "fundraiserId", INT(struct donation_said, fundraiser), NULLS,
	    .about = "its fundraiser, or null" },
	{ "perk",      OBJECT(struct donation_said, perk), NULLS,
	    .each = &perk_out, .about = "what they chose, or null" },
	{ "referralCode", TEXT(struct donation_said, referral_code), NULLS,
	    .about = "of your own" },
	{ "actionId",  TEXT(struct donation_said, action), NULLS,
	    .about = "the action that rewarded it, or null" },
	{ "tokensDistributed", TOKENS(struct donation_said, tokens),
	    .about = "what the donor was rewarded with" },
	{ "metadata",  RAW(struct donation_said, metadata), NULLS,
	    .about = "of your own" },
	{ "createdAt", MOMENT(struct donation_said, created_at),
	    .about = "when the link was made" },
	{ "paidAt",    MOMENT(struct donation_said, paid_at),
	    .about = "when we were told that it is paid, or null" });

/* Refusals of looking on are nobody's to be told. */
static struct around
look(struct work *w, const struct donation *d)
{
	struct around			 r = { .appeal = { .id = 0 } };
	const struct appeal_perk	*perks;
	struct action			 a;
	struct work			 own = *w;
	struct faults			 faults;

	faults_init(&faults, w->arena);
	own.faults = &faults;
	if (d->action != 0 && action_numbered(w, d->action, &a))
		r.action = a.id;
	if (d->appeal == 0 || appeal_find(&own, d->appeal, &r.appeal) != OK)
		return r;
	perks = r.appeal.perks.items;
	for (size_t i = 0; i < r.appeal.perks.count; i++)
		if (perks[i].id == d->perk)
			r.perk_title = perks[i].title;

	return r;
}

/* A copy of its own in the arena. */
#define KEPT(w, type, ...) \
	((type *)keep((w), &(type){ __VA_ARGS__ }, sizeof(type)))

static void *
keep(struct work *w, const void *what, size_t size)
{
	return memcpy(arena_alloc(w->arena, size), what, size);
}

static const void *
perk_of(struct work *w, const struct donation *d, const struct around *r)
{
	return d->perk == 0 ? NULL : KEPT(w, struct kept_perk, d->perk,
	    d->perk_times, r->perk_title, d->perk_answer);
}

const void *
donation_told(struct work *w, int64_t number)
{
	struct donation	 d;
	struct around	 r;

	if (!donation_numbered(w, number, &d))
		return NULL;
	r = look(w, &d);

	return KEPT(w, struct donation_said,
	    .id = d.id, .status = donation_status_words[d.status - 1],
	    .provider = donation_provider_word(d.provider),
	    .frequency = donation_frequency_words[d.frequency - 1],
	    .iteration = d.iteration, .amount = d.amount, .tip = d.tip,
	    .refunded = d.refunded, .disputed = d.disputed,
	    .currency = d.currency,
	    .donor = KEPT(w, struct donor, d.external_id, d.email,
	    d.first_name, d.last_name, d.address, d.phone, d.anonymous,
	    d.subscribed),
	    .nonprofit = keep(w, &d.nonprofit, sizeof(d.nonprofit)),
	    .perk = perk_of(w, &d, &r), .appeal = d.appeal,
	    .fundraiser = d.fundraiser, .reference = d.reference,
	    .referral_code = d.referral_code, .action = r.action,
	    .metadata = d.metadata, .tokens = d.tokens,
	    .created_at = d.created_at, .paid_at = d.paid_at);
}

/* Without an appeal the nonprofit stands where a campaign would. */
static void
tell_recipient(const struct donation *d, const struct around *r,
    struct told_donation *t)
{
	t->recipient = d->fundraiser != 0 ? "fundraiser" : "campaign";
	t->recipient_id = d->fundraiser != 0 ? d->fundraiser : d->appeal;
	t->appeal_id = d->appeal;
	t->appeal_title = r->appeal.id != 0 ? r->appeal.title :
	    d->nonprofit.name;
	t->converted = r->appeal.id != 0 ? (struct told_money){
		d->converted, r->appeal.currency->code } : t->donation;
}

static void
tell_donor(const struct donation *d, struct told_donation *t)
{
	t->anonymous = d->anonymous;
	t->email = d->email;
	t->first_name = d->first_name;
	t->last_name = d->last_name;
	t->subscribed = d->subscribed;
	t->address = d->address;
	t->phone = d->phone;
}

const struct told_donation *
donation_told_chuffed(struct work *w, int64_t number)
{
	struct told_donation	*t = arena_alloc(w->arena, sizeof(*t));
	struct donation		 d;
	struct around		 r;

	if (!donation_numbered(w, number, &d))
		return NULL;
	r = look(w, &d);
	*t = (struct told_donation){ .number = d.number,
		.created_at = d.created_at,
		.donation = { d.amount, d.currency },
		.total = { d.amount + d.tip, d.currency },
		.iteration = d.iteration, .reference = d.reference,
		/* The format has words for few who take payments. */
		.vendor = d.provider == PROVIDER_STRIPE ? "stripe" :
		    "offline",
		.perk_multiplier = d.perk_times,
		.perk_answer = d.perk_answer };
	if (d.frequency != DONATION_ONCE)
		t->period = donation_frequency_words[d.frequency - 1];
	if (d.perk != 0)
		t->perk_title = r.perk_title;
	tell_recipient(&d, &r, t);
	tell_donor(&d, t);

	return t;
}
