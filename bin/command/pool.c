/*
 * pool: make token pools and put tokens in.
 */
#include <stdlib.h>

#include "bin/command/cli.h"
#include "lib/giving/pools/pool.h"
#include "lib/giving/pools/pool_refill.h"

static int	create(struct cli *);
static int	allocate(struct cli *);
static int	set(struct cli *);
static int	auto_refill(struct cli *);
static int	list(struct cli *);

static const struct option create_options[] = {
	TENANT_OPTIONS,
	{ "name", "NAME", "what people call it", true },
	{ "default", NULL, "it pays where no pool is named", false },
	{ 0 }
};

static const struct option allocate_options[] = {
	TENANT_OPTIONS,
	{ "tokens", "N", "how many", true },
	{ "pool", "POOL_ID", "which; else the default pool", false },
	{ "reason", "TEXT", "for the books", false },
	{ 0 }
};

static const struct option set_options[] = {
	TENANT_OPTIONS,
	{ "pool", "POOL_ID", "which; else the default pool", false },
	{ "vesting-days", "N", "days until a reward can be spent", false },
	{ "expiry-days", "N", "days until what is left of it comes back;"
	    " 0 for never", false },
	{ "action-types", "TYPES", "what it pays for: \"PURCHASE VISIT\";"
	    " \"\" for anything", false },
	{ "low-threshold", "N", "below this an event warns the partner",
	    false },
	{ 0 }
};

static const struct option refill_options[] = {
	TENANT_OPTIONS,
	{ "pool", "POOL_ID", "which; else the default pool", false },
	{ "threshold", "N", "below this it is filled again", false },
	{ "amount", "N", "with so many tokens", false },
	{ "max-per-month", "N", "at most so often in a calendar month (1)",
	    false },
	{ "requires-approval", NULL, "it asks instead, and you approve or"
	    " reject", false },
	{ "off", NULL, "it is not filled again by itself", false },
	{ 0 }
};

static const struct option list_options[] = { TENANT_OPTIONS, { 0 } };

const struct command pool_commands[] = {
	{ "pool create", "Make a token pool; the first is the default",
	    create_options, create },
	{ "pool allocate", "Put tokens into a pool", allocate_options,
	    allocate },
	{ "pool set", "Change the conditions of a token pool", set_options,
	    set },
	{ "pool auto-refill", "Let a pool be filled again by itself, or not",
	    refill_options, auto_refill },
	{ "pool list", "List a side's pools with what they hold",
	    list_options, list },
	{ 0 }
};

static int
create(struct cli *c)
{
	struct pool	 p;
	enum err	 e;

	cli_open(c, DB_WRITE);
	cli_tenant(c);
	cli_own_time(c);
	e = pool_create(&c->work, cli_value(c, "name"),
	    cli_value(c, "default") != NULL, &p);
	if (e != OK)
		return cli_refuse(c, e);
	print_one(c, &pool_out, &p);

	return cli_close(c);
}

static int
allocate(struct cli *c)
{
	struct pool_allocation	 done;
	struct tokens		 tokens;
	struct pool		 p;
	char			*end;
	enum err		 e;

	tokens.units = strtoll(cli_value(c, "tokens"), &end, 10);
	if (*end != '\0' || tokens.units < 1 || tokens.units > LIMIT_TOKENS)
		cli_usage(c, "--tokens is a whole number from 1 to %lld",
		    (long long)LIMIT_TOKENS);
	cli_open(c, DB_WRITE);
	cli_tenant(c);
	cli_own_time(c);
	e = pool_find(&c->work, cli_value(c, "pool"), &p);
	if (e == OK)
		e = pool_allocate(&c->work, &p, tokens,
		    cli_value(c, "reason"), &done);
	if (e != OK)
		return cli_refuse(c, e);
	print_one(c, &pool_allocation_out, &done);

	return cli_close(c);
}

/* -1 if the option was not given. */
static int64_t
number(struct cli *c, const char *name, int64_t most)
{
	const char	*text = cli_value(c, name);
	long long	 n;
	char		*end;

	if (text == NULL)
		return -1;
	n = strtoll(text, &end, 10);
	if (*text == '\0' || *end != '\0' || n < 0 || n > most)
		cli_usage(c, "--%s is a whole number from 0 to %lld", name,
		    (long long)most);

	return n;
}

static int
set(struct cli *c)
{
	const struct pool_terms	 terms = {
		.vesting_days = number(c, "vesting-days", LIMIT_POOL_DAYS),
		.expiry_days = number(c, "expiry-days", LIMIT_POOL_DAYS),
		.low_threshold = number(c, "low-threshold", LIMIT_TOKENS),
		.action_types = cli_value(c, "action-types"),
	};
	struct pool		 p;
	enum err		 e;

	cli_open(c, DB_WRITE);
	cli_tenant(c);
	cli_own_time(c);
	e = pool_find(&c->work, cli_value(c, "pool"), &p);
	if (e == OK)
		e = pool_set(&c->work, &p, &terms);
	if (e != OK)
		return cli_refuse(c, e);
	print_one(c, &pool_out, &p);

	return cli_close(c);
}

static int
auto_refill(struct cli *c)
{
	const struct pool_refill wish = {
		.enabled = cli_value(c, "off") == NULL,
		.threshold = cli_number(c, "threshold",
		    (struct cli_range){ 1, LIMIT_TOKENS, 0 }),
		.amount.units = cli_number(c, "amount",
		    (struct cli_range){ 1, LIMIT_TOKENS, 0 }),
		.max_per_month = cli_number(c, "max-per-month",
		    (struct cli_range){ 1, LIMIT_REFILLS, 1 }),
		.requires_approval =
		    cli_value(c, "requires-approval") != NULL,
	};
	struct pool		 p;
	enum err		 e;

	if (wish.enabled && (wish.threshold == 0 || wish.amount.units == 0))
		cli_usage(c, "--threshold N and --amount N are needed, or"
		    " --off");
	cli_open(c, DB_WRITE);
	cli_tenant(c);
	cli_own_time(c);
	e = pool_find(&c->work, cli_value(c, "pool"), &p);
	if (e == OK)
		e = pool_refill_set(&c->work, &p, &wish);
	if (e != OK)
		return cli_refuse(c, e);
	print_one(c, &pool_out, &p);

	return cli_close(c);
}

static int
list(struct cli *c)
{
	const struct pool_filter first = {
		.page = { 1, LIMIT_PAGE, NULL } };
	struct pool_list	 all;
	enum err		 e;

	cli_open(c, DB_READ);
	cli_tenant(c);
	e = pool_list(&c->work, &first, &all);
	if (e != OK)
		return cli_refuse(c, e);
	print_list(c, &pool_out, &all.pools);

	return cli_close(c);
}
