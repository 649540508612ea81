/*
 * inbound: who may tell us of what happened elsewhere.
 */
#include <stdio.h>
#include <string.h>

#include "bin/command/cli.h"
#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/giving/inbound/inbound.h"

static int	set(struct cli *);
static int	list(struct cli *);
static int	take_away(struct cli *);

static const struct option set_options[] = {
	TENANT_OPTIONS,
	{ "format", "chuffed|points", "what is told, and how", true },
	{ "secret", "TEXT", "what proves it, - to read it from a line of"
	    " standard input; else a new one", false },
	{ "token-symbol", "SYMBOL", "of points: what ours are called, in"
	    " short; else whatever", false },
	{ 0 }
};

static const struct option list_options[] = { TENANT_OPTIONS, { 0 } };

static const struct option remove_options[] = {
	TENANT_OPTIONS,
	{ "format", "chuffed|points", "which", true },
	{ 0 }
};

const struct command inbound_commands[] = {
	{ "inbound set", "Let another platform tell us what happened there",
	    set_options, set },
	{ "inbound list", "List what a side is told from elsewhere",
	    list_options, list },
	{ "inbound remove", "Be told no more", remove_options, take_away },
	{ 0 }
};

static enum inbound_format
format(struct cli *c)
{
	enum inbound_format	 f = inbound_format(cli_value(c, "format"));

	if (f == 0)
		cli_usage(c, "--format is chuffed or points");

	return f;
}

/* What others of this machine do not see in its list of programs. */
static const char *
secret(struct cli *c)
{
	const char	*said = cli_value(c, "secret");
	char		*line;

	if (said == NULL || strcmp(said, "-") != 0)
		return said;
	line = arena_alloc(c->arena, LIMIT_KEY + 3);
	if (fgets(line, LIMIT_KEY + 3, stdin) == NULL)
		cli_usage(c, "there is no line on standard input");
	line[strcspn(line, "\r\n")] = '\0';

	return line;
}

static int
set(struct cli *c)
{
	enum inbound_format	 f = format(c);
	const char		*symbol = cli_value(c, "token-symbol");
	struct inbound		 made;
	enum err		 e;

	if (symbol != NULL && (f != INBOUND_POINTS || *symbol == '\0' ||
	    strlen(symbol) > LIMIT_SYMBOL))
		cli_usage(c, "--token-symbol is for points, and has 1 to %d"
		    " bytes", LIMIT_SYMBOL);
	cli_open(c, DB_WRITE);
	cli_tenant(c);
	e = inbound_set(&c->work, f, secret(c), &made);
	if (e != OK)
		return cli_refuse(c, e);
	if (f == INBOUND_POINTS && inbound_set_token(&c->work, symbol))
		made.token_symbol = symbol;
	print_one(c, &inbound_out, &made);

	return cli_close(c);
}

static int
list(struct cli *c)
{
	return cli_list(c, inbound_list, &inbound_out);
}

static int
take_away(struct cli *c)
{
	enum inbound_format	 f = format(c);

	cli_open(c, DB_WRITE);
	cli_tenant(c);
	if (!inbound_remove(&c->work, f))
		return cli_refuse(c, ERR_NOT_FOUND);

	return cli_close(c);
}
