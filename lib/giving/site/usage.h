#ifndef GIVING_USAGE_H
#define GIVING_USAGE_H

#include <stdint.h>

#include "lib/base/work.h"

/*
 * How much each tenant uses which group of endpoints, by day: added up from
 * the counts that the processes share, once a minute.
 *
 * A counter is 2 … 5 for answers 2xx … 5xx, 429 for those refused by the
 * rate limit, and USAGE_LATENCY + n for answers that took from 2^n up to
 * 2^(n+1) microseconds.
 */
#define USAGE_LIMITED	429
#define USAGE_LATENCY	1000
#define USAGE_BUCKETS	24	/* the last is 8 seconds and more */

void	usage_add(struct work *, int64_t day, const char *group,
	    int counter, int64_t times);

#endif
