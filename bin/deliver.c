/*
 * deliver: sends the webhooks that are due, and leaves.
 *
 * Cron starts it each minute, and the endpoint programs start it after an
 * answer that queued something (--after-answer).  One runs at a time: another
 * leaves word for it and goes.  It says nothing as long as all is well; what
 * is not well is in the site's log.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/limits.h"
#include "lib/giving/events/event.h"
#include "lib/giving/site/heartbeat.h"
#include "lib/giving/site/shift.h"
#include "lib/hooks/deliver.h"
#include "lib/hooks/turn.h"
#include "lib/net/net.h"

/* Cron comes each minute. */
#define BUDGET_S	55
#define LINGER_MS	1000

struct options {
	bool	after_answer;
	int64_t	budget_ms;
};

static void
help(void)
{
	printf("deliver [--budget SECONDS] [--after-answer]\n\n"
	    "Sends the webhooks that are due, tries again those that failed,"
	    " and leaves.\nOne runs at a time for a site, which is found by"
	    " ALMONER_CONF, or by almoner.conf\nin the folder above this"
	    " program's own.  For cron, each minute:\n\n"
	    "  * * * * * /srv/almoner/bin/deliver\n\n"
	    "  --budget       leave after so many seconds (%d)\n"
	    "  --after-answer as the endpoints start it: wait a second for"
	    " more; no heartbeat\n\n"
	    "Its status is 0 if all is well, also where another run is at"
	    " work; 1 if the\nsite cannot be opened or the database failed"
	    " (the log says why); 2 for words\nthat it does not know.\n",
	    BUDGET_S);
}

static int
usage(const char *what, const char *word)
{
	fprintf(stderr, "deliver: %s %s\ndeliver --help shows how it is"
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
		} else if (strcmp(argv[i], "--after-answer") == 0) {
			o->after_answer = true;
		} else if (strcmp(argv[i], "--budget") == 0) {
			if (argv[++i] == NULL)
				return usage("--budget needs", "SECONDS");
			s = strtol(argv[i], &end, 10);
			if (*end != '\0' || s < 1 ||
			    s * 1000 > LIMIT_LEASE_MS / 2)
				return usage("--budget is 1 to 60, not",
				    argv[i]);
			o->budget_ms = s * 1000;
		} else {
			return usage("there is no option", argv[i]);
		}
	}

	return -1;
}

static bool
told(void *with)
{
	return turn_told(with);
}

/* Run until nobody has left word. */
static bool
deliver(struct work *w, const struct conf *conf, const struct options *o,
    struct turn *turn)
{
	struct net_rules	 rules = {
		.loopback_http = conf->loopback_http,
		.ca_file = conf->ca_file[0] != '\0' ? conf->ca_file : NULL,
		.ports = conf->webhook_ports, .connections = 256,
	};
	struct deliver_plan	 plan = {
		.rules = &rules, .concurrency = 64, .each = 4,
		.linger_ms = o->after_answer ? LINGER_MS : 0,
		.tell = event_told, .more = told, .with = turn,
		.leave = shift_leaving(),
	};
	int64_t			 end_us = clock_ticks_us() +
				    o->budget_ms * 1000;
	bool			 broken = false;

	turn_tell(turn);
	do {
		if (!turn_take_soon(turn))
			break;
		(void)turn_told(turn);
		plan.last = turn_last(turn);
		plan.budget_ms = (end_us - clock_ticks_us()) / 1000;
		broken = deliver_run(w, &plan).broken;
		turn_ended(turn, clock_now());
		turn_drop(turn);
	} while (!broken && !*shift_leaving() && turn_told(turn) &&
	    clock_ticks_us() < end_us - o->budget_ms * 500);

	return !broken;
}

static int
run(const struct options *o)
{
	struct shift	 s;
	struct turn	*turn;
	bool		 good = false;

	if (!shift_open(&s, "deliver"))
		return 1;
	turn = turn_open(s.conf.database, "deliver");
	if (turn == NULL) {
		shift_lockless(&s);
	} else {
		if (!o->after_answer)
			heartbeat_begin(&s.work, "deliver");
		good = deliver(&s.work, &s.conf, o, turn);
		if (!o->after_answer)
			heartbeat_end(&s.work, "deliver");
		turn_close(turn);
	}
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
