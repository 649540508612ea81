#ifndef GIVING_CAMPAIGN_STATS_H
#define GIVING_CAMPAIGN_STATS_H

#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/json/shape.h"

/*
 * What a campaign gave.  It is read from sums that were added up in the
 * transactions of the ledger, so it says the same and costs the same however
 * much there was.  A reversal counts where its action does.
 */
struct campaign_stats {
	const char	*id, *name, *status;
	const void	*totals, *budget;
	/* Each of struct row, in campaign_stats.c. */
	struct list	 roles, tiers, days, types;
};

extern const struct shape	campaign_stats_out;

/* By its public id, with the last so many days.  ERR_NOT_FOUND. */
enum err	campaign_stats_read(struct work *, const char *id,
		    int64_t days, struct campaign_stats *);

#endif
