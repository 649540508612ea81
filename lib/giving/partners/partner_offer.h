#ifndef GIVING_PARTNER_OFFER_H
#define GIVING_PARTNER_OFFER_H

#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"

/*
 * What a partner's pages may offer: texts are words with one space between
 * them, and NULL leaves what there is.
 */
#define PARTNER_TIP_SAME	(-1)
#define PARTNER_TIP_NONE	(-2)

struct partner_offer {
	const char	*currencies;	/* ISO 4217 codes, the first preset */
	const char	*amounts;	/* suggested, in minor units */
	const char	*return_hosts;	/* see donation_url.h; "": none */
	int64_t		 tip_percent;	/* proposed, or one of the above */
};

/* ERR_NOT_FOUND without such a partner; ERR_INVALID_REQUEST with faults. */
enum err	partner_offer_set(struct work *, const char *slug,
		    const struct partner_offer *);

#endif
