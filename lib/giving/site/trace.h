#ifndef GIVING_TRACE_H
#define GIVING_TRACE_H

#include <stdbool.h>

#include "lib/base/work.h"

/*
 * What is left of somebody who was erased.  An erasure commits, and the file
 * is cleared after that (see db_scrub()); if its process dies in between, or
 * a reader or a large file stands in its way, something may be left.  So a
 * row tells of it, from the erasure's own transaction on, until it is done.
 */

/* In the transaction that erases: w->trace is the row. */
void	trace_leave(struct work *);

/* The file is clean: w->trace goes, in a transaction of its own. */
void	trace_gone(struct work *);

/*
 * Where that did not happen, write the whole file anew, if it is not larger
 * than `bytes`, and tell the log if that fails; `now` or only when it is
 * time.  Outside of a transaction.  False: it failed.
 */
struct trace_plan {
	int64_t	bytes;
	bool	now;
};
bool	trace_sweep(struct work *, const struct trace_plan *);

#endif
