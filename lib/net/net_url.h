#ifndef NET_NET_URL_H
#define NET_NET_URL_H

#include <sys/socket.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/net/net.h"

#define NET_HOST 254		/* the longest name of DNS, and a NUL */

/*
 * Where a URL leads, by its spelling alone.  The spelling is narrower than
 * what URLs may be, so that no two readers (we, libcurl, the resolver) take
 * one text for two hosts.
 */
struct net_place {
	bool			 tls;
	char			 host[NET_HOST];	/* lower case, no [] */
	uint16_t		 port;
	bool			 number;	/* an address, not a name */
	struct sockaddr_storage	 address;	/* if it is */
};

/* net_url(), and where it leads. */
bool	net_url_read(const struct net_rules *, const char *url,
	    struct net_place *, char *why, size_t size);

/* May a connection for this place go to that address? */
bool	net_url_may(const struct net_rules *, const struct net_place *,
	    const struct sockaddr *, char *why, size_t size);

#endif
