/*
 * init: a new site, and what version this is.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bin/command/admin.h"
#include "bin/command/cli.h"
#include "bin/command/typed.h"
#include "lib/base/arena.h"
#include "lib/giving/members/member.h"
#include "lib/giving/site/founding.h"
#include "lib/giving/site/site.h"

#define VERSION "0.1.0"

static int	init(struct cli *);
static int	version(struct cli *);

static const struct option init_options[] = {
	{ "dir", "DIR", "the folder that will hold it, outside the web"
	    " root; asked for on a terminal", false },
	{ "base-url", "URL", "where partners will reach it", false },
	{ "admin-email", "EMAIL", "who administers it; asked for on a"
	    " terminal, with a password", false },
	PASSWORD_OPTION,
	{ "test-site", NULL, "for tests: ALMONER_NOW may move its clock",
	    false },
	{ 0 }
};

const struct command init_commands[] = {
	{ "init", "Make a site: its files, and an administrator",
	    init_options, init },
	{ "version", "Say which version this is", NULL, version },
	{ 0 }
};

struct made {
	const char	*conf, *database, *master_key;
	const char	*admin, *password;	/* NULL: none */
};

#define MADE \
	{ "configuration", TEXT(struct made, conf) }, \
	{ "database",      TEXT(struct made, database) }, \
	{ "masterKey",     TEXT(struct made, master_key) }
#define MADE_ADMIN { "administrator", TEXT(struct made, admin) }

/* With an administrator, and with a password to be shown. */
static const struct shape made_out[] = {
	SHAPE("Site", struct made, MADE),
	SHAPE("Site", struct made, MADE, MADE_ADMIN),
	SHAPE("Site", struct made, MADE, MADE_ADMIN,
	    { "password", TEXT(struct made, password) }),
};

static void
say_made(const struct cli *c, const struct made *m)
{
	print_one(c, &made_out[(m->admin != NULL) + (m->password != NULL)],
	    m);
}

/* The value of an option; or, on a terminal, what is typed. */
static const char *
wanted(struct cli *c, const char *option, const char *question)
{
	const char	*said = cli_value(c, option);

	return said != NULL ? said : typed_line(c, question);
}

static bool
make_admin(struct work *w, void *wish)
{
	struct member	 m;

	return member_create(w, wish, &m) == OK;
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
say_next(const struct cli *c, const struct made *m)
{
	if (m->password != NULL)
		printf("\nThe password is shown now and never again.\n");
	printf("\nKeep a copy of the master key elsewhere: without it the"
	    " signing secrets are lost.\n\nNext:\n  export ALMONER_CONF=%s\n"
	    "%s  almoner partner create --name 'My Shop' --slug my-shop\n",
	    c->conf.path, m->admin != NULL ? "" :
	    "  almoner admin create --email you@example.org\n");
	say_cron(c->conf.path);
	printf("\nThen almoner doctor looks whether all is well.  Who may read"
	    " the files administers\nthe site by this command; %s.\n",
	    m->admin != NULL ? "by HTTP, who has logged in" : "nobody can"
	    " by HTTP until almoner admin create");
}

static int
init(struct cli *c)
{
	struct founding		 f = { .test_site =
				    cli_value(c, "test-site") != NULL };
	const char		*dir = wanted(c, "dir", "The folder for the"
				    " site, outside the web root");
	struct admin_password	 p = { NULL, NULL };
	struct member_wish	 wish;
	struct made		 m = { 0 };
	char			 why[1024];

	if (dir == NULL)
		cli_usage(c, "--dir DIR is missing: the folder that will"
		    " hold the site, outside the web root");
	f.base_url = wanted(c, "base-url", "Where partners will reach it"
	    " (https://…; may be said later)");
	f.conf = arena_printf(c->arena, "%s/almoner.conf", dir);
	m.admin = wanted(c, "admin-email", "E-mail address of an"
	    " administrator (may be made later)");
	if (m.admin != NULL && access(f.conf, F_OK) != 0)
		admin_password(c, m.admin, &p);
	wish = (struct member_wish){ m.admin, NULL, p.kept };
	if (m.admin != NULL)
		f.first = (struct site_first){ make_admin, &wish };
	c->work.now = clock_now();
	if (!founding_make(&f, &c->conf, &c->work, why, sizeof(why))) {
		fprintf(stderr, "almoner: %s\n", why);
		return 1;
	}
	m.password = p.shown;
	m.conf = c->conf.path;
	m.database = c->conf.database;
	m.master_key = c->conf.master_key;
	say_made(c, &m);
	if (!c->json)
		say_next(c, &m);

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
