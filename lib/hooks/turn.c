/*
 * turn: one run at a time, and word that is left for it.
 */
/* For flock(), which POSIX does not have. */
#define _DEFAULT_SOURCE

#include <sys/file.h>

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/shared.h"
#include "lib/hooks/turn.h"

/* Who only looks whether somebody runs holds the lock for an instant. */
#define TAKE_TRIES	5
#define TAKE_NAP_MS	2

/* In the file.  A crash of the machine may lose it: nothing then runs. */
struct slate {
	_Atomic uint64_t	word;
	_Atomic int64_t		ended_ms;
};

struct turn {
	struct slate	*slate;
	uint64_t	 seen;
	int		 fd;
};

struct turn *
turn_open(const char *database, const char *program)
{
	struct turn	*t = calloc(1, sizeof(*t));
	size_t		 size = strlen(database) + strlen(program) + 2;
	char		*path = malloc(size);
	int		 error;

	if (t == NULL || path == NULL)
		abort();
	snprintf(path, size, "%s.%s", database, program);
	t->fd = -1;
	t->slate = shared_map(path, sizeof(*t->slate));
	if (t->slate != NULL)
		t->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	error = errno;
	free(path);
	if (t->fd == -1) {
		turn_close(t);
		errno = error;
		return NULL;
	}

	return t;
}

void
turn_close(struct turn *t)
{
	if (t == NULL)
		return;
	if (t->fd != -1)
		close(t->fd);
	shared_unmap(t->slate, sizeof(*t->slate));
	free(t);
}

void
turn_tell(struct turn *t)
{
	atomic_fetch_add(&t->slate->word, 1);
}

bool
turn_told(struct turn *t)
{
	uint64_t	 word = t->slate->word;
	bool		 told = word != t->seen;

	t->seen = word;

	return told;
}

/* A file system without flock() lets all in: then leases alone part them. */
bool
turn_take(struct turn *t)
{
	int	 got;

	do
		got = flock(t->fd, LOCK_EX | LOCK_NB);
	while (got == -1 && errno == EINTR);

	return got == 0 || errno != EWOULDBLOCK;
}

bool
turn_take_soon(struct turn *t)
{
	static const struct timespec nap = { .tv_nsec =
	    TAKE_NAP_MS * 1000000 };

	for (int tries = 0; tries < TAKE_TRIES; tries++) {
		if (turn_take(t))
			return true;
		nanosleep(&nap, NULL);
	}

	return false;
}

void
turn_drop(struct turn *t)
{
	(void)flock(t->fd, LOCK_UN);
}

struct moment
turn_last(struct turn *t)
{
	return (struct moment){ t->slate->ended_ms };
}

void
turn_ended(struct turn *t, struct moment at)
{
	t->slate->ended_ms = at.ms;
}
