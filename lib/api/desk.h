#ifndef API_DESK_H
#define API_DESK_H

#include <stdbool.h>

#include "lib/base/err.h"

struct books;
struct call;
struct desk;

/* Where one thread works: its own connection, which reads. */
struct desk	*desk_new(struct books *);
void		 desk_free(struct desk *);

/* Open it if it is not; then c->work.db is set.  ERR_UNAVAILABLE. */
enum err	 desk_ready(struct desk *, struct call *);

/*
 * Do `inside` for this call in a transaction: a GET reads in one of its own;
 * all else is a member of a batch that writes, and is on disk when this
 * returns.  A refusal keeps what was written before it, such as the event
 * that tells of it; only a breakdown undoes, and then this says what kind:
 * ERR_UNAVAILABLE, ERR_OUTCOME_UNKNOWN, ERR_INTERNAL.
 */
enum err	 desk_run(struct desk *, struct call *,
		    enum err (*inside)(struct call *));

/* After the answer, and whether it has queued something for others: housework.
 * False: this process must end now. */
bool		 desk_after(struct desk *, bool told);

#endif
