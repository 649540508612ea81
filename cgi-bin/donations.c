/*
 * donations: what the donate widget on a partner's page asks us.
 * doc/api.md describes it.
 */
#include "lib/api/api.h"
#include "lib/giving/partner.h"

static const struct shape	config_out;

static enum err	config(struct call *, const void *);

static const struct route routes[] = {
	{ "GET", "/v1/partner/config",
	    ACCESS_WIDGET, NULL, NULL, &config_out, config,
	    .name = "showConfig",
	    .about = "What a page may know of its partner" },
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

int
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
