#ifndef GIVING_CAMPAIGN_TERMS_H
#define GIVING_CAMPAIGN_TERMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/limits.h"
#include "lib/base/money.h"
#include "lib/base/work.h"

struct query;

/* Each is also a number in the table `campaigns`. */
enum campaign_template {
	CAMPAIGN_MULTIPLIER = 1,	/* the usual reward, so many times */
	CAMPAIGN_FIXED,			/* so many tokens, whatever it was */
	CAMPAIGN_TIERED,		/* times by how large the amount is */
	CAMPAIGN_MATCHING,		/* the usual reward and a match of it */
};

enum campaign_status {
	CAMPAIGN_DRAFT = 1, CAMPAIGN_ACTIVE, CAMPAIGN_PAUSED,
	CAMPAIGN_COMPLETED,
};

/* Which limits told: they cut a reward, or left the campaign out. */
enum campaign_limit {
	CAMPAIGN_PER_ACTION	= 1 << 0,
	CAMPAIGN_PER_USER	= 1 << 1,
	CAMPAIGN_PER_DAY	= 1 << 2,
	CAMPAIGN_TOTAL		= 1 << 3,
};

struct campaign_split {
	const char	*role;		/* stakeholderTypeCode */
	int64_t		 portion;	/* parts of a million */
};

struct campaign_tier {
	int64_t	least;		/* ten-thousandths of a major unit */
	int64_t	multiplier;	/* thousandths */
};

/* What a campaign gives, as its row has it; 0 where a thing is not said. */
struct campaign_terms {
	int64_t			 number, pool, priority;
	enum campaign_template	 template;
	int64_t			 multiplier;	/* thousandths */
	int64_t			 fixed;
	struct campaign_split	 splits[LIMIT_SPLITS];
	struct campaign_tier	 tiers[LIMIT_TIERS];
	size_t			 split_count, tier_count;
	int64_t			 total_budget, per_user, per_action, per_day;
	int64_t			 spent;
	struct moment		 starts_at, ends_at;	/* as in the table */
	struct moment		 reached_at, created_at;
};

/* What of `campaigns`, under the name c, campaign_terms_read() reads. */
#define CAMPAIGN_TERMS \
	"c.id, c.pool, c.priority, c.template, c.multiplier," \
	" c.fixed_tokens, c.splits, c.tiers, c.total_budget, c.per_user," \
	" c.per_action, c.per_day, c.distributed - c.reversed AS spent," \
	" c.starts_at, c.ends_at, c.reached_at, c.created_at"

void		campaign_terms_read(struct work *, struct query *,
		    struct campaign_terms *);

/* What is left of its budget; LIMIT_BOOKS if it has none. */
int64_t		campaign_terms_left(const struct campaign_terms *);

/* Does its schedule have this moment in it?  To the second. */
bool		campaign_terms_now(const struct campaign_terms *,
		    struct moment);

/* The tier of an amount in minor units, -1 below the lowest one. */
int		campaign_terms_tier(const struct campaign_terms *,
		    int64_t minor, const struct currency *);

/* The table's texts for splits and tiers, NULL for none. */
const char	*campaign_terms_splits(struct work *,
		    const struct campaign_terms *);
const char	*campaign_terms_tiers(struct work *,
		    const struct campaign_terms *);

/* A decimal of so many digits behind the point, without zeros at its end. */
struct decimal	campaign_terms_decimal(int64_t digits, int scale);

#endif
