#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct db;
struct query;

/* Marks SQL, so that tests/rules/sql compiles all of it on schema.sql. */
#define SQL(text) text

/*
 * One connection to the site's database.  Not shared between threads.
 *
 * Failure is sticky: when the engine refuses a statement the handle
 * remembers why, later calls do nothing and find nothing, and db_commit()
 * rolls back and says false.  So code that moves tokens never asks if the
 * disk is well; its caller asks, once.
 */
enum db_open {
	DB_CREATE	= 1 << 0,	/* make the file; it must not exist */
	DB_FULL		= 1 << 1,	/* sync inside COMMIT, not after it */
	DB_READONLY	= 1 << 2,
	DB_LOOSE	= 1 << 3,	/* REFERENCES do not count: for tables
					   that are made anew; db_check() */
};

/*
 * Open `path`, take its settings (WAL where the file system is fit for it,
 * else a rollback journal; foreign keys on; no mmap; no automatic
 * checkpoint), and find its writers' lock.  NULL with a sentence in `why`.
 */
struct db	*db_open(const char *path, unsigned flags, char *why,
		    size_t size);
void		 db_close(struct db *);

/*
 * Keep up to `mib` MiB of pages in memory, for a long piece of work that
 * comes back to the same pages in no order.
 */
void		 db_cache(struct db *, int mib);

/* Was its file removed or replaced?  Only a new connection finds the new. */
bool		 db_moved(struct db *);

/* Run a script of several statements (schema.sql); false: see db_why(). */
bool		 db_script(struct db *, const char *sql);

/* "wal", or "truncate: the folder is on NFS": for the operator. */
const char	*db_journal(const struct db *);

/* Why writers do not wait in the order that they came; NULL if they do. */
const char	*db_disorder(const struct db *);

/*
 * A transaction.  DB_READ sees one moment of the database.  DB_WRITE first
 * waits in line for the writers' lock (first come, first served, over all
 * processes; LIMIT_LOCK_WAIT_MS, then the trouble is DB_BUSY), then begins
 * at once, so that what it reads stays true until it commits.  A file that
 * was removed or replaced is DB_NO_FILE: only a new connection finds the new.
 */
enum db_kind { DB_READ, DB_WRITE };
void		 db_begin(struct db *, enum db_kind);

/* False: nothing of it happened; db_trouble() says why. */
bool		 db_commit(struct db *);
void		 db_rollback(struct db *);

/* Undo a part: all since db_mark() is undone by db_undo(), or kept. */
void		 db_mark(struct db *);
void		 db_undo(struct db *);
void		 db_keep(struct db *);

/*
 * Wait until all that was committed before this call is on disk, whichever
 * process committed it.  Only then may an answer leave.  False: the disk
 * failed and nobody knows; answer "outcome unknown", end the process, never
 * try again and call it good.
 */
bool		 db_flush(struct db *);

/*
 * Has a sync failed in this process, of whichever connection, in a COMMIT, a
 * checkpoint or db_flush()?  Then no connection writes any more, and none
 * calls anything durable.
 */
bool		 db_lost(void);

/*
 * Move the WAL into the database if it has grown past LIMIT_WAL_FRAMES,
 * under the writers' lock.  For after the answer; failing is no harm.
 */
void		 db_tidy(struct db *);

/*
 * The same in two steps, for two connections: has the log, which this one
 * wrote, grown so long (else 0)?  And: move it, by a connection that is idle.
 */
int		 db_due(struct db *);
void		 db_checkpoint(struct db *, int frames);

/*
 * Texts that were deleted and of which no trace may stay.  What is deleted is
 * overwritten with zeros in any case, but the log keeps old pages, and a page
 * that was split keeps copies of rows that moved, in its free space.
 *
 * When the deletion is committed and nothing is begun: empty the log into
 * the database, look for the texts where no row is, and if one is found,
 * write the whole file anew (unless it is larger than LIMIT_REWRITE: that
 * would stop the site for too long).  False: traces may be left.
 */
struct shred {
	const struct shred	*next;
	const char		*text;
};
bool		 db_scrub(struct db *, const struct shred *);

/*
 * Write the whole file anew, so that nothing that was deleted is left in it,
 * if it is not larger than `most` bytes.  Who writes waits meanwhile.  False:
 * db_why().  Outside of a transaction.
 */
bool		 db_rewrite(struct db *, int64_t most);

/*
 * Copy all of the database, as it is at one moment, to the file `path`, which
 * must not exist and is made 0600: one file, synced, without a log.  Others go
 * on meanwhile; who writes waits where the database has no log.  `progress`,
 * if not NULL, is called with pages done and all.  Outside of a transaction.
 * False: db_why(), and no file is left.
 */
bool		 db_copy(struct db *, const char *path,
		    void (*progress)(int64_t done, int64_t all));

/*
 * Is it sound?  All of it against its indices; its structure alone; or every
 * REFERENCES.  False, and the first thing that is not stuck to the handle.
 */
enum db_check { DB_CHECK_WHOLE, DB_CHECK_QUICK, DB_CHECK_KEYS };
bool		 db_check(struct db *, enum db_check);

/*
 * Is nobody else connected to it, of all processes?  (Without a log, see
 * db_journal(): is nobody else at work in it?)  Asking empties the log into
 * the database and ends its use until the next db_open(), so whatever comes
 * of it, close this handle then.
 */
bool		 db_alone(struct db *);

/*
 * Put the database `from`, which nobody uses and which has no log, into the
 * place of the database `path`, under its writers' lock.  The old one goes to
 * `aside`, and its log with it; there may be none.  All three in one folder.
 * False with errno: the old one is in its place, or none is, and who opens it
 * is told so.
 */
bool		 db_replace(const char *path, const char *from,
		    const char *aside);

/* What stuck to the handle.  db_begin() of the next transaction clears it. */
enum db_trouble {
	DB_WELL,
	DB_BUSY,	/* 503: locked for too long */
	DB_NO_SPACE,	/* 503 */
	DB_NO_WRITE,	/* 503: read-only file or file system */
	DB_NO_FILE,	/* 503: gone, or cannot be opened */
	DB_CORRUPT,	/* 500 */
	DB_REFUSED,	/* 500: a law of schema.sql was broken: our bug */
	DB_BROKEN,	/* 500: anything else */
};
enum db_trouble	 db_trouble(const struct db *);
const char	*db_why(const struct db *);	/* for the log only */

/*
 * Statements.  `sql` is a literal inside SQL(); it is prepared once for each
 * connection.  Values fill the ?s from left to right; columns are read by
 * name.  A query must be db_done() before the next use of the same text; the
 * end of the transaction does it, too.  Outside of a transaction, and for
 * writing outside of DB_WRITE, it is a bug.  A column's name is a literal,
 * too.
 * Text and bytes that are bound stay the caller's and must stay as they are
 * until db_done(); what is read is copied into the arena.  NULL text is NULL.
 */
struct query	*db_query(struct db *, const char *sql);
void		 db_int(struct query *, int64_t);
void		 db_text(struct query *, const char *);	/* NULL is NULL */
void		 db_bytes(struct query *, const void *, size_t);
void		 db_null(struct query *);

/* The same for what may not be said: NULL, then. */
void		 db_int_if(struct query *, bool said, int64_t);

bool		 db_next(struct query *);	/* on to the next row */
int64_t		 db_col_int(struct query *, const char *name);
bool		 db_col_null(struct query *, const char *name);
const char	*db_col_text(struct query *, struct arena *,
		    const char *name);
const void	*db_col_bytes(struct query *, struct arena *,
		    const char *name, size_t *size);
void		 db_done(struct query *);

/*
 * One more than the number that `sql` finds for a tenant, its only value; 1
 * if it finds none.  For the rows that a tenant numbers 1, 2, 3.
 */
int64_t		 db_next_number(struct db *, int64_t tenant, const char *sql);

/*
 * A query's only value, a whole number; 0 if it finds no row or NULL.  It is
 * done then.
 */
int64_t		 db_only_int(struct query *);

/* For statements without rows: to the end, done; how many rows changed. */
int64_t		 db_run(struct query *);

#endif
