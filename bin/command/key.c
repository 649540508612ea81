/*
 * key: issue API keys, show them, revoke them.
 */
#include <stdlib.h>
#include <string.h>

#include "bin/command/cli.h"
#include "lib/base/arena.h"
#include "lib/giving/partners/key.h"

static int	create(struct cli *);
static int	list(struct cli *);
static int	rotate(struct cli *);
static int	revoke(struct cli *);

static const struct option create_options[] = {
	TENANT_OPTIONS,
	{ "name", "NAME", "what people call it", false },
	{ "scopes", "'A B …'", "what it may do; else all but actions:reverse",
	    false },
	{ "all-scopes", NULL, "all of them, actions:reverse too", false },
	{ "expires", "TIME", "when it stops: 2027-01-01T00:00:00Z", false },
	{ "ip", "NET,NET…", "networks that may use it", false },
	{ "origin", "O,O…", "web origins that may use it", false },
	{ 0 }
};

static const struct option list_options[] = { TENANT_OPTIONS, { 0 } };

static const struct option rotate_options[] = {
	{ "key", "KEY_ID", "which: key_…", true },
	{ "overlap", "HOURS", "how long the old one goes on; else 24",
	    false },
	{ 0 }
};

static const struct option revoke_options[] = {
	{ "key", "KEY_ID", "which: key_…", true },
	{ 0 }
};

const struct command key_commands[] = {
	{ "key create", "Issue a set of keys; its secrets are shown once",
	    create_options, create },
	{ "key list", "List a side's keys, without their secrets",
	    list_options, list },
	{ "key rotate", "Issue a set's successor; the old one ends later",
	    rotate_options, rotate },
	{ "key revoke", "Refuse a set of keys from now on", revoke_options,
	    revoke },
	{ 0 }
};

/* "a,b" as one a line, or NULL. */
static const char *
lines(struct cli *c, const char *option)
{
	const char	*value = cli_value(c, option);
	char		*copy = arena_text(c->arena, value);

	for (char *s = copy; s != NULL && *s != '\0'; s++)
		if (*s == ',')
			*s = '\n';

	return copy;
}

static const char *
all_scopes(struct cli *c)
{
	const char	*text = key_scopes[0];

	for (size_t i = 1; key_scopes[i] != NULL; i++)
		text = arena_printf(c->arena, "%s %s", text, key_scopes[i]);

	return text;
}

static int
create(struct cli *c)
{
	const char		*expires = cli_value(c, "expires");
	struct key_wish		 wish = { 0 };
	struct key_issued	 key;
	enum err		 e;

	wish.name = cli_value(c, "name");
	wish.scopes = cli_value(c, "all-scopes") != NULL ? all_scopes(c) :
	    cli_value(c, "scopes");
	wish.networks = lines(c, "ip");
	wish.origins = lines(c, "origin");
	wish.live = strcmp(cli_value(c, "side"), "live") == 0;
	if (expires != NULL && !clock_parse(expires, &wish.expires_at))
		cli_usage(c, "--expires is a time with its zone, like"
		    " 2027-01-01T00:00:00Z");
	cli_open(c, DB_WRITE);
	cli_tenant(c);
	e = key_create(&c->work, &wish, &key);
	if (e != OK)
		return cli_refuse(c, e);
	print_one(c, &key_issued_out, &key);

	return cli_close(c);
}

static int
list(struct cli *c)
{
	return cli_list(c, key_list, &key_out);
}

static int
rotate(struct cli *c)
{
	const char		*said = cli_value(c, "overlap");
	struct key_issued	 key;
	char			*end;
	long			 hours = 24;
	enum err		 e;

	if (said != NULL) {
		hours = strtol(said, &end, 10);
		if (*said == '\0' || *end != '\0' || hours < 0 ||
		    hours > 24 * 90)
			cli_usage(c, "--overlap is whole hours, at most"
			    " 2160");
	}
	cli_open(c, DB_WRITE);
	e = key_rotate(&c->work, cli_value(c, "key"), hours * 3600, &key);
	if (e != OK)
		return cli_refuse(c, e);
	print_one(c, &key_issued_out, &key);

	return cli_close(c);
}

static int
revoke(struct cli *c)
{
	enum err	 e;

	cli_open(c, DB_WRITE);
	e = key_revoke(&c->work, cli_value(c, "key"));
	c->work.detail = "There is no such key that still works: almoner key"
	    " list shows them.";
	if (e != OK)
		return cli_refuse(c, e);

	return cli_close(c);
}
