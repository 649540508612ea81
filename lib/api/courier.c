/*
 * courier: a child that outlives the answer.
 *
 * The child gets nothing of ours: no descriptor, no signal that we block or
 * pass over, no terminal, and of the environment, which as CGI is full of
 * what a client said, only what is named here.
 */
/* For POSIX_SPAWN_SETSID and addclosefrom_np(): the sockets that libfcgi
 * accepts are open for every child, and only by number can they be closed. */
#undef _GNU_SOURCE
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/api/courier.h"
#include "lib/base/clock.h"
#include "lib/base/conf.h"
#include "lib/base/log.h"
#include "lib/hooks/turn.h"
#include "lib/http/http.h"

/* One that fails is not started again and again. */
#define PAUSE_US 100000

/* Sanitizers are told by theirs where to write. */
static const char *const kept[] = {
	"PATH", "TMPDIR", "ALMONER_NOW", "ASAN_OPTIONS", "LSAN_OPTIONS",
	"TSAN_OPTIONS", "UBSAN_OPTIONS",
};

#define KEPT	(sizeof(kept) / sizeof(kept[0]))

struct courier {
	struct turn	*turn;		/* NULL: none is to be started */
	char		 program[1024 + 16];
	char		*env[KEPT + 2];
	const char	*complain_to;	/* NULL: our own standard error */
	pthread_mutex_t	 lock;		/* of the attempt to start one */
	int64_t		 tried_us;
};

struct courier *
courier_new(void)
{
	struct courier		*c = calloc(1, sizeof(*c));
	struct sigaction	 act = { .sa_handler = SIG_DFL,
				    .sa_flags = SA_NOCLDWAIT };

	if (c == NULL || pthread_mutex_init(&c->lock, NULL) != 0)
		abort();
	sigemptyset(&act.sa_mask);
	sigaction(SIGCHLD, &act, NULL);
	c->tried_us = -PAUSE_US;

	return c;
}

void
courier_free(struct courier *c)
{
	turn_close(c->turn);
	for (size_t i = 0; i < KEPT + 2; i++)
		free(c->env[i]);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

/* Beside the folder of this program, or where the configuration lies. */
static bool
find_program(struct courier *c, const struct conf *conf)
{
	char		 folder[1024];
	const char	*slash = strrchr(conf->path, '/');

	if (conf_folder(folder, sizeof(folder))) {
		snprintf(c->program, sizeof(c->program), "%sbin/deliver",
		    folder);
		if (access(c->program, X_OK) == 0)
			return true;
	}
	if (slash == NULL)
		return false;
	snprintf(c->program, sizeof(c->program), "%.*s/bin/deliver",
	    (int)(slash - conf->path), conf->path);

	return access(c->program, X_OK) == 0;
}

static char *
variable(const char *name, const char *value)
{
	size_t	 size = strlen(name) + strlen(value) + 2;
	char	*text = malloc(size);

	if (text == NULL)
		abort();
	snprintf(text, size, "%s=%s", name, value);

	return text;
}

static void
make_env(struct courier *c, const struct conf *conf)
{
	size_t		 count = 0;
	const char	*value;

	c->env[count++] = variable("ALMONER_CONF", conf->path);
	for (size_t i = 0; i < KEPT; i++)
		if ((value = getenv(kept[i])) != NULL)
			c->env[count++] = variable(kept[i], value);
}

void
courier_configure(struct courier *c, const struct conf *conf)
{
	if (!conf->start_deliver)
		return;
	if (!find_program(c, conf)) {
		log_line(LOG_WARN, "there is no %s: webhooks wait for cron;"
		    " install it there, or say start_deliver = no",
		    c->program);
		return;
	}
	c->turn = turn_open(conf->database, "deliver");
	if (c->turn == NULL) {
		log_line(LOG_WARN, "cannot make %s.deliver: %s; webhooks"
		    " wait for cron", conf->database, strerror(errno));
		return;
	}
	make_env(c, conf);
	/* Some servers wait until nobody has a CGI program's error output. */
	if (conf->log[0] != '\0' || http_is_cgi())
		c->complain_to = "/dev/null";
}

static int
spawn(struct courier *c)
{
	char *const			 words[] = {
		c->program, (char[]){ "--after-answer" }, NULL
	};
	posix_spawn_file_actions_t	 files;
	posix_spawnattr_t		 attr;
	sigset_t			 none, all;
	pid_t				 pid;
	int				 error;

	sigemptyset(&none);
	sigfillset(&all);
	if (posix_spawnattr_init(&attr) != 0)
		return ENOMEM;
	if (posix_spawn_file_actions_init(&files) != 0) {
		posix_spawnattr_destroy(&attr);
		return ENOMEM;
	}
	(void)posix_spawnattr_setsigmask(&attr, &none);
	(void)posix_spawnattr_setsigdefault(&attr, &all);
	(void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID |
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	(void)posix_spawn_file_actions_addopen(&files, 0, "/dev/null",
	    O_RDONLY, 0);
	(void)posix_spawn_file_actions_addopen(&files, 1, "/dev/null",
	    O_WRONLY, 0);
	if (c->complain_to != NULL)
		(void)posix_spawn_file_actions_addopen(&files, 2,
		    c->complain_to, O_WRONLY, 0);
	(void)posix_spawn_file_actions_addclosefrom_np(&files, 3);
	error = posix_spawn(&pid, c->program, &files, &attr, words, c->env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);

	return error;
}

/* If nobody runs.  One thread after the other: flock() does not part them. */
static void
start(struct courier *c)
{
	int64_t	 now_us = clock_ticks_us();
	int	 error;

	pthread_mutex_lock(&c->lock);
	if (now_us - c->tried_us >= PAUSE_US && turn_take(c->turn)) {
		turn_drop(c->turn);
		c->tried_us = now_us;
		error = spawn(c);
		if (error != 0)
			log_line(LOG_WARN, "cannot start %s: %s; webhooks"
			    " wait for cron", c->program, strerror(error));
	}
	pthread_mutex_unlock(&c->lock);
}

void
courier_call(struct courier *c)
{
	if (c->turn == NULL)
		return;
	turn_tell(c->turn);
	start(c);
}
