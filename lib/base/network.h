#ifndef BASE_NETWORK_H
#define BASE_NETWORK_H

#include <stdbool.h>

/* "192.0.2.7", "192.0.2.0/24", "2001:db8::/32": an address or a network? */
bool	network_is(const char *);

/*
 * Does one line of `networks` contain the address?  An IPv4 address that
 * comes inside IPv6 ("::ffff:192.0.2.7") is taken for the IPv4 address.
 */
bool	network_contains(const char *networks, const char *address);

#endif
