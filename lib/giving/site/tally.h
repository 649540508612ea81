#ifndef GIVING_TALLY_H
#define GIVING_TALLY_H

#include <stdint.h>

#include "lib/base/work.h"

/*
 * What a tenant did, counted as it happens, so that the dashboards need not
 * count: the table `tallies` of schema.sql.  A day is one of the tenant's own
 * time, in UTC.  The ledger says the same, more slowly: actions.tokens and
 * reversals.clawed_back, added up.
 */
struct tally {
	int64_t	actions, tokens;	/* rewarded, and what they got */
	int64_t	reversals, clawed_back;
	int64_t	erased;			/* users */
};

/* This has just happened, in the open DB_WRITE.  What happens on a day that
 * has no row, because the clock was put back, counts for the next that has. */
void		tally_add(struct work *, const struct tally *);

/* All from the first day to the end of this one: one seek. */
struct tally	tally_until(struct work *, int64_t day);

#endif
