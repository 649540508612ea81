/*
 * partner: who may call the site.
 */
#include <stdlib.h>
#include <string.h>

#include "bin/command/cli.h"
#include "lib/giving/partners/partner.h"
#include "lib/giving/partners/partner_offer.h"

static int	create(struct cli *);
static int	list(struct cli *);
static int	change(struct cli *);
static int	approve(struct cli *);
static int	suspend(struct cli *);

static const struct option create_options[] = {
	{ "name", "NAME", "what people call it", true },
	{ "slug", "SLUG", "its short name: a to z, digits, -", true },
	{ "approve", NULL, "its live side works at once", false },
	{ 0 }
};

static const struct option one_options[] = {
	{ "partner", "SLUG", "which", true },
	{ 0 }
};

static const struct option change_options[] = {
	{ "partner", "SLUG", "which", true },
	{ "name", "NAME", "what people call it", false },
	{ "tier", "TIER", "STANDARD, PROFESSIONAL or ENTERPRISE", false },
	{ "rate-limit", "N", "requests a minute of its own", false },
	{ "return-hosts", "HOSTS", "where donors may be sent back to:"
	    " \"shop.example .pages.example\"", false },
	{ "tip", "PERCENT|off", "proposed to donors for the platform",
	    false },
	{ "currencies", "CODES", "that its pages take: \"USD EUR\"", false },
	{ "amounts", "AMOUNTS", "that they suggest, in minor units:"
	    " \"1000 2500\"", false },
	{ 0 }
};

const struct command partner_commands[] = {
	{ "partner create", "Make a partner; its test side works at once",
	    create_options, create },
	{ "partner list", "List all partners", NULL, list },
	{ "partner set", "Change a partner's name, limit, or pages",
	    change_options, change },
	{ "partner approve", "Let a partner's live keys work", one_options,
	    approve },
	{ "partner suspend", "Refuse all of a partner's keys", one_options,
	    suspend },
	{ 0 }
};

static bool
is_slug(const char *text)
{
	size_t	 size = strlen(text);

	return size >= 1 && size <= 64 && strspn(text,
	    "abcdefghijklmnopqrstuvwxyz0123456789-") == size;
}

static int
create(struct cli *c)
{
	const char	*slug = cli_value(c, "slug");
	struct partner	 p;
	enum err	 e;

	if (!is_slug(slug))
		cli_usage(c, "--slug is 1 to 64 of a to z, digits and -");
	cli_open(c, DB_WRITE);
	e = partner_create(&c->work, cli_value(c, "name"), slug, &p);
	if (e == OK && cli_value(c, "approve") != NULL) {
		e = partner_set_status(&c->work, slug, PARTNER_ACTIVE);
		p.status = PARTNER_ACTIVE;
	}
	if (e != OK)
		return cli_refuse(c, e);
	print_one(c, &partner_out, &p);

	return cli_close(c);
}

static int
list(struct cli *c)
{
	return cli_list(c, partner_list, &partner_out);
}

static int
set_status(struct cli *c, enum partner_status status)
{
	const char	*slug = cli_value(c, "partner");
	struct partner	 p;
	enum err	 e;

	cli_open(c, DB_WRITE);
	e = partner_set_status(&c->work, slug, status);
	if (e == OK)
		e = partner_find(&c->work, slug, &p);
	c->work.detail = "There is no such partner: almoner partner list"
	    " shows them.";
	if (e != OK)
		return cli_refuse(c, e);
	print_one(c, &partner_out, &p);

	return cli_close(c);
}

static struct partner_offer
offer(struct cli *c)
{
	const char		*tip = cli_value(c, "tip");
	struct partner_offer	 to = { cli_value(c, "currencies"),
		cli_value(c, "amounts"), cli_value(c, "return-hosts"),
		PARTNER_TIP_NONE };

	if (tip == NULL || strcmp(tip, "off") != 0)
		to.tip_percent = cli_number(c, "tip", (struct cli_range){
		    0, 100, PARTNER_TIP_SAME });

	return to;
}

static int
change(struct cli *c)
{
	const struct partner_offer	 to_pages = offer(c);
	const char		*slug = cli_value(c, "partner");
	const char		*limit = cli_value(c, "rate-limit");
	struct partner_change	 to = { cli_value(c, "name"),
		cli_value(c, "tier"), 0 };
	struct partner		 p;
	char			*end;
	enum err		 e;

	if (limit != NULL) {
		to.rate_limit = strtoll(limit, &end, 10);
		if (*end != '\0' || to.rate_limit < 1 ||
		    to.rate_limit > 1000000000)
			cli_usage(c, "--rate-limit is a number above 0");
	}
	cli_open(c, DB_WRITE);
	e = partner_change(&c->work, slug, &to);
	if (e == OK)
		e = partner_offer_set(&c->work, slug, &to_pages);
	if (e == OK)
		e = partner_find(&c->work, slug, &p);
	if (e != OK)
		return cli_refuse(c, e);
	print_one(c, &partner_out, &p);

	return cli_close(c);
}

static int
approve(struct cli *c)
{
	return set_status(c, PARTNER_ACTIVE);
}

static int
suspend(struct cli *c)
{
	return set_status(c, PARTNER_SUSPENDED);
}
