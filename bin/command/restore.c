/*
 * restore: the books as they were when a copy was taken.
 *
 * The copy is copied once more, to beside the books, and verified there; only
 * then do the two change places.  The file that it came from is only read.
 * One restores at a time: another finds its lock taken, and is refused.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bin/command/backup.h"
#include "bin/command/cli.h"
#include "lib/api/counts.h"
#include "lib/base/arena.h"
#include "lib/giving/site/site.h"
#include "lib/hooks/turn.h"

static int	restore(struct cli *);

static const struct option restore_options[] = {
	{ "file", "FILE", "a copy made by almoner backup", true, true },
	{ "force", NULL, "although the site runs: what happened since the"
	    " copy is gone", false },
	{ 0 }
};

const struct command restore_commands[] = {
	{ "restore", "Put a verified copy in the place of the books",
	    restore_options, restore },
	{ 0 }
};

struct restored {
	const char	*database, *old;
	int64_t		 transactions;
};

static const struct shape restored_out = SHAPE("Restored", struct restored,
	{ "database",     TEXT(struct restored, database) },
	{ "oldBooks",     TEXT(struct restored, old) },
	{ "transactions", INT(struct restored, transactions) });

/* What will take the place of the books, verified; or it was told why not. */
static bool
prepare(struct cli *c, const char *file, const char *next,
    struct backup *found)
{
	char		 why[1024];
	struct db	*db = site_look(&c->conf, file, c->arena, why,
			    sizeof(why));
	bool		 good;

	if (db == NULL) {
		fprintf(stderr, "almoner: %s\n", why);
		return false;
	}
	(void)unlink(next);
	good = db_copy(db, next, print_progress);
	print_progress_end();
	if (!good)
		fprintf(stderr, "almoner: %s: %s\n", next, db_why(db));
	db_close(db);
	if (good && !backup_verify(c, next, found)) {
		fprintf(stderr, "almoner: so the books stay as they are\n");
		(void)unlink(next);
		good = false;
	}
	print_progress_end();

	return good;
}

/* Books that cannot be opened are nobody's: they are why we are here. */
static bool
is_at_rest(struct cli *c)
{
	char		 why[1024];
	struct db	*db;
	bool		 alone;

	if (access(c->conf.database, F_OK) == -1)
		return true;
	db = db_open(c->conf.database, 0, why, sizeof(why));
	if (db == NULL)
		return true;
	alone = db_alone(db);
	db_close(db);
	if (!alone)
		fprintf(stderr, "almoner: the site is running: its programs"
		    " are connected to %s.\nStop the web server and take the"
		    " lines out of cron, then say this again.\nWith --force"
		    " it is done all the same: requests are answered 503 for"
		    " a moment, and\nwhat was promised to anybody since the"
		    " copy was taken is gone.\n", c->conf.database);

	return alone;
}

/* Keys that were made since are none any more, and revoked ones are good. */
static void
tell_programs(const struct cli *c)
{
	struct counts	*counts = counts_open(c->conf.database);

	if (counts == NULL)
		return;
	counts_epoch_move(counts);
	counts_close(counts);
}

/* Where the old books go: a name that nothing has yet. */
static char *
aside(struct cli *c)
{
	char	*name = arena_printf(c->arena, "%s.old-%s", c->conf.database,
		    backup_time(c));
	char	*first = name;

	for (int i = 2; access(name, F_OK) == 0 || access(arena_printf(
	    c->arena, "%s-wal", name), F_OK) == 0; i++)
		name = arena_printf(c->arena, "%s-%d", first, i);

	return name;
}

/* It is our turn; or it was told why not. */
static bool
swap(struct cli *c)
{
	struct backup	 found = { 0 };
	struct restored	 done = { 0 };
	char		*next;
	bool		 had;

	next = arena_printf(c->arena, "%s.restored", c->conf.database);
	done.database = c->conf.database;
	if (!prepare(c, cli_value(c, "file"), next, &found))
		return false;
	if (cli_value(c, "force") == NULL && !is_at_rest(c)) {
		(void)unlink(next);
		return false;
	}
	had = access(c->conf.database, F_OK) == 0;
	done.old = aside(c);
	if (!db_replace(c->conf.database, next, done.old)) {
		fprintf(stderr, "almoner: they did not change places: %s\n"
		    "The copy is %s; the old books are %s or %s\n",
		    strerror(errno), next, done.database, done.old);
		return false;
	}
	tell_programs(c);
	if (!had)
		done.old = NULL;
	done.transactions = found.transactions;
	print_one(c, &restored_out, &done);
	if (!c->json)
		printf("\nWebhooks that were sent since the copy are sent"
		    " again, with the ids they had.\nalmoner doctor says if"
		    " all is well; remove the old books when it is.\n");

	return true;
}

static int
restore(struct cli *c)
{
	struct turn	*turn;
	bool		 good = false;

	cli_configure(c);
	turn = turn_open(c->conf.database, "restore");
	if (turn == NULL)
		fprintf(stderr, "almoner: cannot make %s.restore: %s\n",
		    c->conf.database, strerror(errno));
	else if (!turn_take(turn))
		fprintf(stderr, "almoner: another almoner restore is at work"
		    " on %s\n", c->conf.database);
	else
		good = swap(c);
	turn_close(turn);

	return good ? 0 : 1;
}
