#ifndef DB_WAL_H
#define DB_WAL_H

#include <stdbool.h>

#include <sqlite3.h>

/*
 * The write-ahead log of a database, as one connection sees it.
 */
struct wal;
struct lock;

/*
 * Why WAL is unsafe for the database `path`, as words that follow "because";
 * NULL if it is safe.  wal_unfit() knows file systems by name and costs
 * nothing; wal_fails() tries WAL on a scratch database beside `path`.
 */
const char	*wal_unfit(const char *path);
const char	*wal_fails(const char *path);

/*
 * A descriptor of our own on the log of a connection that is in WAL mode and
 * has read something since.  NULL with errno.
 */
struct wal	*wal_open(sqlite3 *);
void		 wal_close(struct wal *);

/* fdatasync() it.  False with errno; then it will be false for ever. */
bool		 wal_flush(struct wal *);

/* Has a sync failed?  Then no log may be moved by this process any more. */
bool		 wal_is_lost(void);

/* Note it if this code of SQLite's says that one of its syncs has failed. */
void		 wal_judge(int code);

/* How long it is, if that is long enough to be moved, else 0. */
int		 wal_due(struct wal *);

/* Move it, which was so long, into the database, under the lock. */
void		 wal_tidy(struct wal *, struct lock *, int frames);

#endif
