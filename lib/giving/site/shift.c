/*
 * shift: a program that cron starts, from its first moment to its last.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/base/arena.h"
#include "lib/base/log.h"
#include "lib/db/db.h"
#include "lib/giving/site/shift.h"
#include "lib/giving/site/site.h"
#include "lib/hooks/turn.h"

static atomic_bool	leaving;

static void
help(const struct shift_program *p)
{
	printf("%s [--budget SECONDS] [--%s]\n\n%s\nOne runs at a time for"
	    " a site, which is found by ALMONER_CONF, or by\nalmoner.conf in"
	    " the folder above this program's own.  For cron, each minute:\n"
	    "\n  * * * * * /srv/almoner/bin/%s\n\n", p->name, p->flag,
	    p->about, p->name);
	printf("  --%-12s  leave after so many seconds (%d)\n"
	    "  --%-12s  %s\n\n"
	    "Its status is 0 if all is well, also where another run is at"
	    " work; 1 if the\nsite cannot be opened or the database failed"
	    " (the log says why); 2 for words\nthat it does not know.\n",
	    "budget", p->budget_s, p->flag, p->flag_about);
}

static int	usage(const struct shift_program *, const char *, ...)
		    __attribute__((format(printf, 2, 3)));

static int
usage(const struct shift_program *p, const char *format, ...)
{
	va_list	 args;

	fprintf(stderr, "%s: ", p->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n%s --help shows how it is said.\n", p->name);

	return 2;
}

/* -1 to go on; else the status to leave with. */
static int
read_words(struct shift *s, const struct shift_program *p, char **argv)
{
	long	 budget_s = p->budget_s;
	char	*end;

	for (int i = 1; argv[i] != NULL; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			help(p);
			return 0;
		} else if (strcmp(argv[i], "--budget") == 0) {
			if (argv[++i] == NULL)
				return usage(p, "--budget needs SECONDS");
			budget_s = strtol(argv[i], &end, 10);
			if (*end != '\0' || budget_s < 1 ||
			    budget_s > p->budget_most_s)
				return usage(p, "--budget is 1 to %d, not %s",
				    p->budget_most_s, argv[i]);
		} else if (strncmp(argv[i], "--", 2) == 0 &&
		    strcmp(argv[i] + 2, p->flag) == 0) {
			s->flagged = true;
		} else {
			return usage(p, "there is no option %s", argv[i]);
		}
	}
	s->budget_us = (int64_t)budget_s * 1000000;

	return -1;
}

static void
stop(int signo)
{
	(void)signo;
	leaving = true;
}

static void
prepare(void)
{
	struct sigaction	 act = { .sa_handler = stop };

	umask(077);
	sigemptyset(&act.sa_mask);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGHUP, &act, NULL);
	act.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &act, NULL);
	/* A file that may not grow is an error like others. */
	sigaction(SIGXFSZ, &act, NULL);
}

static bool
configure(struct conf *conf, char *why, size_t size)
{
	const char	*now = getenv("ALMONER_NOW");

	if (!conf_load(conf, why, size))
		return false;
	log_to(conf->log[0] != '\0' ? conf->log : NULL);
	if (now == NULL || (conf->test_site && clock_set(now)))
		return true;
	snprintf(why, size, conf->test_site ? "ALMONER_NOW is neither unix"
	    " seconds nor the path of a file that holds them: unset it" :
	    "ALMONER_NOW is set, but %s does not say test_site = yes:"
	    " unset it", conf->path);

	return false;
}

/* Something is wrong before there is a log, or beside it: tell both. */
static void
tell(const struct shift *s, const char *why)
{
	if (s->conf.log[0] != '\0')
		log_line(LOG_ERROR, "%s: %s", s->program, why);
	fprintf(stderr, "%s: %s\n", s->program, why);
}

static bool
start(struct shift *s)
{
	char	 why[2048];

	prepare();
	s->work.arena = arena_new();
	if (!configure(&s->conf, why, sizeof(why)) || (s->work.db =
	    site_open(&s->conf, s->work.arena, why, sizeof(why))) == NULL) {
		tell(s, why);
		arena_free(s->work.arena);
		return false;
	}
	faults_init(&s->faults, s->work.arena);
	s->work.faults = &s->faults;
	s->work.now = clock_now();
	s->end_us = clock_ticks_us() + s->budget_us;
	s->turn = turn_open(s->conf.database, s->program);
	if (s->turn != NULL)
		return true;
	snprintf(why, sizeof(why), "cannot make %s.%s: %s: it must be ours to"
	    " write", s->conf.database, s->program, strerror(errno));
	tell(s, why);
	db_close(s->work.db);
	arena_free(s->work.arena);

	return false;
}

int
shift_run(const struct shift_program *p, char **argv)
{
	struct shift	 s = { .program = p->name };
	int		 status = read_words(&s, p, argv);
	bool		 good;

	if (status != -1)
		return status;
	if (!start(&s))
		return 1;
	good = p->work(&s);
	turn_close(s.turn);
	db_close(s.work.db);
	arena_free(s.work.arena);

	return good ? 0 : 1;
}

const atomic_bool *
shift_leaving(void)
{
	return &leaving;
}
