/*
 * webhook: what partners have registered, for the operator, who may switch
 * one off, or on again.
 */
#include "bin/command/cli.h"
#include "lib/giving/events/webhook.h"

static int	list(struct cli *);
static int	show(struct cli *);
static int	enable(struct cli *);
static int	disable(struct cli *);

static const struct option list_options[] = {
	TENANT_OPTIONS,
	{ 0 }
};

static const struct option one_options[] = {
	TENANT_OPTIONS,
	{ "webhook", "WEBHOOK_ID", "which", true },
	{ 0 }
};

const struct command webhook_commands[] = {
	{ "webhook list", "List a partner's webhooks", list_options, list },
	{ "webhook show", "Show one of them", one_options, show },
	{ "webhook enable", "Switch it on, whatever it was off for",
	    one_options, enable },
	{ "webhook disable", "Switch it off: its partner is not told",
	    one_options, disable },
	{ 0 }
};

static const struct shape row_out = SHAPE("Webhook", struct webhook,
	{ "webhookId",      TEXT(struct webhook, id) },
	{ "url",            TEXT(struct webhook, url) },
	{ "format",         TEXT(struct webhook, format) },
	{ "retryPolicy",    TEXT(struct webhook, policy) },
	{ "status",         TEXT(struct webhook, status) },
	{ "disabledReason", TEXT(struct webhook, disabled_why) },
	{ "disabledAt",     MOMENT(struct webhook, disabled_at) },
	{ "failingSince",   MOMENT(struct webhook, failing_since) },
	{ "createdAt",      MOMENT(struct webhook, created_at) },
	{ "description",    TEXT(struct webhook, description) });

static int
list(struct cli *c)
{
	const struct webhook_filter	 all = WEBHOOK_ALL;
	struct webhook_list		 found;
	enum err			 e;

	cli_open(c, DB_READ);
	cli_tenant(c);
	e = webhook_list(&c->work, &all, &found);
	if (e != OK)
		return cli_refuse(c, e);
	print_list(c, &row_out, &found.webhooks);

	return cli_close(c);
}

static enum err
find(struct cli *c, struct webhook *h)
{
	enum err	 e;

	e = webhook_find(&c->work, cli_value(c, "webhook"), h);
	if (e != OK)
		c->work.detail = "There is no such webhook: almoner webhook"
		    " list shows them.";

	return e;
}

static int
show(struct cli *c)
{
	struct webhook	 h;
	enum err	 e;

	cli_open(c, DB_READ);
	cli_tenant(c);
	e = find(c, &h);
	if (e != OK)
		return cli_refuse(c, e);
	print_one(c, &row_out, &h);

	return cli_close(c);
}

static int
switch_to(struct cli *c, bool on)
{
	struct webhook	 h;
	enum err	 e;

	cli_open(c, DB_WRITE);
	cli_tenant(c);
	e = find(c, &h);
	if (e != OK)
		return cli_refuse(c, e);
	webhook_switch(&c->work, &h, on);
	(void)webhook_numbered(&c->work, h.number, &h);
	print_one(c, &row_out, &h);

	return cli_close(c);
}

static int
enable(struct cli *c)
{
	return switch_to(c, true);
}

static int
disable(struct cli *c)
{
	return switch_to(c, false);
}
