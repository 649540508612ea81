#ifndef GIVING_FOUNDING_H
#define GIVING_FOUNDING_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/giving/site/site.h"

/* What a site is made from; the rest of its settings can be changed later. */
struct founding {
	const char	*conf;		/* path of almoner.conf to be */
	const char	*base_url;	/* NULL: not said yet */
	const char	*log;		/* NULL: standard error */
	bool		 test_site;
	struct site_first first;
};

/*
 * Make a site: the folder of its configuration and data/ in it (0700), the
 * master key, the database with what it begins with, and at last the
 * configuration (0600), which has every setting with its meaning and default;
 * *conf is what it says.  The work is as for site_create().  False, with a
 * sentence in `why`, if there is one, or something cannot be made: then
 * nothing that was made by this call is left but folders.  A call that was
 * killed in the middle leaves parts of a site without its configuration; the
 * next call clears them away.  Of two calls at once one waits for the other.
 */
bool	founding_make(const struct founding *, struct conf *, struct work *,
	    char *why, size_t size);

#endif
