#ifndef GIVING_DONATION_URL_H
#define GIVING_DONATION_URL_H

#include <stdbool.h>

struct arena;

/*
 * May a donor be sent to this address after the checkout?  https, no user
 * name, no control characters, and a host that `hosts` lists (names with a
 * space between them; a leading dot stands for all names below it, a port is
 * not looked at).  On a test side a loopback address is good as well, with
 * http too.
 */
bool		 donation_url_good(const char *url, const char *hosts,
		    bool test);

/* The address with one more parameter in its query. */
const char	*donation_url_with(struct arena *, const char *url,
		    const char *name, const char *value);

#endif
