#ifndef NET_NET_ADDRESS_H
#define NET_NET_ADDRESS_H

#include <sys/socket.h>

#include <stdbool.h>

/*
 * What an address is good for.  Only addresses that all the world reaches
 * may be called: an address that somebody else chose must not make us knock
 * at a door behind our own walls.
 */

/* Why it may not be called: "a private network"; NULL if it may. */
const char	*net_address_forbidden(const struct sockaddr *);

/* 127.0.0.0/8 or ::1, and no other spelling of them. */
bool		 net_address_loopback(const struct sockaddr *);

#endif
