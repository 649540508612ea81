/*
 * books: what the threads of one process share.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/api/batch.h"
#include "lib/api/books.h"
#include "lib/api/call.h"
#include "lib/api/counts.h"
#include "lib/api/courier.h"
#include "lib/api/keyring.h"
#include "lib/base/arena.h"
#include "lib/base/conf.h"
#include "lib/base/log.h"
#include "lib/db/db.h"
#include "lib/giving/site/site.h"

struct books {
	pthread_mutex_t	 lock;		/* of opening and configuring */
	struct conf	 conf;
	atomic_bool	 configured;
	struct counts	*counts;
	struct keyring	*keyring;
	struct courier	*courier;
	struct batch	*batch;

	/* Only the leader of a batch touches these. */
	struct db	*writer;
	struct db	*own;		/* lent by a process of one thread */
	struct arena	*arena;

	atomic_int	 due;		/* frames of the log to be moved */
	atomic_bool	 spent;
};

static bool	configure(struct books *, char *why, size_t size);

struct books *
books_new(void)
{
	struct books	*b = calloc(1, sizeof(*b));
	char		 why[1024];

	if (b == NULL || pthread_mutex_init(&b->lock, NULL) != 0)
		abort();
	b->keyring = keyring_new();
	b->courier = courier_new();
	b->batch = batch_new(b);
	b->arena = arena_new();
	b->configured = configure(b, why, sizeof(why));
	if (!b->configured)
		log_line(LOG_ERROR, "not in service: %s", why);

	return b;
}

void
books_free(struct books *b)
{
	if (b->writer != NULL)
		db_close(b->writer);
	if (b->counts != NULL)
		counts_close(b->counts);
	batch_free(b->batch);
	keyring_free(b->keyring);
	courier_free(b->courier);
	arena_free(b->arena);
	pthread_mutex_destroy(&b->lock);
	free(b);
}

/* Beside the database, where every process of the site finds them. */
static void
open_counts(struct books *b)
{
	b->counts = counts_open(b->conf.database);
	if (b->counts != NULL)
		return;
	log_line(LOG_WARN, "cannot share counts beside %s: %s; this process"
	    " limits by itself", b->conf.database, strerror(errno));
	b->counts = counts_open(NULL);
	if (b->counts == NULL)
		abort();
}

/* Read the configuration, and from it the log and the clock. */
static bool
configure(struct books *b, char *why, size_t size)
{
	const char	*now = getenv("ALMONER_NOW");

	if (!conf_load(&b->conf, why, size))
		return false;
	log_to(b->conf.log[0] != '\0' ? b->conf.log : NULL);
	if (now != NULL && !b->conf.test_site) {
		snprintf(why, size, "ALMONER_NOW is set, but %s does not say"
		    " test_site = yes", b->conf.path);
		return false;
	}
	if (!clock_set(now)) {
		snprintf(why, size, "ALMONER_NOW is neither unix seconds nor"
		    " the path of a file that holds them");
		return false;
	}
	open_counts(b);
	courier_configure(b->courier, &b->conf);

	return true;
}

int64_t
books_threads(struct books *b)
{
	return b->configured && !http_is_cgi() ? b->conf.threads : 1;
}

bool
books_lend(struct books *b, struct call *c)
{
	char	 why[1024] = "";

	if (!b->configured) {
		pthread_mutex_lock(&b->lock);
		if (!b->configured)
			b->configured = configure(b, why, sizeof(why));
		pthread_mutex_unlock(&b->lock);
		c->work.now = c->arrived = clock_now();
	}
	if (!b->configured) {
		log_line(LOG_ERROR, "not in service: %s", why);
		return false;
	}
	c->counts = b->counts;
	c->keyring = b->keyring;
	c->failures_a_minute = b->conf.failures_a_minute;
	c->conf = &b->conf;

	return true;
}

struct db *
books_connect(struct books *b, struct call *c)
{
	char		 why[1024];
	struct db	*db;

	pthread_mutex_lock(&b->lock);
	db = site_open(&b->conf, c->work.arena, why, sizeof(why));
	pthread_mutex_unlock(&b->lock);
	if (db == NULL)
		log_line(LOG_ERROR, "not in service: %s", why);

	return db;
}

struct batch *
books_batch(struct books *b)
{
	return b->batch;
}

struct db *
books_writer(struct books *b, struct db *own)
{
	char	 why[1024];

	if (books_threads(b) == 1) {
		b->own = own;
		return own;
	}
	if (b->writer != NULL && !db_moved(b->writer))
		return b->writer;
	db_close(b->writer);
	pthread_mutex_lock(&b->lock);
	b->writer = site_open(&b->conf, b->arena, why, sizeof(why));
	pthread_mutex_unlock(&b->lock);
	arena_reset(b->arena);
	if (b->writer == NULL)
		log_line(LOG_ERROR, "not in service: %s", why);

	return b->writer;
}

void
books_check_writer(struct books *b)
{
	struct db	*db = b->writer != NULL ? b->writer : b->own;
	int		 frames = db_due(db);

	if (frames > 0)
		b->due = frames;
	if (b->writer != NULL && !books_trust(b->writer)) {
		db_close(b->writer);
		b->writer = NULL;
	}
}

int
books_due(struct books *b)
{
	return b->due > 0 ? atomic_exchange(&b->due, 0) : 0;
}

void
books_keys_changed(struct books *b)
{
	counts_epoch_move(b->counts);
}

void
books_told(struct books *b)
{
	courier_call(b->courier);
}

void
books_spend(struct books *b, struct db *db)
{
	log_line(LOG_ERROR, "a sync failed: %s; ending this process",
	    db_why(db));
	b->spent = true;
}

bool
books_spent(struct books *b)
{
	return b->spent;
}

enum err
books_verdict(struct db *db)
{
	if (db_trouble(db) == DB_WELL)
		return OK;
	log_line(LOG_ERROR, "the database: %s", db_why(db));
	switch (db_trouble(db)) {
	case DB_BUSY:
	case DB_NO_SPACE:
	case DB_NO_WRITE:
	case DB_NO_FILE:
		return ERR_UNAVAILABLE;
	default:
		return ERR_INTERNAL;
	}
}

/*
 * If not, the next request opens the file anew: it may have been moved,
 * mended, or given room again.
 */
bool
books_trust(struct db *db)
{
	switch (db_trouble(db)) {
	case DB_WELL:
	case DB_BUSY:
	case DB_REFUSED:
		return true;
	default:
		return false;
	}
}
