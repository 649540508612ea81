/*
 * net_lookup: names to addresses, without waiting for them.
 *
 * Whoever asks and the threads share a desk.  It is counted, not owned: a
 * thread may find its name after the asker has gone, and the last to leave
 * frees it.  A byte in a pipe says that something lies on the desk.
 */
#include <sys/socket.h>
#include <sys/types.h>

#include <assert.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef ALMONER_STATIC
#include <nss.h>
#endif

#include "lib/base/limits.h"
#include "lib/net/net_lookup.h"
#include "lib/net/net_url.h"

/* One name that is asked for; later, one that was found. */
struct question {
	struct question		*next;
	struct net_lookup	*desk;
	char			 host[NET_HOST];
	struct net_found	 found;
};

struct net_lookup {
	pthread_mutex_t	 lock;
	struct question	*found;
	int		 pipe[2];	/* the asker's alone to close */
	int		 asked;		/* threads under way */
	bool		 closed;
};

static void
question_free(struct question *q)
{
	if (q->found.list != NULL)
		freeaddrinfo(q->found.list);
	free(q);
}

static void
desk_free(struct net_lookup *desk)
{
	pthread_mutex_destroy(&desk->lock);
	free(desk);
}

/* Lay the answer on the desk; a full pipe has been heard already. */
static void
hand_in(struct question *q)
{
	struct net_lookup	*desk = q->desk;
	bool			 closed, last;

	pthread_mutex_lock(&desk->lock);
	closed = desk->closed;
	last = --desk->asked == 0;
	if (!closed) {
		q->next = desk->found;
		desk->found = q;
		if (write(desk->pipe[1], "", 1) == -1)
			assert(desk->found != NULL);
	}
	pthread_mutex_unlock(&desk->lock);

	if (closed) {
		question_free(q);
		if (last)
			desk_free(desk);
	}
}

/* All addresses, of both kinds: each of them has to be looked at. */
static void *
answer(void *with)
{
	static const struct addrinfo	 hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
	};
	struct question			*q = with;

	q->found.error = getaddrinfo(q->host, NULL, &hints, &q->found.list);
	if (q->found.error != 0)
		q->found.list = NULL;
	hand_in(q);

	return NULL;
}

/* Signals are for the thread that asks. */
static bool
begin(struct question *q)
{
	pthread_attr_t	 attr;
	pthread_t	 thread;
	sigset_t	 all, before;
	bool		 ok;

	if (pthread_attr_init(&attr) != 0)
		return false;
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	(void)pthread_attr_setstacksize(&attr, LIMIT_STACK);
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	ok = pthread_create(&thread, &attr, answer, q) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&attr);

	return ok;
}

/*
 * A program that brings its C library along can look into files and ask name
 * servers.  What else a host's nsswitch.conf names it would load from the
 * host's own C library, which is another.
 */
static void
keep_to_ourselves(void)
{
#ifdef ALMONER_STATIC
	(void)__nss_configure_lookup("hosts", "files dns");
#endif
}

struct net_lookup *
net_lookup_open(void)
{
	static pthread_once_t	 once = PTHREAD_ONCE_INIT;
	struct net_lookup	*desk = calloc(1, sizeof(*desk));

	(void)pthread_once(&once, keep_to_ourselves);
	if (desk == NULL)
		return NULL;
	if (pipe(desk->pipe) == -1) {
		free(desk);
		return NULL;
	}
	for (int i = 0; i < 2; i++) {
		(void)fcntl(desk->pipe[i], F_SETFD, FD_CLOEXEC);
		(void)fcntl(desk->pipe[i], F_SETFL, O_NONBLOCK);
	}
	(void)pthread_mutex_init(&desk->lock, NULL);

	return desk;
}

void
net_lookup_close(struct net_lookup *desk)
{
	struct question	*q, *next;
	bool		 last;

	pthread_mutex_lock(&desk->lock);
	desk->closed = true;
	last = desk->asked == 0;
	q = desk->found;
	(void)close(desk->pipe[0]);
	(void)close(desk->pipe[1]);
	pthread_mutex_unlock(&desk->lock);

	for (; q != NULL; q = next) {
		next = q->next;
		question_free(q);
	}
	if (last)
		desk_free(desk);
}

bool
net_lookup_ask(struct net_lookup *desk, const char *host, void *with)
{
	struct question	*q;
	bool		 room;

	q = calloc(1, sizeof(*q));
	if (q == NULL)
		return false;
	q->desk = desk;
	q->found.with = with;
	assert(strlen(host) < sizeof(q->host));
	memcpy(q->host, host, strlen(host) + 1);

	pthread_mutex_lock(&desk->lock);
	room = desk->asked < LIMIT_LOOKUPS;
	desk->asked += room;
	pthread_mutex_unlock(&desk->lock);
	if (room && begin(q))
		return true;
	if (room) {
		pthread_mutex_lock(&desk->lock);
		desk->asked--;
		pthread_mutex_unlock(&desk->lock);
	}
	free(q);

	return false;
}

int
net_lookup_fd(const struct net_lookup *desk)
{
	return desk->pipe[0];
}

/* The pipe is emptied before the desk is looked at, so no byte is missed. */
bool
net_lookup_next(struct net_lookup *desk, struct net_found *out)
{
	char		 bytes[64];
	struct question	*q;

	pthread_mutex_lock(&desk->lock);
	q = desk->found;
	if (q == NULL)
		while (read(desk->pipe[0], bytes, sizeof(bytes)) > 0)
			continue;
	else
		desk->found = q->next;
	pthread_mutex_unlock(&desk->lock);
	if (q == NULL)
		return false;

	*out = q->found;
	free(q);

	return true;
}
