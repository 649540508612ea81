/*
 * rate: what currencies are worth, day by day.
 */
#include <string.h>

#include "bin/command/cli.h"
#include "lib/giving/donations/rate.h"

static int	set(struct cli *);
static int	list(struct cli *);

static const struct option set_options[] = {
	{ "from", "CURRENCY", "one of this …", true },
	{ "to", "CURRENCY", "… is in this one …", true },
	{ "rate", "DECIMAL", "… so much: 0.6512", true },
	{ "day", "DAY", "from which day on, as 2026-05-10; else today",
	    false },
	{ 0 }
};

const struct command rate_commands[] = {
	{ "rate set", "Set an exchange rate from a day on", set_options,
	    set },
	{ "rate list", "List the latest exchange rates", NULL, list },
	{ 0 }
};

static const struct currency *
currency(struct cli *c, const char *option)
{
	const struct currency	*found = money_currency(
	    cli_value(c, option));

	if (found == NULL)
		cli_usage(c, "--%s is a currency of ISO 4217, as USD",
		    option);

	return found;
}

static int
set(struct cli *c)
{
	const char		*day = cli_value(c, "day");
	char			 today[CLOCK_TEXT];
	struct rate_said	 said;
	struct rate		 r = { 0 };
	enum err		 e;

	r.from = currency(c, "from");
	r.to = currency(c, "to");
	if (!money_decimal(cli_value(c, "rate"), &r.units))
		cli_usage(c, "--rate is a decimal of up to 18 digits, as"
		    " 0.6512");
	cli_open(c, DB_WRITE);
	if (day == NULL) {
		clock_text(today, c->work.now);
		today[strlen("2026-05-10")] = '\0';
		day = today;
	}
	if (!rate_day(day, &r.day))
		cli_usage(c, "--day is a day, as 2026-05-10");
	e = rate_set(&c->work, &r);
	if (e != OK)
		return cli_refuse(c, e);
	said = rate_say(&c->work, &r);
	print_one(c, &rate_out, &said);

	return cli_close(c);
}

static int
list(struct cli *c)
{
	return cli_list(c, rate_list, &rate_out);
}
