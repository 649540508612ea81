#ifndef API_BATCH_H
#define API_BATCH_H

#include "lib/base/err.h"

struct batch;
struct books;
struct call;
struct db;

/*
 * Group commit.  A write is a member of a batch: threads that write at the
 * same time share one transaction, one commit and one sync.  The first to
 * come leads: it begins, does the work of all that wait, one after another,
 * commits, hands the lead to the next in line, and only then syncs, so that
 * one batch is written while the one before it is on its way to the disk.
 * Where several write at a time, whoever leads first lets those run who can.
 * Every member answers after the sync that covers it.
 *
 * A member's work does not know how many share its commit.  If the
 * transaction breaks down, each member is tried again alone, so that nobody
 * suffers for another's fault.
 */
struct batch	*batch_new(struct books *);
void		 batch_free(struct batch *);

/*
 * Do `inside` for this call in the next batch.  `own` is this thread's
 * connection, used to sync.  What a member is told: see desk_run().
 */
enum err	 batch_join(struct batch *, struct call *, struct db *own,
		    enum err (*inside)(struct call *));

#endif
