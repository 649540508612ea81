/*
 * housekeep: does what is due to a site because time has passed, and leaves.
 *
 * Cron starts it each minute; lib/giving/upkeep/chores.c says what it does.
 * One runs at a time: another finds its lock taken and goes.  It says nothing
 * as long as all is well; what is not well, or took long, is in the site's log.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/api/courier.h"
#include "lib/base/limits.h"
#include "lib/giving/site/heartbeat.h"
#include "lib/giving/site/shift.h"
#include "lib/giving/upkeep/chores.h"
#include "lib/hooks/turn.h"

/* Cron comes each minute. */
#define BUDGET_S	50
#define BUDGET_MOST_S	86400

struct options {
	int64_t	budget_ms;
	bool	rewrite;
};

static void
help(void)
{
	printf("housekeep [--budget SECONDS] [--rewrite]\n\n"
	    "Does what is due: tokens that expired go back to their pools,"
	    " unpaid donations\nexpire, paid ones are rewarded, partners are"
	    " warned of keys that will expire,\nand rows that have had their"
	    " time are deleted.  Then it leaves.\nOne runs at a time for a"
	    " site, which is found by ALMONER_CONF, or by almoner.conf\nin"
	    " the folder above this program's own.  For cron, each minute:"
	    "\n\n  * * * * * /srv/almoner/bin/housekeep\n\n"
	    "  --budget   leave after so many seconds (%d)\n"
	    "  --rewrite  if something erased may still be in the database's"
	    " file, write it\n             anew now, however large it is;"
	    " who writes waits or is told 503\n\n"
	    "Its status is 0 if all is well, also where another run is at"
	    " work; 1 if the\nsite cannot be opened or the database failed"
	    " (the log says why); 2 for words\nthat it does not know.\n",
	    BUDGET_S);
}

static int
usage(const char *what, const char *word)
{
	fprintf(stderr, "housekeep: %s %s\nhousekeep --help shows how it is"
	    " said.\n", what, word);

	return 2;
}

/* -1 to go on; else the status to leave with. */
static int
read_options(struct options *o, char **argv)
{
	char	*end;
	long	 s;

	*o = (struct options){ .budget_ms = BUDGET_S * 1000 };
	for (int i = 1; argv[i] != NULL; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			help();
			return 0;
		} else if (strcmp(argv[i], "--rewrite") == 0) {
			o->rewrite = true;
		} else if (strcmp(argv[i], "--budget") == 0) {
			if (argv[++i] == NULL)
				return usage("--budget needs", "SECONDS");
			s = strtol(argv[i], &end, 10);
			if (*end != '\0' || s < 1 || s > BUDGET_MOST_S)
				return usage("--budget is 1 to 86400, not",
				    argv[i]);
			o->budget_ms = s * 1000;
		} else {
			return usage("there is no option", argv[i]);
		}
	}

	return -1;
}

/* What was queued is sent at once, as after an answer. */
static void
send_word(const struct conf *conf)
{
	struct courier	*c = courier_new();

	courier_configure(c, conf);
	courier_call(c);
	courier_free(c);
}

static bool
keep_house(struct shift *s, const struct options *o)
{
	struct chores_plan	 plan = {
		.end_us = clock_ticks_us() + o->budget_ms * 1000,
		.webhook_days = s->conf.webhook_days,
		.rewrite_bytes = o->rewrite ? INT64_MAX : LIMIT_REWRITE_CALM,
		.rewrite_now = o->rewrite, .leave = shift_leaving(),
	};
	struct chores_result	 result;

	heartbeat_begin(&s->work, "housekeep");
	result = chores_run(&s->work, &plan);
	heartbeat_end(&s->work, "housekeep");
	if (result.told)
		send_word(&s->conf);

	return !result.broken;
}

static int
run(const struct options *o)
{
	struct shift	 s;
	struct turn	*turn;
	bool		 good = true;

	if (!shift_open(&s, "housekeep"))
		return 1;
	turn = turn_open(s.conf.database, "housekeep");
	if (turn == NULL) {
		shift_lockless(&s);
		good = false;
	} else if (turn_take_soon(turn)) {
		good = keep_house(&s, o);
		turn_drop(turn);
	}
	turn_close(turn);
	shift_close(&s);

	return good ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct options	 o;
	int		 status;

	(void)argc;
	status = read_options(&o, argv);

	return status != -1 ? status : run(&o);
}
