#ifndef API_BOOKS_H
#define API_BOOKS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"

struct batch;
struct books;
struct call;
struct counts;
struct db;
struct keyring;

/*
 * The site's books as one process has them: configuration, counts, the
 * connection that writes.  Its threads share it; each has a desk of its own
 * (lib/api/desk.h).  What cannot be opened is tried again with each request,
 * so that service comes back when the cause is gone.
 */
struct books	*books_new(void);
void		 books_free(struct books *);

/* How many threads this process may have. */
int64_t		 books_threads(struct books *);

/* Give the call what all calls of this process share.  False: not yet. */
bool		 books_lend(struct books *, struct call *);

/* A connection of one's own; NULL, and the log says why. */
struct db	*books_connect(struct books *, struct call *);

struct batch	*books_batch(struct books *);

/*
 * For the leader of a batch: the connection that writes, which is its own in
 * a process of one thread; NULL if there is none now.  When the batch has
 * been committed the leader has it looked at: is it still good, and is the
 * log due to be moved?
 */
struct db	*books_writer(struct books *, struct db *own);
void		 books_check_writer(struct books *);

/* How long the log is, if it is this caller's turn to move it, else 0. */
int		 books_due(struct books *);

/* What this process remembers of keys, and all others do, is true no more. */
void		 books_keys_changed(struct books *);

/* What was queued for others, and is committed, is to be sent. */
void		 books_told(struct books *);

/* A sync failed: say so, and have this process end. */
void		 books_spend(struct books *, struct db *);
bool		 books_spent(struct books *);

/*
 * What a breakdown that stuck to a connection is called outside:
 * ERR_UNAVAILABLE or ERR_INTERNAL, and OK if there was none.  It is logged.
 */
enum err	 books_verdict(struct db *);

/* Can the next request still trust this connection? */
bool		 books_trust(struct db *);

#endif
