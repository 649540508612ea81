/*
 * deliver: the loop of a run.
 *
 * Each round takes what has come back from the line, and, when that is enough
 * or has waited long enough, does in one short transaction both what is to be
 * recorded and what is to be claimed.  What was claimed is then written in a
 * transaction that reads.  Before any of it leaves, the log is synced once:
 * nobody is told what a power cut could still take back.  Records are not
 * waited for; what is lost of them is only sent again.
 */
#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/db/db.h"
#include "lib/hooks/delivering.h"

/* What has come back waits so long for more, unless it is so much. */
#define GATHER_US	2000
#define GATHER_COUNT	64
/* Without any word, and how much of the time may be spent on looking. */
#define LOOK_US		1000000
#define LOOK_SHARE	10
/* Transactions that may fail, one after another. */
#define FAILURES	3

void
deliver_list(struct parcels *list)
{
	list->first = NULL;
	list->end = &list->first;
	list->count = 0;
}

void
deliver_push(struct parcels *list, struct parcel *p)
{
	p->next = NULL;
	*list->end = p;
	list->end = &p->next;
	list->count++;
}

struct parcel *
deliver_pop(struct parcels *list)
{
	struct parcel	*p = list->first;

	if (p == NULL)
		return NULL;
	list->first = p->next;
	list->count--;
	if (list->first == NULL)
		list->end = &list->first;
	p->next = NULL;

	return p;
}

void
deliver_join(struct parcels *to, struct parcels *from)
{
	if (from->count == 0)
		return;
	*to->end = from->first;
	to->end = from->end;
	to->count += from->count;
	deliver_list(from);
}

int
deliver_status(const struct net_answer *a)
{
	return a->outcome == NET_ANSWERED || a->outcome == NET_TOO_LARGE ?
	    a->status : 0;
}

bool
deliver_went_well(const struct net_answer *a)
{
	return deliver_status(a) >= 200 && deliver_status(a) <= 299;
}

bool
deliver_is_ours(const struct net_answer *a)
{
	return a->outcome == NET_NO_DNS || a->outcome == NET_FAILED;
}

/* Send no more; what is not under way comes back. */
static void
leave(struct round *r)
{
	r->leaving = true;
	deliver_line_stop(r->line);
}

/* The database failed.  Another may have it locked; all else is final. */
static void
stumble(struct round *r, const char *doing)
{
	struct db	*db = r->w->db;

	r->failures++;
	if (db_trouble(db) == DB_BUSY && r->failures < FAILURES)
		return;
	if (!r->result.broken)
		log_line(LOG_ERROR, "delivering stops: the database, %s: %s",
		    doing, db_why(db));
	r->result.broken = true;
	leave(r);
}

static void
look(struct round *r, int64_t now_us)
{
	r->look = false;
	r->looked_us = now_us;
	db_begin(r->w->db, DB_READ);
	deliver_find(r);
	if (!db_commit(r->w->db))
		stumble(r, "looking for what is due");
	r->look_took_us = clock_ticks_us() - now_us;
}

/* Is it time to look?  However many webhooks there are, not all the time. */
static bool
may_look(struct round *r, int64_t now_us)
{
	int64_t	 since_us = now_us - r->looked_us;

	if (r->plan->more(r->plan->with))
		r->look = true;
	if (r->leaving)
		return false;

	return r->look ? since_us >= LOOK_SHARE * r->look_took_us :
	    since_us >= LOOK_US;
}

/* These are on record now. */
static void
count(struct round *r, size_t recorded)
{
	struct parcel	*p;

	for (size_t i = 0; i < recorded; i++) {
		p = deliver_pop(&r->done);
		if (p->fate == FATE_ENDED && !deliver_is_ours(&p->answer)) {
			r->result.attempts++;
			r->result.delivered += deliver_went_well(&p->answer);
		}
		deliver_release(r, p);
	}
	r->failures = 0;
}

static void
forget_claims(struct round *r)
{
	struct parcel	*p;

	while ((p = deliver_pop(&r->claimed)) != NULL)
		deliver_release(r, p);
}

/* Write what was claimed, and let it go once all of it is on disk. */
static void
send(struct round *r)
{
	bool	 good;

	if (r->claimed.count == 0)
		return;
	db_begin(r->w->db, DB_READ);
	deliver_write(r);
	good = db_commit(r->w->db) && db_flush(r->w->db);
	if (!good) {
		stumble(r, "writing what is sent");
		forget_claims(r);
	}
	deliver_line_give(r->line, &r->claimed);
}

static void
keep_books(struct round *r)
{
	struct db	*db = r->w->db;
	size_t		 recorded;

	r->w->now = clock_now();
	db_begin(db, DB_WRITE);
	recorded = deliver_record(r);
	if (!r->leaving)
		deliver_claim(r);
	if (db_commit(db)) {
		count(r, recorded);
		send(r);
	} else {
		forget_claims(r);
		stumble(r, "recording what was sent");
	}
	r->done_us = clock_ticks_us();
	db_tidy(db);
	arena_reset(r->w->arena);
}

/* Is there something to write down that should not wait? */
static bool
is_time(struct round *r, int64_t now_us)
{
	if (deliver_claim_wanted(r) || r->done.count >= GATHER_COUNT)
		return true;

	return r->done.count > 0 && now_us - r->done_us >= GATHER_US;
}

static void
step(struct round *r, int64_t wait_us)
{
	size_t	 before = r->done.count;
	int64_t	 now_us;

	deliver_line_take(r->line, &r->done, wait_us);
	now_us = clock_ticks_us();
	if (before == 0 && r->done.count > 0)
		r->done_us = now_us;
	if (now_us >= r->last_us || *r->plan->leave)
		leave(r);
	if (may_look(r, now_us)) {
		r->w->now = clock_now();
		look(r, now_us);
	}
	if (is_time(r, now_us))
		keep_books(r);
}

/* What was not begun goes back; what was under way is waited for. */
static void
finish(struct round *r)
{
	leave(r);
	deliver_line_wait(r->line);
	deliver_line_take(r->line, &r->done, 0);
	/* A disk that was full a moment ago may have room. */
	for (int tries = 0; r->done.count > 0 && tries < FAILURES; tries++) {
		while (r->done.count > 0) {
			size_t	 before = r->done.count;

			keep_books(r);
			if (r->done.count == before)
				break;
		}
	}
}

static bool
is_idle(struct round *r)
{
	return r->held == 0 && !r->look && !deliver_claim_wanted(r);
}

/* As long as there is work, and a little longer in case more comes. */
static void
work(struct round *r)
{
	int64_t	 idle_us = 0, now_us;

	while (!r->leaving) {
		step(r, r->held > 0 || idle_us != 0 ? GATHER_US : 0);
		now_us = clock_ticks_us();
		if (!is_idle(r)) {
			idle_us = 0;
			continue;
		}
		if (idle_us == 0)
			idle_us = now_us;
		if (now_us - idle_us >= r->plan->linger_ms * 1000)
			break;
	}
}

static int64_t
longest_ms(void)
{
	int64_t	 longest = 0;

	for (int i = 1; i < DIALECT__MAX; i++)
		if (dialect_get((enum dialect_name)i)->timeout_ms > longest)
			longest = dialect_get((enum dialect_name)i)->
			    timeout_ms;

	return longest;
}

/* Until when to begin transfers, so that the last may end in time. */
static int64_t
last_us(const struct deliver_plan *plan, int64_t begun_us)
{
	int64_t	 rest = plan->budget_ms - longest_ms();

	if (rest < plan->budget_ms / 2)
		rest = plan->budget_ms / 2;

	return begun_us + rest * 1000;
}

static void
close_round(struct round *r)
{
	struct parcel	*p;

	while ((p = deliver_pop(&r->done)) != NULL)
		deliver_release(r, p);
	while ((p = deliver_pop(&r->pool)) != NULL)
		arena_free(p->arena);
	if (r->line != NULL)
		deliver_line_free(r->line);
	arena_free(r->arena);
}

struct deliver_result
deliver_run(struct work *w, const struct deliver_plan *plan)
{
	int64_t		 begun_us = clock_ticks_us();
	struct round	 r = {
		.w = w, .plan = plan, .arena = arena_new(), .look = true,
		.last_us = last_us(plan, begun_us),
	};

	deliver_list(&r.pool);
	deliver_list(&r.done);
	deliver_list(&r.claimed);
	w->now = clock_now();
	r.absent = w->now.ms - plan->last.ms > LIMIT_ABSENT_MS;
	r.line = deliver_line_new(plan, begun_us + plan->budget_ms * 1000);
	if (r.line != NULL) {
		work(&r);
		finish(&r);
	} else {
		r.result.broken = true;
		log_line(LOG_ERROR, "nothing is delivered: the network does"
		    " not start");
	}
	close_round(&r);

	return r.result;
}
