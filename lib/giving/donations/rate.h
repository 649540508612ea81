#ifndef GIVING_RATE_H
#define GIVING_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/money.h"
#include "lib/base/work.h"
#include "lib/json/shape.h"

/*
 * An exchange rate of a day: so many major units of `to` for one major unit
 * of `from`, exactly as it was written.  Rates are the site's, not a
 * partner's; the operator sets them (`almoner rate set`).
 */
struct rate {
	int64_t			 day;		/* since 1970, in UTC */
	const struct currency	*from, *to;
	struct decimal		 units;		/* above 0 */
	/* It was written the other way: one `to` is so many `from`. */
	bool			 inverse;
};

extern const struct shape	rate_out;	/* struct rate_said */

/* A rate as people read it. */
struct rate_said {
	const char	*day;			/* "2026-05-10" */
	const char	*from, *to;
	struct decimal	 units;
};

/*
 * The rate at a moment: the latest that was set for its day or an earlier
 * one, in either direction; where a day has both, the one that was asked for.
 * A currency for itself is 1.  ERR_NO_EXCHANGE_RATE, with *w->detail saying
 * which, if there is none.
 */
enum err	rate_find(struct work *, const struct currency *from,
		    const struct currency *to, struct moment at,
		    struct rate *);

/*
 * *out = `minor` units of rate->from in minor units of rate->to, each with
 * its own exponent, exact and rounded half up once.  `minor` is from 0 to
 * LIMIT_AMOUNT; false if the result would be more than that.
 */
bool		rate_convert(const struct rate *, int64_t minor,
		    int64_t *out) __attribute__((warn_unused_result));

/*
 * rate_find() and rate_convert() in one.  ERR_INVALID_REQUEST with a fault at
 * /amount if the result is too large.
 */
struct rate_sum {
	int64_t			 minor;
	const struct currency	*currency;
};
enum err	rate_exchange(struct work *, struct rate_sum from,
		    const struct currency *to, struct moment at,
		    int64_t *out);

/* "2026-05-10" as days since 1970; false if it is no day of 1970 to 9999. */
bool		rate_day(const char *, int64_t *day);

/*
 * Set, or set again, the rate of a day.  ERR_INVALID_REQUEST with a fault if
 * it is not above 0, or both currencies are one.
 */
enum err	rate_set(struct work *, const struct rate *);

/* A rate for rate_out; it must not be an inverse one. */
struct rate_said rate_say(struct work *, const struct rate *);

/* The latest rates, at most LIMIT_PAGE, newest first. */
void		rate_list(struct work *, struct list *of_rate_said);

#endif
