#ifndef API_BOOKS_H
#define API_BOOKS_H

#include <stdbool.h>

#include "lib/base/err.h"

struct books;
struct call;

/*
 * The site's books as one process has them: opened when first needed, closed
 * and opened anew when they failed, so that service comes back when the cause
 * is gone.
 */
struct books	*books_new(void);
void		 books_free(struct books *);

/* Open the site if it is not; then c->work.db is set.  ERR_UNAVAILABLE. */
enum err	 books_ready(struct books *, struct call *);

/*
 * Do `inside` for this call in a transaction: one that writes, and is on
 * disk when this returns, unless the route is a GET.  A refusal keeps what
 * was written before it, such as the event that tells of it; only a
 * breakdown undoes, and then this says what kind: ERR_UNAVAILABLE,
 * ERR_OUTCOME_UNKNOWN, ERR_INTERNAL.
 */
enum err	 books_run(struct books *, struct call *,
		    enum err (*inside)(struct call *));

/* After the answer: housework.  False: this process must end now. */
bool		 books_after(struct books *);

/* What a breakdown that stuck to the handle is called outside, or `e`. */
enum err	 books_verdict(struct call *, enum err e);

#endif
