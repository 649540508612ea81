/*
 * migrate: the database of an older version becomes one of ours.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bin/command/backup.h"
#include "bin/command/cli.h"
#include "lib/base/arena.h"
#include "lib/giving/site/migration.h"
#include "lib/giving/site/site.h"

static int	migrate(struct cli *);

static const struct option migrate_options[] = {
	{ "no-backup", NULL, "without a copy of the books before it", false },
	{ 0 }
};

const struct command migrate_commands[] = {
	{ "migrate", "Bring the database to this program's version",
	    migrate_options, migrate },
	{ 0 }
};

struct migrated {
	int64_t		 from, to;
	const char	*backup;
};

static const struct shape migrated_out = SHAPE("Migrated", struct migrated,
	{ "from",   INT(struct migrated, from) },
	{ "to",     INT(struct migrated, to) },
	{ "backup", TEXT(struct migrated, backup) });

static int
fail(struct cli *c, const char *why)
{
	fprintf(stderr, "almoner: %s: %s\n", c->conf.database, why);
	db_close(c->db);

	return 1;
}

/* Its laws are not known to be ours, so it is copied as it is. */
static bool
copy(struct cli *c, const char *file)
{
	bool	 good = file != NULL &&
		    db_copy(c->db, file, print_progress);

	print_progress_end();
	if (!good)
		fprintf(stderr, "almoner: no copy was made before it: %s\n",
		    file == NULL ? strerror(errno) : db_why(c->db));

	return good;
}

static void
tell(const struct migration *m)
{
	fprintf(stderr, "version %d: %s\n", m->version, m->about);
}

static bool
open_loose(struct cli *c, char *why, size_t size)
{
	c->db = db_open(c->conf.database, DB_LOOSE |
	    (c->conf.sync_full ? DB_FULL : 0), why, size);

	return c->db != NULL;
}

static int
run(struct cli *c, struct migrated *m)
{
	struct migration_state	 at;
	char			 why[1024];

	if (!open_loose(c, why, sizeof(why)))
		return fail(c, why);
	if (!migration_look(c->db, &at))
		return fail(c, "it is not the database of a site");
	m->from = m->to = at.version;
	if (at.version >= SITE_VERSION) {
		db_close(c->db);
		return 0;
	}
	m->backup = backup_name(c, "before-migrate");
	if (cli_value(c, "no-backup") != NULL)
		m->backup = NULL;
	else if (!copy(c, m->backup))
		return fail(c, "it was not migrated");
	if (migration_breaks(migration_all, &at)) {
		if (!db_alone(c->db))
			return fail(c, "this step ends the use of programs"
			    " that are running: stop the web server and cron"
			    " first");
		db_close(c->db);
		if (!open_loose(c, why, sizeof(why)))
			return fail(c, why);
	}
	if (!migration_run(c->db, migration_all, tell, why, sizeof(why)))
		return fail(c, why);
	m->to = SITE_VERSION;
	db_close(c->db);

	return 0;
}

static int
migrate(struct cli *c)
{
	struct migrated	 m = { 0 };
	int		 status;

	cli_configure(c);
	status = run(c, &m);
	if (status == 0)
		print_one(c, &migrated_out, &m);
	if (status == 0 && !c->json)
		printf(m.from > SITE_VERSION ? "\nThis database is newer than"
		    " this program; there is nothing to do here.\n" :
		    m.from == m.to ? "\nThere was nothing to do.\n" :
		    "\nNow put the new programs in the place of the old.\n");

	return status;
}
