/*
 * books: the transaction around a request, and the moment it is durable.
 *
 * A write is a member of a batch, which for now has one member: begin, the
 * member's work, commit, release the lock, sync, answer.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/api/books.h"
#include "lib/api/call.h"
#include "lib/api/counts.h"
#include "lib/api/minute.h"
#include "lib/base/arena.h"
#include "lib/base/conf.h"
#include "lib/base/log.h"
#include "lib/db/db.h"
#include "lib/giving/site.h"

struct books {
	struct conf	 conf;
	struct db	*db;		/* NULL: not open */
	struct counts	*counts;	/* shared with all processes */
	struct arena	*arena;		/* for what is done after answers */
	bool		 configured;
	bool		 spent;		/* a sync failed: end the process */
	bool		 wrote;		/* in this request */
};

struct books *
books_new(void)
{
	struct books	*b = calloc(1, sizeof(*b));

	if (b == NULL)
		abort();
	b->arena = arena_new();

	return b;
}

void
books_free(struct books *b)
{
	if (b->db != NULL)
		db_close(b->db);
	if (b->counts != NULL)
		counts_close(b->counts);
	arena_free(b->arena);
	free(b);
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

	return true;
}

/* Beside the database, where every process of the site finds them. */
static void
open_counts(struct books *b)
{
	char	 path[sizeof(b->conf.database) + 8];

	snprintf(path, sizeof(path), "%s.counts", b->conf.database);
	b->counts = counts_open(path);
	if (b->counts != NULL)
		return;
	log_line(LOG_WARN, "cannot share counts in %s: %s; this process"
	    " limits by itself", path, strerror(errno));
	b->counts = counts_open(NULL);
}

enum err
books_ready(struct books *b, struct call *c)
{
	char	 why[1024];

	if (!b->configured) {
		b->configured = configure(b, why, sizeof(why));
		c->work.now = c->arrived = clock_now();
		if (b->configured)
			open_counts(b);
	}
	c->counts = b->counts;
	c->failures_a_minute = b->conf.failures_a_minute;
	if (b->configured && b->db == NULL)
		b->db = site_open(&b->conf, c->work.arena, why, sizeof(why));
	c->work.db = b->db;
	if (b->db == NULL) {
		log_line(LOG_ERROR, "not in service: %s", why);
		return ERR_UNAVAILABLE;
	}

	return OK;
}

enum err
books_verdict(struct call *c, enum err e)
{
	struct db	*db = c->work.db;

	switch (db_trouble(db)) {
	case DB_WELL:
		return e;
	case DB_BUSY:
	case DB_NO_SPACE:
	case DB_NO_WRITE:
	case DB_NO_FILE:
		log_line(LOG_ERROR, "the database: %s", db_why(db));
		return ERR_UNAVAILABLE;
	case DB_CORRUPT:
	case DB_REFUSED:
	case DB_BROKEN:
		break;
	}
	log_line(LOG_ERROR, "the database: %s", db_why(db));

	return ERR_INTERNAL;
}

/*
 * Can the next request still trust this handle?  If not, it will open the
 * file anew: it may have been moved, mended, or given room again.
 */
static void
drop_if_broken(struct books *b)
{
	switch (db_trouble(b->db)) {
	case DB_WELL:
	case DB_BUSY:
	case DB_REFUSED:
		return;
	case DB_NO_SPACE:
	case DB_NO_WRITE:
	case DB_NO_FILE:
	case DB_CORRUPT:
	case DB_BROKEN:
		break;
	}
	db_close(b->db);
	b->db = NULL;
}

enum err
books_run(struct books *b, struct call *c, enum err (*inside)(struct call *))
{
	enum db_kind	 kind;
	enum err	 e;

	kind = strcmp(c->route->method, "GET") == 0 ? DB_READ : DB_WRITE;
	b->wrote = kind == DB_WRITE;
	db_begin(b->db, kind);
	e = inside(c);
	if (!db_commit(b->db)) {
		e = books_verdict(c, ERR_INTERNAL);
	} else if (kind == DB_WRITE && !db_flush(b->db)) {
		/* The kernel may have dropped what it could not write, so a
		 * second try that succeeds would prove nothing. */
		log_line(LOG_ERROR, "a sync failed: %s; ending this process",
		    db_why(b->db));
		b->spent = true;
		e = ERR_OUTCOME_UNKNOWN;
	}

	return e;
}

bool
books_after(struct books *b)
{
	if (b->db != NULL)
		drop_if_broken(b);
	if (b->db != NULL && !b->spent)
		minute_work(&(struct work){ .arena = b->arena, .db = b->db,
		    .now = clock_now() }, b->counts);
	if (b->db != NULL && b->wrote && !b->spent)
		db_tidy(b->db);
	arena_reset(b->arena);
	b->wrote = false;

	return !b->spent;
}
