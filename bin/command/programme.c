/*
 * programme: whose points a partner's users may exchange their tokens for.
 */
#include <string.h>

#include "bin/command/cli.h"
#include "lib/base/encode.h"
#include "lib/base/limits.h"
#include "lib/giving/exchanges/programme.h"
#include "lib/giving/site/code.h"

static int	set(struct cli *);
static int	list(struct cli *);
static int	take_away(struct cli *);

static const struct option set_options[] = {
	TENANT_OPTIONS,
	{ "code", "CODE", "by which requests name it: MILES", true },
	{ "name", "NAME", "what it is called", true },
	{ "token-name", "NAME", "what its points are called", true },
	{ "token-symbol", "SYMBOL", "the same in short", true },
	{ "tokens", "N", "for so many tokens a user gets …", true },
	{ "points", "N", "… so many points", true },
	{ "status", "ACTIVE|INACTIVE", "may they exchange now?  else ACTIVE",
	    false },
	{ 0 }
};

static const struct option list_options[] = { TENANT_OPTIONS, { 0 } };

static const struct option remove_options[] = {
	TENANT_OPTIONS,
	{ "code", "CODE", "which", true },
	{ 0 }
};

const struct command programme_commands[] = {
	{ "programme set", "Let tokens be exchanged for a programme's points",
	    set_options, set },
	{ "programme list", "List the programmes of a partner's side",
	    list_options, list },
	{ "programme remove", "Exchange no more; what was exchanged stays",
	    remove_options, take_away },
	{ 0 }
};

static const char *
text(struct cli *c, const char *option, size_t most)
{
	const char	*said = cli_value(c, option);
	size_t		 size = strlen(said);

	if (size == 0 || !encode_is_utf8(said, size) ||
	    encode_length(said) > most)
		cli_usage(c, "--%s has 1 to %zu characters", option, most);

	return said;
}

static int
set(struct cli *c)
{
	const char		*status = cli_value(c, "status");
	struct cli_range	 range = { 1, LIMIT_RATE, 1 };
	struct programme	 p = {
		.code = cli_value(c, "code"),
		.name = text(c, "name", LIMIT_NAME),
		.token_name = text(c, "token-name", LIMIT_NAME),
		.token_symbol = text(c, "token-symbol", LIMIT_SYMBOL),
		.tokens = { cli_number(c, "tokens", range) },
		.points = cli_number(c, "points", range),
		.status = status != NULL ? status : programme_statuses[0] };

	if (!code_form.fits(p.code))
		cli_usage(c, "--code is %s", code_form.says);
	if (strcmp(p.status, programme_statuses[0]) != 0 &&
	    strcmp(p.status, programme_statuses[1]) != 0)
		cli_usage(c, "--status is ACTIVE or INACTIVE");
	cli_open(c, DB_WRITE);
	cli_tenant(c);
	programme_set(&c->work, &p);
	if (programme_find(&c->work, p.code, &p) == ERR_PROGRAMME_NOT_FOUND)
		return cli_refuse(c, ERR_PROGRAMME_NOT_FOUND);
	print_one(c, &programme_out, &p);

	return cli_close(c);
}

static int
list(struct cli *c)
{
	return cli_list(c, programme_list, &programme_out);
}

static int
take_away(struct cli *c)
{
	cli_open(c, DB_WRITE);
	cli_tenant(c);
	if (!programme_remove(&c->work, cli_value(c, "code")))
		return cli_refuse(c, ERR_PROGRAMME_NOT_FOUND);

	return cli_close(c);
}
