/*
 * deliver_line: the thread that sends.
 *
 * It takes parcels from the posts of the webhooks in turn, so that each
 * webhook has its share, and keeps to what a webhook may have at once and in
 * a second.  A webhook begins with one transfer at a time and gets more as
 * soon as it has answered well; one that fails goes back to one.  Those that
 * are slow, or not known yet, share three quarters of the transfers, so that
 * however many they are the quick ones go on.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/hooks/delivering.h"

#define QUICK_MS	500
/* How long a post that was just filled may wait to be seen, and a pace. */
#define LOOK_MS		2
/* Answers that are taken before new transfers are begun. */
#define ANSWERS		16

struct line {
	pthread_t			 thread;
	pthread_mutex_t			 lock;
	pthread_cond_t			 work;	/* for our thread */
	pthread_cond_t			 done;	/* for the other */
	const struct deliver_plan	*plan;
	struct net			*net;
	int64_t				 end_us;

	/* Under the lock. */
	struct hook			*posts[LIMIT_IN_HAND];
	size_t				 post_count, turn;
	size_t				 waiting;
	struct parcels			 ended;
	bool				 stop;

	/* Our thread's own. */
	struct parcel			*flights;	/* by `next` */
	size_t				 flying, slow;
};

static void	*fly(void *);

/* Signals are for the other thread. */
static void
start(struct line *l)
{
	sigset_t	 all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&l->thread, NULL, fly, l) != 0)
		abort();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct line *
deliver_line_new(const struct deliver_plan *plan, int64_t end_us)
{
	struct line		*l = calloc(1, sizeof(*l));
	pthread_condattr_t	 steady;

	if (l == NULL || pthread_condattr_init(&steady) != 0 ||
	    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC) != 0 ||
	    pthread_mutex_init(&l->lock, NULL) != 0 ||
	    pthread_cond_init(&l->work, &steady) != 0 ||
	    pthread_cond_init(&l->done, &steady) != 0)
		abort();
	pthread_condattr_destroy(&steady);
	l->plan = plan;
	l->end_us = end_us;
	deliver_list(&l->ended);
	l->net = net_open(plan->rules);
	if (l->net == NULL) {
		deliver_line_free(l);
		return NULL;
	}
	start(l);

	return l;
}

void
deliver_line_wait(struct line *l)
{
	deliver_line_stop(l);
	pthread_join(l->thread, NULL);
}

void
deliver_line_free(struct line *l)
{
	pthread_cond_destroy(&l->work);
	pthread_cond_destroy(&l->done);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

/* Wait under the lock. */
static void
nap(struct line *l, pthread_cond_t *cond, int64_t us)
{
	struct timespec	 until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += (long)(us % 1000000) * 1000;
	until.tv_sec += (time_t)(us / 1000000) + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	(void)pthread_cond_timedwait(cond, &l->lock, &until);
}

/* The other thread's end. */

static void
give(struct line *l, struct parcel *p, int64_t now_us)
{
	struct hook	*h = p->hook;
	struct post	*post = &h->post;

	post->closed = h->resting;
	if (post->closed) {
		p->fate = FATE_UNSENT;
		deliver_push(&l->ended, p);
		return;
	}
	if (post->waiting.count == 0)
		l->posts[l->post_count++] = h;
	if (post->allowed == 0)
		post->allowed = 1;
	post->pace.max = h->max_per_second;
	if (h->ramp)
		deliver_pace_ramp(&post->pace, now_us);
	h->ramp = false;
	deliver_push(&post->waiting, p);
	l->waiting++;
}

void
deliver_line_give(struct line *l, struct parcels *list)
{
	int64_t		 now_us = clock_ticks_us();
	struct parcel	*p;

	if (list->count == 0)
		return;
	pthread_mutex_lock(&l->lock);
	while ((p = deliver_pop(list)) != NULL)
		give(l, p, now_us);
	pthread_cond_signal(&l->work);
	pthread_mutex_unlock(&l->lock);
}

void
deliver_line_take(struct line *l, struct parcels *list, int64_t wait_us)
{
	pthread_mutex_lock(&l->lock);
	if (l->ended.count == 0 && wait_us > 0)
		nap(l, &l->done, wait_us);
	deliver_join(list, &l->ended);
	pthread_mutex_unlock(&l->lock);
}

size_t
deliver_line_waiting(struct line *l)
{
	size_t	 waiting;

	pthread_mutex_lock(&l->lock);
	waiting = l->waiting;
	pthread_mutex_unlock(&l->lock);

	return waiting;
}

void
deliver_line_stop(struct line *l)
{
	pthread_mutex_lock(&l->lock);
	l->stop = true;
	pthread_cond_signal(&l->work);
	pthread_mutex_unlock(&l->lock);
}

/* Our thread's end; up to the next such line it holds the lock. */

static struct parcel *
take_first(struct line *l, size_t at)
{
	struct post	*post = &l->posts[at]->post;
	struct parcel	*p = deliver_pop(&post->waiting);

	l->waiting--;
	if (post->waiting.count == 0)
		l->posts[at] = l->posts[--l->post_count];

	return p;
}

static bool
may_begin(struct line *l, struct hook *h, int64_t now_us)
{
	struct post	*post = &h->post;
	size_t		 most = (size_t)l->plan->concurrency;

	if (l->flying >= most || post->flying >= post->allowed)
		return false;
	if (!post->quick && l->slow >= most - most / 4)
		return false;

	return deliver_pace_take(&post->pace, now_us);
}

/* One of each webhook in turn, as long as any may begin. */
static void
choose(struct line *l, struct parcels *chosen)
{
	int64_t		 now_us = clock_ticks_us();
	struct hook	*h;
	struct parcel	*p;
	size_t		 idle = 0;

	while (l->post_count > 0 && idle < l->post_count) {
		l->turn = l->turn < l->post_count ? l->turn : 0;
		h = l->posts[l->turn];
		if (!may_begin(l, h, now_us)) {
			idle++;
			l->turn++;
			continue;
		}
		idle = 0;
		h->post.flying++;
		l->flying++;
		p = take_first(l, l->turn++);
		p->slow = !h->post.quick;
		l->slow += p->slow;
		deliver_push(chosen, p);
	}
}

/* What waits comes back unsent: all of it, or of those that are closed. */
static void
send_back(struct line *l, bool all)
{
	struct parcel	*p;

	for (size_t i = l->post_count; i-- > 0;) {
		struct hook	*h = l->posts[i];

		while ((all || h->post.closed) && h->post.waiting.count > 0) {
			p = take_first(l, i);
			p->fate = FATE_UNSENT;
			deliver_push(&l->ended, p);
		}
	}
}

/* What its answer says of the webhook. */
static void
judge(struct line *l, const struct parcel *p, int64_t now_us)
{
	struct post			*post = &p->hook->post;
	const struct net_answer		*a = &p->answer;

	l->slow -= p->slow;
	l->flying--;
	post->flying--;
	post->quick = deliver_went_well(a) && a->duration_ms < QUICK_MS;
	/* Those under way are counted as it is now. */
	if (deliver_went_well(a)) {
		post->allowed = (size_t)l->plan->each;
	} else {
		post->allowed = 1;
		deliver_pace_failed(&post->pace, now_us);
	}
	if (deliver_is_ours(a) || deliver_status(a) == 410)
		post->closed = true;
}

/* Our thread's end, without the lock. */

static void
begin(struct line *l, struct parcels *chosen)
{
	struct parcel	*p;

	while ((p = deliver_pop(chosen)) != NULL) {
		p->at = clock_now();
		p->next = l->flights;
		l->flights = p;
		net_start(l->net, &p->wish);
	}
}

static struct parcel *
land(struct line *l, const struct net_answer *a)
{
	struct parcel	*p = a->with, **at;

	for (at = &l->flights; *at != p; at = &(*at)->next)
		continue;
	*at = p->next;
	p->answer = *a;
	p->answer.body = arena_copy(p->arena, a->size > 0 ? a->body : "",
	    a->size);
	p->fate = FATE_ENDED;

	return p;
}

static void
gather(struct line *l, struct parcels *landed)
{
	struct net_answer	 a;
	int			 wait_ms = LOOK_MS;

	if (l->flying == 0)
		return;
	while (landed->count < ANSWERS && net_next(l->net, wait_ms, &a)) {
		deliver_push(landed, land(l, &a));
		wait_ms = 0;
	}
}

static void
hand_over(struct line *l, struct parcels *landed)
{
	int64_t		 now_us = clock_ticks_us();
	bool		 closed = false;

	for (struct parcel *p = landed->first; p != NULL; p = p->next) {
		judge(l, p, now_us);
		closed = closed || p->hook->post.closed;
	}
	deliver_join(&l->ended, landed);
	if (closed)
		send_back(l, false);
	if (l->ended.count > 0)
		pthread_cond_signal(&l->done);
}

/* Nothing is begun any more, and the time of what is under way is up. */
static void
break_off(struct line *l)
{
	struct parcel	*p;

	net_close(l->net);
	pthread_mutex_lock(&l->lock);
	while ((p = l->flights) != NULL) {
		l->flights = p->next;
		p->fate = FATE_CUT;
		deliver_push(&l->ended, p);
	}
	pthread_cond_signal(&l->done);
	pthread_mutex_unlock(&l->lock);
}

static void *
fly(void *with)
{
	struct line	*l = with;
	struct parcels	 chosen, landed;

	deliver_list(&chosen);
	deliver_list(&landed);
	for (bool on = true; on;) {
		pthread_mutex_lock(&l->lock);
		hand_over(l, &landed);
		if (l->stop)
			send_back(l, true);
		else
			choose(l, &chosen);
		if (l->flying == 0 && !l->stop)
			nap(l, &l->work, l->waiting > 0 ? 1000 * LOOK_MS :
			    100000);
		on = !l->stop || l->flying > 0;
		pthread_mutex_unlock(&l->lock);
		begin(l, &chosen);
		gather(l, &landed);
		on = on && clock_ticks_us() < l->end_us;
	}
	pthread_mutex_lock(&l->lock);
	hand_over(l, &landed);
	send_back(l, true);
	pthread_mutex_unlock(&l->lock);
	break_off(l);

	return NULL;
}
