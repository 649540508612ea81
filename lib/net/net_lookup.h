#ifndef NET_NET_LOOKUP_H
#define NET_NET_LOOKUP_H

#include <stdbool.h>

struct addrinfo;

/*
 * Names are looked up by getaddrinfo(), as the host is set up to, each in a
 * thread of its own: it may take seconds, and cannot be told to stop.
 */
struct net_lookup;

struct net_found {
	void		*with;		/* as it was asked */
	int		 error;		/* of getaddrinfo(); 0 if found */
	struct addrinfo	*list;		/* all its addresses: free it */
};

/* NULL if there is no memory, thread or descriptor left. */
struct net_lookup	*net_lookup_open(void);
/* What is still asked for ends by itself, and is thrown away. */
void			 net_lookup_close(struct net_lookup *);

/* False if LIMIT_LOOKUPS are under way, or a thread cannot be had. */
bool			 net_lookup_ask(struct net_lookup *, const char *host,
			    void *with);

/* Can be read from as soon as one is found: for poll(). */
int			 net_lookup_fd(const struct net_lookup *);

/* The next that was found, or not found; false: none yet. */
bool			 net_lookup_next(struct net_lookup *,
			    struct net_found *);

#endif
