/*
 * init: a new site, and what version this is.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bin/command/cli.h"
#include "bin/command/schema.h"
#include "lib/giving/site.h"

#define VERSION "0.1.0"

static int	init(struct cli *);
static int	version(struct cli *);

static const struct option init_options[] = {
	{ "dir", "DIR", "the folder that will hold it, outside the web root",
	    true },
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

static bool
make_folder(const char *path)
{
	return mkdir(path, 0700) == 0 || errno == EEXIST;
}

static bool
write_conf(const struct cli *c, const char *path)
{
	const char	*url = cli_value(c, "base-url");
	int		 fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	FILE		*f = fd < 0 ? NULL : fdopen(fd, "w");

	if (f == NULL)
		return false;
	fprintf(f, "# The configuration of an Almoner site.  Paths are read"
	    " from this file's folder.\n\n"
	    "# The books, on a local disk.\ndatabase = data/ledger.db\n\n"
	    "# Seals the secrets in the books.  Keep a copy elsewhere:"
	    " without it they are lost.\nmaster_key = master.key\n\n"
	    "# Where partners reach us.\n%sbase_url = %s\n\n"
	    "# Errors go there; without it to the web server's log.\n"
	    "#log = almoner.log\n",
	    url != NULL ? "" : "#", url != NULL ? url :
	    "https://giving.example");
	if (cli_value(c, "test-site") != NULL)
		fprintf(f, "\n# ALMONER_NOW may move the clock: never on a"
		    " site with real partners.\ntest_site = yes\n");

	return fclose(f) == 0;
}

static int
init(struct cli *c)
{
	const char	*dir = cli_value(c, "dir");
	char		 path[1024], why[1024];

	snprintf(path, sizeof(path), "%s/data", dir);
	if (!make_folder(dir) || !make_folder(path)) {
		fprintf(stderr, "almoner: cannot make %s: %s\n", path,
		    strerror(errno));
		return 1;
	}
	snprintf(path, sizeof(path), "%s/almoner.conf", dir);
	if (!write_conf(c, path)) {
		fprintf(stderr, "almoner: cannot write %s: %s\n", path,
		    strerror(errno));
		return 1;
	}
	if (!conf_read(&c->conf, path, why, sizeof(why)) ||
	    !site_create(&c->conf, schema_sql, c->arena, clock_now(), why,
	    sizeof(why))) {
		fprintf(stderr, "almoner: %s\n", why);
		return 1;
	}
	print_one(c, &made_out, &(struct made){ c->conf.path,
	    c->conf.database, c->conf.master_key });
	if (!c->json)
		printf("\nNext:\n  export ALMONER_CONF=%s\n  almoner partner"
		    " create --name 'My Shop' --slug my-shop\n",
		    c->conf.path);

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
