/*
 * shift: a program that cron starts, from its first moment to its last.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/base/arena.h"
#include "lib/base/log.h"
#include "lib/db/db.h"
#include "lib/giving/site/shift.h"
#include "lib/giving/site/site.h"

static atomic_bool	leaving;

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

bool
shift_open(struct shift *s, const char *program)
{
	char	 why[2048];

	prepare();
	*s = (struct shift){ .program = program };
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

	return true;
}

void
shift_close(struct shift *s)
{
	db_close(s->work.db);
	arena_free(s->work.arena);
}

void
shift_lockless(const struct shift *s)
{
	char	 why[2048];

	snprintf(why, sizeof(why), "cannot make %s.%s: %s: it must be ours to"
	    " write", s->conf.database, s->program, strerror(errno));
	tell(s, why);
}

const atomic_bool *
shift_leaving(void)
{
	return &leaving;
}
