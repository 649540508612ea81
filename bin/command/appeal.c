/*
 * appeal: what a partner collects for: appeals, their perks and fundraisers.
 */
#include <stdio.h>

#include "bin/command/cli.h"
#include "lib/base/limits.h"
#include "lib/giving/donations/appeal.h"

static int	create(struct cli *);
static int	perk(struct cli *);
static int	fundraiser(struct cli *);
static int	list(struct cli *);
static int	show(struct cli *);

static const struct option create_options[] = {
	TENANT_OPTIONS,
	{ "nonprofit", "SLUG", "whom it collects for", true },
	{ "title", "TEXT", "what people call it", true },
	{ "currency", "CURRENCY", "of its goal and its sum, as USD", true },
	{ "goal", "AMOUNT", "how much it wants: 5000 or 49.99", false },
	{ 0 }
};

static const struct option perk_options[] = {
	TENANT_OPTIONS,
	{ "appeal", "ID", "whose", true },
	{ "title", "TEXT", "what people call it", true },
	{ "description", "TEXT", "more about it", false },
	{ "min-amount", "AMOUNT", "the least gift for one", false },
	{ "stock", "N", "how many there are; else no end of them", false },
	{ "question", "TEXT", "what to ask the donor: \"Your size?\"",
	    false },
	{ 0 }
};

static const struct option fundraiser_options[] = {
	TENANT_OPTIONS,
	{ "appeal", "ID", "what it collects for", true },
	{ "title", "TEXT", "what people call it", true },
	{ "owner", "NAME", "whose it is; pages do not see it", false },
	{ 0 }
};

static const struct option list_options[] = { TENANT_OPTIONS, { 0 } };

static const struct option show_options[] = {
	TENANT_OPTIONS,
	{ "appeal", "ID", "which", true },
	{ 0 }
};

const struct command appeal_commands[] = {
	{ "appeal create", "Begin to collect for a nonprofit",
	    create_options, create },
	{ "appeal perk", "Add what donors get", perk_options, perk },
	{ "appeal fundraiser", "Add one who collects for it",
	    fundraiser_options, fundraiser },
	{ "appeal list", "List a side's latest appeals", list_options,
	    list },
	{ "appeal show", "Show an appeal with its perks and fundraisers",
	    show_options, show },
	{ 0 }
};

/* In a list its own numbers are enough; the lists in it are `show`'s. */
static const struct shape row_out = SHAPE("AppealRow", struct appeal,
	{ "id",       INT(struct appeal, id) },
	{ "title",    TEXT(struct appeal, title) },
	{ "nonprofitSlug", TEXT(struct appeal, nonprofit_slug) },
	{ "goal",     INT(struct appeal, goal), NULLS, .preset = 0 },
	{ "raised",   INT(struct appeal, raised) },
	{ "currency", TEXT(struct appeal, currency_code) },
	{ "donors",   INT(struct appeal, donors) });

static int64_t
appeal_id(struct cli *c)
{
	return cli_number(c, "appeal",
	    (struct cli_range){ 1, INT64_MAX, 0 });
}

/* "49.99" in minor units; 0 if the option is absent. */
static int64_t
amount(struct cli *c, const char *option, const struct currency *currency)
{
	const char	*text = cli_value(c, option);
	struct decimal	 said;
	int64_t		 minor;

	if (text == NULL)
		return 0;
	if (!money_decimal(text, &said) ||
	    !money_minor(said, currency, &minor))
		cli_usage(c, "--%s is an amount with at most %d decimals, as"
		    " %s has them", option, currency->exponent,
		    currency->code);

	return minor;
}

static int
create(struct cli *c)
{
	struct appeal	 new = {
		.title = cli_value(c, "title"),
		.nonprofit_slug = cli_value(c, "nonprofit"),
		.currency = money_currency(cli_value(c, "currency")),
	};
	struct appeal	 made;
	enum err	 e;

	if (new.currency == NULL)
		cli_usage(c, "--currency is one of ISO 4217, as USD");
	new.goal = amount(c, "goal", new.currency);
	cli_open(c, DB_WRITE);
	cli_tenant(c);
	e = appeal_create(&c->work, &new, &made);
	if (e != OK)
		return cli_refuse(c, e);
	print_one(c, &appeal_out, &made);

	return cli_close(c);
}

static int
perk(struct cli *c)
{
	struct appeal_perk	 new = {
		.appeal = appeal_id(c),
		.title = cli_value(c, "title"),
		.description = cli_value(c, "description"),
		.question = cli_value(c, "question"),
		.stock = cli_number(c, "stock",
		    (struct cli_range){ 0, LIMIT_AMOUNT, -1 }),
	};
	struct appeal_perk	 made;
	struct appeal		 of;
	enum err		 e;

	cli_open(c, DB_WRITE);
	cli_tenant(c);
	e = appeal_find(&c->work, new.appeal, &of);
	if (e != OK)
		return cli_refuse(c, e);
	new.min_amount = amount(c, "min-amount", of.currency);
	e = appeal_perk_create(&c->work, &new, &made);
	if (e != OK)
		return cli_refuse(c, e);
	print_one(c, &appeal_perk_out, &made);

	return cli_close(c);
}

static int
fundraiser(struct cli *c)
{
	const struct appeal_fundraiser	 new = {
		.appeal = appeal_id(c),
		.title = cli_value(c, "title"),
		.owner = cli_value(c, "owner"),
	};
	struct appeal_fundraiser	 made;
	enum err			 e;

	cli_open(c, DB_WRITE);
	cli_tenant(c);
	e = appeal_fundraiser_create(&c->work, &new, &made);
	if (e != OK)
		return cli_refuse(c, e);
	print_one(c, &appeal_fundraiser_out, &made);

	return cli_close(c);
}

static int
list(struct cli *c)
{
	return cli_list(c, appeal_list, &row_out);
}

static int
show(struct cli *c)
{
	struct appeal	 found;
	enum err	 e;

	cli_open(c, DB_READ);
	cli_tenant(c);
	e = appeal_find(&c->work, appeal_id(c), &found);
	if (e != OK)
		return cli_refuse(c, e);
	print_one(c, c->json ? &appeal_out : &row_out, &found);
	if (!c->json) {
		printf("\n");
		print_list(c, &appeal_perk_out, &found.perks);
		printf("\n");
		print_list(c, &appeal_fundraiser_out, &found.fundraisers);
	}

	return cli_close(c);
}
