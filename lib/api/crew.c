/*
 * crew: threads, as they are needed.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "lib/api/crew.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"

struct crew {
	pthread_mutex_t	 lock;
	void		*(*work)(void *);
	void		*with;
	int64_t		 waiting;
	pthread_t	 threads[LIMIT_THREADS];
	int64_t		 count;		/* of threads[] */
	bool		 over;		/* nobody is called any more */
};

struct crew *
crew_new(void *(*work)(void *), void *with)
{
	struct crew	*c = calloc(1, sizeof(*c));

	if (c == NULL || pthread_mutex_init(&c->lock, NULL) != 0)
		abort();
	c->work = work;
	c->with = with;

	return c;
}

void
crew_wait(struct crew *c)
{
	pthread_mutex_lock(&c->lock);
	c->waiting++;
	pthread_mutex_unlock(&c->lock);
}

/* The first thread is the process's own: it is not among threads[]. */
void
crew_busy(struct crew *c, int64_t most)
{
	pthread_attr_t	 attr;

	if (most > LIMIT_THREADS)
		most = LIMIT_THREADS;
	pthread_mutex_lock(&c->lock);
	if (--c->waiting == 0 && !c->over && c->count + 1 < most) {
		pthread_attr_init(&attr);
		pthread_attr_setstacksize(&attr, LIMIT_STACK);
		if (pthread_create(&c->threads[c->count], &attr, c->work,
		    c->with) == 0)
			c->count++;
		else
			log_line(LOG_WARN, "no more than %lld threads are to"
			    " be had", (long long)c->count + 1);
		pthread_attr_destroy(&attr);
	}
	pthread_mutex_unlock(&c->lock);
}

void
crew_work(struct crew *c)
{
	int64_t	 count;

	(void)c->work(c->with);
	/* Nobody takes a request any more, so nobody calls another. */
	pthread_mutex_lock(&c->lock);
	count = c->count;
	c->over = true;
	pthread_mutex_unlock(&c->lock);
	for (int64_t i = 0; i < count; i++)
		pthread_join(c->threads[i], NULL);
	pthread_mutex_destroy(&c->lock);
	free(c);
}
