#ifndef GIVING_LINKING_H
#define GIVING_LINKING_H

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/donations/donation.h"
#include "lib/giving/providers/provider.h"

/*
 * From a wish to a link where the donor pays, in three steps: one writes the
 * donation, one may ask the provider for a checkout, outside of any
 * transaction, and one writes down where it is.
 *
 * If the process dies between them, the donation stays PENDING without a link
 * and expires; another try makes another one.  The provider may then have two
 * checkouts, but only one of them has a link that anybody was given.
 */
struct linking {
	struct donation		 donation;
	enum provider_name	 played;
	struct provider_link	 at;
};

/* All of donation_create()'s refusals, and provider_choose()'s. */
enum err	linking_begin(struct work *, const struct provider_site *,
		    const struct donation_wish *, struct linking *);
void		linking_ask(struct work *, const struct conf *,
		    struct linking *);

/* ERR_PROVIDER_UNAVAILABLE if there is no link; then it is EXPIRED. */
enum err	linking_end(struct work *, struct linking *);

#endif
