#ifndef GIVING_PAYMENT_REFUND_H
#define GIVING_PAYMENT_REFUND_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/work.h"
#include "lib/giving/donations/donation.h"

/*
 * What a provider paid back, by the name of the payment.  It may be told
 * before we know which donation that paid: then it counts as soon as we do.
 */
struct payment_refund {
	const char	*payment;	/* by either of its names */
	int64_t		 refunded;	/* in all, in minor units, ours */
	bool		 live;		/* in which mode of the provider */
};

/* Keep it, if it is more than what is kept. */
void	payment_refund_note(struct work *, enum provider_name,
	    const struct payment_refund *);

/* A payment has another name: what is kept under it is of that reference. */
void	payment_refund_named(struct work *, enum provider_name,
	    const char *name, const char *reference);

/* Make the donation, which was paid, follow what is kept. */
void	payment_refund_apply(struct work *, struct donation *);

#endif
