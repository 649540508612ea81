/*
 * desk: one thread's connection, and the transaction around a request.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/api/batch.h"
#include "lib/api/books.h"
#include "lib/api/call.h"
#include "lib/api/desk.h"
#include "lib/api/minute.h"
#include "lib/base/arena.h"
#include "lib/base/log.h"
#include "lib/db/db.h"
#include "lib/giving/site/trace.h"

struct desk {
	struct books	*books;
	struct db	*db;		/* NULL: not open */
	struct counts	*counts;	/* as lent to the last call */
	struct arena	*arena;		/* for what is done after answers */
};

struct desk *
desk_new(struct books *books)
{
	struct desk	*d = calloc(1, sizeof(*d));

	if (d == NULL)
		abort();
	d->books = books;
	d->arena = arena_new();

	return d;
}

void
desk_free(struct desk *d)
{
	if (d->db != NULL)
		db_close(d->db);
	arena_free(d->arena);
	free(d);
}

enum err
desk_ready(struct desk *d, struct call *c)
{
	if (!books_lend(d->books, c))
		return ERR_UNAVAILABLE;
	d->counts = c->counts;
	/* The leader of a batch syncs by its own connection: it must be to
	 * the file that the batch is written to. */
	if (d->db != NULL && db_moved(d->db)) {
		db_close(d->db);
		d->db = NULL;
	}
	if (d->db == NULL)
		d->db = books_connect(d->books, c);
	c->work.db = d->db;

	return d->db != NULL ? OK : ERR_UNAVAILABLE;
}

static enum err
write(struct desk *d, struct call *c, enum err (*inside)(struct call *))
{
	enum err	 e;

	e = batch_join(books_batch(d->books), c, d->db, inside);
	if (e != OK || c->work.shreds == NULL)
		return e;
	if (db_scrub(d->db, c->work.shreds))
		trace_gone(&c->work);
	else
		log_line(LOG_WARN, "what was erased may still be found in"
		    " free space of the database, until housekeep has the"
		    " file written anew");

	return e;
}

enum err
desk_run(struct desk *d, struct call *c, enum err (*inside)(struct call *))
{
	enum err	 e;

	if (strcmp(c->route->method, "GET") != 0)
		return write(d, c, inside);
	db_begin(d->db, DB_READ);
	e = inside(c);

	return db_commit(d->db) ? e : books_verdict(d->db);
}

bool
desk_after(struct desk *d, bool told)
{
	struct work	 w = { .arena = d->arena };

	if (told && !books_spent(d->books))
		books_told(d->books);
	if (d->db != NULL && !books_trust(d->db)) {
		db_close(d->db);
		d->db = NULL;
	}
	if (d->db != NULL && !books_spent(d->books)) {
		w.db = d->db;
		w.now = clock_now();
		minute_work(&w, d->counts);
		if (w.told)
			books_told(d->books);
		db_checkpoint(d->db, books_due(d->books));
		if (db_lost())
			books_spend(d->books, d->db);
	}
	arena_reset(d->arena);

	return !books_spent(d->books);
}
