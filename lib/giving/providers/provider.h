#ifndef GIVING_PROVIDER_H
#define GIVING_PROVIDER_H

#include <stdbool.h>

#include "lib/base/conf.h"
#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/donations/donation.h"
#include "lib/net/net.h"

/*
 * A payment provider is where a donor pays.  Each is one row of the table in
 * provider.c and one file.  What is told by them later comes in through
 * cgi-bin/inbound.c and goes to donation.h.
 */
struct provider_site {
	const struct conf	*conf;
	const char		*url;	/* of this site, up to what is
					   before /v1 */
	bool			 live;
};

/* On the way to a link: made at once, or by asking the provider. */
struct provider_link {
	const char	*link, *session;	/* when it is known */
	bool		 asks;			/* then send `wish` first */
	struct net_wish	 wish;
	const char	*why;			/* for the log: why there is
						   no link */
};

struct provider {
	const char	*word;			/* "stripe" */
	bool		(*configured)(const struct conf *, bool live);
	/* What it cannot do of a wish: faults. */
	void		(*check)(struct work *, const struct donation_wish *);
	void		(*begin)(struct work *, const struct provider_site *,
			    const struct donation *, struct provider_link *);
	/* What was answered to `wish`: link and session, or why not. */
	void		(*end)(struct work *, const struct net_answer *,
			    struct provider_link *);
};

extern const struct provider	provider_stripe, provider_every_org,
				provider_sandbox;

const struct provider	*provider_get(enum provider_name);

/*
 * Who takes the payment: the one that was asked for if it is configured, and
 * on a test side the sandbox for any that is not.  ERR_PROVIDER_NOT_CONFIGURED
 * on a live side.
 */
enum err	provider_choose(struct work *, const struct provider_site *,
		    const struct donation_wish *, enum provider_name *);

/*
 * Where a donor goes when they have paid, with ?donation=<id> for the widget,
 * or when they gave up: as the page said, or to a page of our own.
 */
const char	*provider_success_url(struct work *,
		    const struct provider_site *, const struct donation *);
const char	*provider_cancel_url(struct work *,
		    const struct provider_site *, const struct donation *);

/* The rules under which our own providers may be called. */
struct net_rules	provider_rules(const struct conf *);

#endif
