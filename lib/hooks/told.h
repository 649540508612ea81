#ifndef HOOKS_TOLD_H
#define HOOKS_TOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/clock.h"
#include "lib/hooks/outbox.h"

/* An amount in minor units of a currency. */
struct told_money {
	int64_t		 minor;
	const char	*currency;
};

/* A confirmed donation, as the dialect "chuffed" tells of it. */
struct told_donation {
	int64_t			 number;	/* of the tenant: 1, 2, 3 */
	struct moment		 created_at;
	struct told_money	 donation, total, converted;
	const char		*period;	/* "weekly", "monthly",
						   "yearly"; NULL: once */
	int64_t			 iteration;	/* 1 for the first */
	const char		*vendor, *reference;
	bool			 anonymous;
	const char		*recipient;	/* "campaign", "fundraiser" */
	int64_t			 recipient_id;
	int64_t			 appeal_id;
	const char		*appeal_title;
	const char		*email, *first_name, *last_name;
	bool			 subscribed;
	const char		*address, *phone;
	const char		*perk_title;	/* NULL: none chosen */
	int64_t			 perk_multiplier;
	const char		*perk_answer;	/* may be NULL */
};

/* An exchange of points, as the dialect "qiibee" tells of it. */
struct told_points {
	int64_t		 amount;		/* whole points */
	bool		 credit;		/* false: taken back */
	const char	*token_name, *token_symbol;
	const char	*hash, *hash_reverted;	/* 64 hex; the latter or NULL */
	const char	*member;		/* auth_id */
	struct moment	 at;
};

/* One event with all that any dialect says of it. */
struct told {
	const char			*id;	/* "evt_" and 24 digits */
	enum event_type			 type;
	struct moment			 created_at;
	const char			*data;	/* JSON, an object */
	const struct told_donation	*donation;	/* or NULL */
	const struct told_points	*points;	/* or NULL */
};

#endif
