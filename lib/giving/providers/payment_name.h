#ifndef GIVING_PAYMENT_NAME_H
#define GIVING_PAYMENT_NAME_H

#include "lib/base/work.h"
#include "lib/giving/donations/donation.h"

/*
 * Providers may have two names for one payment, and tell of it by either: a
 * donation is found by its reference, and this leads from the other name to
 * it.  Names are the site's: a provider gives none twice.
 */
void		 payment_name_add(struct work *, enum provider_name,
		    const char *name, const char *reference);

/* The reference, or NULL. */
const char	*payment_name_find(struct work *, enum provider_name,
		    const char *name);

#endif
