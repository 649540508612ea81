#ifndef GIVING_PARTNER_H
#define GIVING_PARTNER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/json/shape.h"

/*
 * A partner is an organisation that calls us.  It has two sides that never
 * meet, each a tenant with books of its own: "test" works at once, "live"
 * from when an administrator approves the partner.
 */
enum partner_status { PARTNER_PENDING, PARTNER_ACTIVE, PARTNER_SUSPENDED };

struct partner {
	const char	*id;
	const char	*name, *slug;
	int		 status;	/* enum partner_status */
	const char	*tier;
	int64_t		 test, live;	/* its tenants */
	struct moment	 created_at;
};

extern const struct shape	partner_out;	/* struct partner */

/* Requests a minute: its own limit, or (own 0) that of its tier. */
int64_t			partner_rate_limit(const char *tier, int64_t own);

/* The status that a word of the database means. */
enum partner_status	partner_status_read(const char *);

/* ERR_INVALID_REQUEST with a fault at /slug if that slug is taken. */
enum err	partner_create(struct work *, const char *name,
		    const char *slug, struct partner *);
enum err	partner_find(struct work *, const char *slug,
		    struct partner *);
void		partner_list(struct work *, struct list *of_partner);
enum err	partner_set_status(struct work *, const char *slug,
		    enum partner_status);

/* What of a partner may be changed; NULL and 0 leave it as it is. */
struct partner_change {
	const char	*name, *tier;
	int64_t		 rate_limit;
};
enum err	partner_change(struct work *, const char *slug,
		    const struct partner_change *);

/* What a partner's web page may know: GET /config. */
struct partner_config {
	const char	*id, *name, *slug;
	struct list	 enabled_features;	/* of text */
	int64_t		 rate_limit;		/* requests a minute */
	bool		 is_active;
	const char	*webhook_url;
	const void	*tip;			/* struct partner_tip */
	struct list	 currencies;		/* of text */
	struct list	 suggested_amounts;	/* of int64_t, minor units */
};

struct partner_tip {
	bool		 enabled;
	int64_t		 default_percent;
};

enum err	partner_config(struct work *, struct partner_config *);

#endif
