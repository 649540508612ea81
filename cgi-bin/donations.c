/*
 * donations: what the donate widget on a partner's page asks us.
 * doc/api.md describes it.
 */
#include "lib/api/api.h"
#include "lib/giving/donations/donation.h"
#include "lib/giving/partners/partner.h"
#include "lib/giving/providers/linking.h"

static const struct shape	config_out, link_out, which_in;

static enum err	config(struct call *, const void *);
static enum err	begin(struct call *, const void *);
static void	ask(struct call *, const void *);
static enum err	end(struct call *, const void *);
static enum err	status(struct call *, const void *);

static const struct route routes[] = {
	{ "GET", "/v1/partner/config",
	    ACCESS_WIDGET, NULL, NULL, &config_out, config,
	    .name = "showConfig",
	    .about = "What a page may know of its partner" },
	{ "POST", "/v1/partner/donations/create-link",
	    ACCESS_WIDGET, NULL, &donation_wish_in, &link_out, begin,
	    .calls = ask, .ends = end,
	    .refuses = REFUSES(ERR_NONPROFIT_NOT_FOUND,
	    ERR_NONPROFIT_INACTIVE, ERR_APPEAL_NOT_FOUND, ERR_PERK_NOT_FOUND,
	    ERR_PERK_SOLD_OUT, ERR_FUNDRAISER_NOT_FOUND,
	    ERR_NO_EXCHANGE_RATE, ERR_PROVIDER_NOT_CONFIGURED,
	    ERR_PROVIDER_UNAVAILABLE),
	    .name = "createDonationLink",
	    .about = "A link where a donor can pay" },
	{ "GET", "/v1/partner/donations/status/{partnerDonationId}",
	    ACCESS_WIDGET, NULL, &which_in, &donation_seen_out, status,
	    .name = "showDonationStatus",
	    .about = "What became of a donation" },
	{ 0 }
};

/* config: names, currencies, amounts; nothing that is secret. */

static const struct shape tip_out = SHAPE("TipConfig", struct partner_tip,
	{ "enabled",        BOOL(struct partner_tip, enabled),
	    .about = "is a tip offered" },
	{ "defaultPercent", INT(struct partner_tip, default_percent),
	    .about = "and how much is proposed" });

static const struct shape config_out = SHAPE("PartnerConfig",
    struct partner_config,
	{ "id",        TEXT(struct partner_config, id),
	    .about = "our id of the partner" },
	{ "name",      TEXT(struct partner_config, name),
	    .about = "what people call it" },
	{ "slug",      TEXT(struct partner_config, slug),
	    .about = "its short name" },
	{ "enabledFeatures", LIST(struct partner_config, enabled_features),
	    .about = "what is switched on" },
	{ "rateLimit", INT(struct partner_config, rate_limit),
	    .about = "requests a minute" },
	{ "isActive",  BOOL(struct partner_config, is_active),
	    .about = "may it be used" },
	{ "webhookUrl", TEXT(struct partner_config, webhook_url), NULLS,
	    .about = "where events go, or null" },
	{ "tipConfig", OBJECT(struct partner_config, tip),
	    .each = &tip_out, .about = "the tip for the platform" },
	{ "currencies", LIST(struct partner_config, currencies),
	    .about = "ISO 4217 codes" },
	{ "suggestedAmounts", INTS(struct partner_config, suggested_amounts),
	    .about = "in minor units" });

static enum err
config(struct call *c, const void *input)
{
	struct partner_config	 found;
	enum err		 e;

	(void)input;
	e = partner_config(api_work(c), &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &config_out, &found);
}

/* create-link: a row, then the provider's page, then where it is. */

struct link {
	const char	*link, *id;
	struct moment	 expires_at;
};

static const struct shape link_out = SHAPE("DonationLink", struct link,
	{ "donationLink", TEXT(struct link, link),
	    .about = "where the donor pays: send the browser there" },
	{ "partnerDonationId", TEXT(struct link, id),
	    .about = "our id of the donation: keep it for its status" },
	{ "expiresAt",    MOMENT(struct link, expires_at),
	    .about = "until when it can be paid" });

static enum err
begin(struct call *c, const void *input)
{
	struct provider_site	 site = { api_conf(c), api_site(c),
		api_live(c) };

	return linking_begin(api_work(c), &site, input,
	    api_memory(c, sizeof(struct linking)));
}

static void
ask(struct call *c, const void *input)
{
	(void)input;
	linking_ask(api_work(c), api_conf(c),
	    api_memory(c, sizeof(struct linking)));
}

static enum err
end(struct call *c, const void *input)
{
	struct linking	*l = api_memory(c, sizeof(*l));
	enum err	 e = linking_end(api_work(c), l);

	(void)input;
	if (e != OK)
		return e;

	return api_reply(c, 200, &link_out, &(struct link){ l->at.link,
	    l->donation.id, l->donation.expires_at });
}

/* status: nothing in it says who gives. */

struct which {
	const char	*id;
};

static const struct shape which_in = SHAPE("WhichDonation", struct which,
	{ "partnerDonationId", TEXT(struct which, id), PATH | NEED, 1, 64,
	    .about = "as create-link told it" });

static enum err
status(struct call *c, const void *input)
{
	const struct which	*in = input;
	struct donation		 d;
	struct donation_seen	 seen;
	enum err		 e = donation_find(api_work(c), in->id, &d);

	if (e != OK)
		return e;
	seen = donation_see(api_work(c), &d);

	return api_reply(c, 200, &donation_seen_out, &seen);
}

int
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
