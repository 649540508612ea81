/*
 * init: a new site, and what version this is.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bin/command/cli.h"
#include "lib/base/arena.h"
#include "lib/giving/site/founding.h"
#include "lib/giving/site/site.h"

#define VERSION "0.1.0"

static int	init(struct cli *);
static int	version(struct cli *);

static const struct option init_options[] = {
	{ "dir", "DIR", "the folder that will hold it, outside the web"
	    " root; asked for on a terminal", false },
	{ "base-url", "URL", "where partners will reach it", false },
	{ "test-site", NULL, "for tests: ALMONER_NOW may move its clock",
	    false },
	{ 0 }
};

const struct command init_commands[] = {
	{ "init", "Make a site: configuration, master key, database",
	    init_options, init },
	{ "version", "Say which version this is", NULL, version },
	{ 0 }
};

struct made {
	const char	*conf, *database, *master_key;
};

static const struct shape made_out = SHAPE("Site", struct made,
	{ "configuration", TEXT(struct made, conf) },
	{ "database",      TEXT(struct made, database) },
	{ "masterKey",     TEXT(struct made, master_key) });

/* The value of an option; or, on a terminal, what is typed. */
static const char *
wanted(struct cli *c, const char *option, const char *question)
{
	const char	*said = cli_value(c, option);
	char		 line[1024];

	if (said != NULL || c->json || !isatty(STDIN_FILENO))
		return said;
	fprintf(stderr, "%s: ", question);
	if (fgets(line, sizeof(line), stdin) == NULL)
		return NULL;
	line[strcspn(line, "\n")] = '\0';

	return line[0] != '\0' ? arena_text(c->arena, line) : NULL;
}

/* Programs that lie with the site find it by themselves. */
static void
say_cron(const char *conf)
{
	static const char *const	 programs[] = {
		"deliver", "housekeep"
	};
	int	 size = (int)(strrchr(conf, '/') - conf);
	char	 folder[1024], path[1024];

	printf("\nFor cron (crontab -e), so that webhooks are sent, and what"
	    " is due is done:\n");
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		snprintf(path, sizeof(path), "%.*s/bin/%s", size, conf,
		    programs[i]);
		if (access(path, X_OK) == 0 || !conf_folder(folder,
		    sizeof(folder)))
			printf("  * * * * * %s\n", path);
		else
			printf("  * * * * * ALMONER_CONF=%s %sbin/%s\n",
			    conf, folder, programs[i]);
	}
}

static void
say_next(const struct cli *c)
{
	printf("\nKeep a copy of the master key elsewhere: without it the"
	    " signing secrets are lost.\n\nNext:\n  export ALMONER_CONF=%s\n"
	    "  almoner partner create --name 'My Shop' --slug my-shop\n",
	    c->conf.path);
	say_cron(c->conf.path);
	printf("\nThen almoner doctor looks whether all is well.  There are"
	    " no accounts to make:\nwho may read the files administers the"
	    " site.\n");
}

static int
init(struct cli *c)
{
	struct founding	 f = { .test_site =
			    cli_value(c, "test-site") != NULL };
	const char	*dir = wanted(c, "dir", "The folder for the site,"
			    " outside the web root");
	char		 why[1024];

	if (dir == NULL)
		cli_usage(c, "--dir DIR is missing: the folder that will"
		    " hold the site, outside the web root");
	f.base_url = wanted(c, "base-url", "Where partners will reach it"
	    " (https://…; may be said later)");
	f.conf = arena_printf(c->arena, "%s/almoner.conf", dir);
	if (!founding_make(&f, &c->conf, c->arena, clock_now(), why,
	    sizeof(why))) {
		fprintf(stderr, "almoner: %s\n", why);
		return 1;
	}
	print_one(c, &made_out, &(struct made){ c->conf.path,
	    c->conf.database, c->conf.master_key });
	if (!c->json)
		say_next(c);

	return 0;
}

struct version {
	const char	*version;
	int64_t		 schema;
};

static const struct shape version_out = SHAPE("Version", struct version,
	{ "version", TEXT(struct version, version) },
	{ "schema",  INT(struct version, schema) });

static int
version(struct cli *c)
{
	if (c->json)
		print_one(c, &version_out,
		    &(struct version){ VERSION, SITE_VERSION });
	else
		printf("almoner %s (schema %d)\n", VERSION, SITE_VERSION);

	return 0;
}
