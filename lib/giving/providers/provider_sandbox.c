/*
 * provider_sandbox: our own checkout, where nobody pays: cgi-bin/checkout.c.
 */
#include "lib/base/arena.h"
#include "lib/giving/providers/provider.h"

static bool
configured(const struct conf *conf, bool live)
{
	(void)conf;

	return !live;
}

static void
check(struct work *w, const struct donation_wish *in)
{
	(void)w;
	(void)in;
}

static void
begin(struct work *w, const struct provider_site *site,
    const struct donation *d, struct provider_link *out)
{
	out->link = arena_printf(w->arena, "%s/v1/checkout/%s", site->url,
	    d->id);
}

static void
end(struct work *w, const struct net_answer *answer,
    struct provider_link *out)
{
	(void)w;
	(void)answer;
	(void)out;
}

const struct provider	provider_sandbox = { "sandbox", configured, check,
	begin, end };
