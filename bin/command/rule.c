/*
 * rule: say what actions of a type are worth.
 */
#include <string.h>

#include "bin/command/cli.h"
#include "lib/base/limits.h"
#include "lib/giving/rewards/rule.h"
#include "lib/giving/site/code.h"

static int	set(struct cli *);

static const struct option set_options[] = {
	TENANT_OPTIONS,
	{ "type", "TYPE", "the action type: PURCHASE, VOLUNTEER, …", true },
	{ "per-unit", "N", "tokens for each unit of currency: 1 or 0.5",
	    false },
	{ "flat", "N", "or tokens for each action, whatever its amount",
	    false },
	{ 0 }
};

const struct command rule_commands[] = {
	{ "rule set", "Say what actions of a type are worth", set_options,
	    set },
	{ 0 }
};

static int
set(struct cli *c)
{
	const char	*per_unit = cli_value(c, "per-unit");
	const char	*flat = cli_value(c, "flat");
	const char	*type = cli_value(c, "type");
	struct rule	 rule = { .by_amount = per_unit != NULL };
	struct decimal	 d;
	int64_t		 n;

	if ((per_unit != NULL) == (flat != NULL))
		cli_usage(c, "give --per-unit or --flat, one of them");
	if (strlen(type) > 64 || !code_form.fits(type))
		cli_usage(c, "--type is %s", code_form.says);
	if (!money_decimal(per_unit != NULL ? per_unit : flat, &d) ||
	    !money_scaled(d, per_unit != NULL ? 6 : 0, &n) || n < 0 ||
	    n > LIMIT_TOKENS)
		cli_usage(c, "--per-unit is a decimal with at most six"
		    " digits after the point, --flat a whole number");
	if (rule.by_amount)
		rule.micro_per_unit = n;
	else
		rule.flat.units = n;
	cli_open(c, DB_WRITE);
	cli_tenant(c);
	rule_set(&c->work, type, &rule);

	return cli_close(c);
}
