/*
 * provider: who can take a payment.
 */
#include <stddef.h>

#include "lib/base/arena.h"
#include "lib/giving/donations/donation_url.h"
#include "lib/giving/providers/provider.h"

const struct provider *
provider_get(enum provider_name name)
{
	static const struct provider *const	 all[] = {
		[PROVIDER_STRIPE] = &provider_stripe,
		[PROVIDER_EVERY_ORG] = &provider_every_org,
		[PROVIDER_SANDBOX] = &provider_sandbox,
	};

	return (size_t)name < sizeof(all) / sizeof(all[0]) ?
	    all[name] : NULL;
}

enum err
provider_choose(struct work *w, const struct provider_site *site,
    const struct donation_wish *in, enum provider_name *out)
{
	enum provider_name	 asked = in->provider < 0 ? PROVIDER_STRIPE :
		(enum provider_name)(in->provider + 1);
	const struct provider	*p = provider_get(asked);

	/* It is checked even if it is only played: a page that is tried out
	 * with a test key must not meet a new refusal with its live one. */
	p->check(w, in);
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;
	if (!p->configured(site->conf, site->live)) {
		if (site->live)
			return ERR_PROVIDER_NOT_CONFIGURED;
		asked = PROVIDER_SANDBOX;
	}
	*out = asked;

	return OK;
}

static const char *
own_page(struct work *w, const struct provider_site *site,
    const struct donation *d, const char *name)
{
	return arena_printf(w->arena, "%s/v1/checkout/%s/%s", site->url,
	    d->id, name);
}

const char *
provider_success_url(struct work *w, const struct provider_site *site,
    const struct donation *d)
{
	return d->success_url == NULL ? own_page(w, site, d, "thanks") :
	    donation_url_with(w->arena, d->success_url, "donation", d->id);
}

const char *
provider_cancel_url(struct work *w, const struct provider_site *site,
    const struct donation *d)
{
	return d->cancel_url == NULL ? own_page(w, site, d, "cancelled") :
	    d->cancel_url;
}

/* The operator wrote these addresses: a test site's may be on itself. */
struct net_rules
provider_rules(const struct conf *conf)
{
	return (struct net_rules){ .loopback_http = conf->test_site,
		.ca_file = conf->ca_file[0] != '\0' ? conf->ca_file : NULL,
		.ports = NULL, .connections = 1 };
}
