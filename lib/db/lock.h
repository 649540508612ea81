#ifndef DB_LOCK_H
#define DB_LOCK_H

#include <stdbool.h>

/*
 * The writers' lock of one database, first come, first served over all
 * processes and threads.  Each thread opens its own.  It is let go when its
 * holder dies, however it dies.
 */
struct lock;

/*
 * The lock of the database at the absolute `path`, which must exist; makes
 * `path`.lock beside it.  NULL, with errno, if there is no way to lock.
 */
struct lock	*lock_open(const char *path);
void		 lock_close(struct lock *);

/*
 * Why those who wait are not served in the order that they came, in words;
 * NULL if they are.
 */
const char	*lock_disorder(const struct lock *);

/* Wait in line for up to `wait_ms`.  False: errno, ETIMEDOUT if too long. */
bool		 lock_take(struct lock *, int wait_ms);
void		 lock_drop(struct lock *);

#endif
