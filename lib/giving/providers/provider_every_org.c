/*
 * provider_every_org: Every.org's page of a nonprofit, by its donate link.
 *
 * https://docs.every.org: the parameters stand before the #, amounts are in
 * major units, and only gifts that come once or each month can be asked for.
 * Every.org asks for a tip of its own.  What it tells us later is not signed,
 * so only donations that it can have begun count: cgi-bin/inbound.c.
 */
#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/encode.h"
#include "lib/base/money.h"
#include "lib/giving/providers/provider.h"

static bool
configured(const struct conf *conf, bool live)
{
	return live && conf->every_org_token[0] != '\0' &&
	    conf->every_org_secret[0] != '\0';
}

static void
check(struct work *w, const struct donation_wish *in)
{
	if (in->frequency + 1 == DONATION_WEEKLY ||
	    in->frequency + 1 == DONATION_YEARLY)
		faults_add(w->faults, "/frequency",
		    "Every.org knows once and monthly.");
	if (in->tip_amount > 0 || in->tip_percent > 0)
		faults_add(w->faults, in->tip_amount > 0 ? "/tipAmount" :
		    "/tipPercent", "Every.org takes no tip for others.");
}

/* One more parameter, unless there is nothing to say. */
static void
add(struct buf *url, const char *name, const char *value)
{
	if (value != NULL)
		buf_printf(url, "&%s=%s", name,
		    encode_percent(url->arena, value));
}

static void
begin(struct work *w, const struct provider_site *site,
    const struct donation *d, struct provider_link *out)
{
	struct buf	 url;
	char		 amount[32];

	money_format(amount, d->amount, money_currency(d->currency));
	buf_init(&url, w->arena);
	buf_printf(&url, "%s/%s?amount=%s&frequency=%s",
	    site->conf->every_org_url,
	    encode_percent(w->arena, d->nonprofit.slug), amount,
	    d->frequency == DONATION_MONTHLY ? "MONTHLY" : "ONCE");
	add(&url, "currency", d->currency);
	add(&url, "first_name", d->first_name);
	add(&url, "last_name", d->last_name);
	add(&url, "email", d->email);
	add(&url, "partner_donation_id", d->id);
	add(&url, "webhook_token", site->conf->every_org_token);
	add(&url, "success_url", provider_success_url(w, site, d));
	add(&url, "exit_url", provider_cancel_url(w, site, d));
	buf_text(&url, "#/donate");
	out->link = buf_str(&url);
}

/* Nobody is asked. */
static void
end(struct work *w, const struct net_answer *answer,
    struct provider_link *out)
{
	(void)w;
	(void)answer;
	(void)out;
	abort();
}

const struct provider	provider_every_org = { "every.org", configured,
	check, begin, end };
