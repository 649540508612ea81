#ifndef NET_NET_NAME_H
#define NET_NET_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/net/net.h"
#include "lib/net/net_url.h"

/*
 * Names whose addresses have been looked at.  A name is asked for once for
 * all that want it; its addresses are kept LIMIT_NAME_KEPT_S and then asked
 * for anew.  A refusal is not kept: the next to ask asks again.
 */
struct net_names;

#define NET_RESOLVE	640

struct net_name {
	/* 0 while it is asked for, NET_ANSWERED if it may be called. */
	enum net_outcome	 outcome;
	char			 why[128];
	/* "+host:port:address,address", as CURLOPT_RESOLVE takes it. */
	char			 resolve[NET_RESOLVE];
};

/* The rules stay the caller's; NULL: out of memory or descriptors. */
struct net_names	*net_names_open(const struct net_rules *);
void			 net_names_close(struct net_names *);

/*
 * The name of a place that is no number.  Good until net_names_collect() has
 * answered it, or if it had an answer, until the next call of any of these.
 * NULL: out of memory.
 */
struct net_name		*net_names_get(struct net_names *,
			    const struct net_place *, int64_t now_us);

/* Take in what was found; true if something was.  See net_lookup_fd(). */
bool			 net_names_collect(struct net_names *,
			    int64_t now_us);
int			 net_names_fd(const struct net_names *);

#endif
