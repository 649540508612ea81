/*
 * batch: many writes, one commit.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>

#include "lib/api/batch.h"
#include "lib/api/books.h"
#include "lib/api/call.h"
#include "lib/base/faults.h"
#include "lib/base/log.h"
#include "lib/db/db.h"

enum place { LEADS, DONE };

/* One thread's write, on its stack while it waits. */
struct member {
	struct call	*call;
	enum err	(*inside)(struct call *);
	struct work	 before;	/* as it was, to be tried again, … */
	size_t		 names;		/* … and how many replay names */
	enum err	 told;
	enum place	 place;		/* read by its own thread … */
	sem_t		 turn;		/* … when it has been woken */
	struct member	*next;
};

struct batch {
	struct books	*books;
	pthread_mutex_t	 lock;
	struct member	*first, **end;	/* those that wait, in order */
	size_t		 waiting;	/* how many they are */
	size_t		 lately;	/* and were in the last batch */
	bool		 led;		/* somebody leads */
};

struct batch *
batch_new(struct books *books)
{
	struct batch	*b = calloc(1, sizeof(*b));

	if (b == NULL || pthread_mutex_init(&b->lock, NULL) != 0)
		abort();
	b->books = books;
	b->end = &b->first;

	return b;
}

void
batch_free(struct batch *b)
{
	pthread_mutex_destroy(&b->lock);
	free(b);
}

/* Take up to LIMIT_BATCH of those that wait. */
static struct member *
gather(struct batch *b)
{
	struct member	*taken, **at;
	size_t		 n = 0;

	pthread_mutex_lock(&b->lock);
	taken = b->first;
	for (at = &b->first; *at != NULL && n < LIMIT_BATCH; n++)
		at = &(*at)->next;
	b->first = *at;
	if (b->first == NULL)
		b->end = &b->first;
	*at = NULL;
	b->waiting -= n;
	b->lately = n;
	pthread_mutex_unlock(&b->lock);

	return taken;
}

/*
 * Where several write at a time, others are just about to: let those run who
 * can, so that they are in this commit and none needs one of its own.  Where
 * nobody else writes, nobody is waited for.
 */
static void
let_in(struct batch *b)
{
	bool	 several;

	pthread_mutex_lock(&b->lock);
	several = b->waiting > 1 || b->lately > 1;
	pthread_mutex_unlock(&b->lock);
	if (several)
		sched_yield();
}

static void
work(struct member *m, struct db *db)
{
	m->before = m->call->work;
	m->names = m->call->replay_count;
	m->call->work.db = db;
	log_request(m->call->id);
	m->told = m->inside(m->call);
}

/* As if it had never been tried. */
static void
forget(struct member *m)
{
	struct call	*c = m->call;

	c->work = m->before;
	faults_init(&c->faults, c->work.arena);
	c->body.size = 0;
	c->status = 0;
	c->content_type = NULL;
	c->location = NULL;
	c->replay_count = m->names;
	c->replayed = false;
}

/* One transaction for all of them; false if it broke down. */
static bool
commit(struct batch *b, struct db *db, struct member *members)
{
	for (struct member *m = members; m != NULL; m = m->next)
		if (db_trouble(db) == DB_WELL)
			work(m, db);
	if (!db_commit(db))
		return false;
	for (struct member *m = members; m != NULL; m = m->next)
		if (m->call->work.keys_changed)
			books_keys_changed(b->books);

	return true;
}

/*
 * After a breakdown: each by itself, to find whose fault it was.  False if
 * none was committed.
 */
static bool
alone(struct batch *b, struct db *db, struct member *members)
{
	struct member	*next;
	bool		 any = false;

	for (struct member *m = members; m != NULL; m = next) {
		next = m->next;
		m->next = NULL;
		if (m->before.arena != NULL)
			forget(m);
		db_begin(db, DB_WRITE);
		if (commit(b, db, m))
			any = true;
		else
			m->told = books_verdict(db);
		m->next = next;
	}

	return any;
}

/*
 * A thread that is woken goes its way at once, and takes its member with it:
 * nothing of it may be looked at any more.
 */
static void
wake(struct member *m, enum place place)
{
	m->place = place;
	sem_post(&m->turn);
}

/* The next in line leads, if anybody waits. */
static void
hand_on(struct batch *b)
{
	struct member	*next;

	pthread_mutex_lock(&b->lock);
	next = b->first;
	b->led = next != NULL;
	pthread_mutex_unlock(&b->lock);
	/* It stays the first: only who leads takes from the line. */
	if (next != NULL)
		wake(next, LEADS);
}

/* Tell the others; our own call, `me`, is ours to go on with. */
static void
dismiss(struct member *members, const struct member *me)
{
	struct member	*next;

	for (struct member *m = members; m != NULL; m = next) {
		next = m->next;
		if (m != me)
			wake(m, DONE);
	}
}

static void
tell(struct member *members, enum err e)
{
	for (struct member *m = members; m != NULL; m = m->next)
		m->told = e;
}

/* There is nothing to write with: all that wait are told so. */
static void
refuse(struct batch *b, struct member *me)
{
	struct member	*members = gather(b);

	tell(members, ERR_UNAVAILABLE);
	hand_on(b);
	dismiss(members, me);
}

/*
 * The line is taken when the transaction has begun: those who came while we
 * waited for the writers' lock are in it.
 */
static void
lead(struct batch *b, struct db *own, struct member *me)
{
	struct db	*db = books_writer(b->books, own);
	struct member	*members;
	bool		 begun, any;

	if (db == NULL) {
		refuse(b, me);
		return;
	}
	let_in(b);
	db_begin(db, DB_WRITE);
	begun = db_trouble(db) == DB_WELL;
	members = gather(b);
	any = commit(b, db, members);
	if (!any && begun && members->next != NULL)
		any = alone(b, db, members);
	else if (!any)
		tell(members, books_verdict(db));
	books_check_writer(b->books);
	hand_on(b);

	/* The kernel may have dropped what it could not write, so a second
	 * try that succeeds would prove nothing: this process ends.  Where
	 * nothing was committed, nothing waits for the disk. */
	if ((any || db_lost()) && !db_flush(own)) {
		books_spend(b->books, own);
		tell(members, ERR_OUTCOME_UNKNOWN);
	}
	dismiss(members, me);
	log_request(me->call->id);
}

enum err
batch_join(struct batch *b, struct call *c, struct db *own,
    enum err (*inside)(struct call *))
{
	struct member	 me = { .call = c, .inside = inside };
	struct db	*mine = c->work.db;
	bool		 leads;

	sem_init(&me.turn, 0, 0);
	pthread_mutex_lock(&b->lock);
	*b->end = &me;
	b->end = &me.next;
	b->waiting++;
	leads = !b->led;
	b->led = true;
	pthread_mutex_unlock(&b->lock);
	if (!leads) {
		while (sem_wait(&me.turn) == -1 && errno == EINTR)
			continue;
		leads = me.place == LEADS;
	}
	if (leads)
		lead(b, own, &me);
	sem_destroy(&me.turn);
	c->work.db = mine;

	return me.told;
}
