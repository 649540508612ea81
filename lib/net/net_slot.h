#ifndef NET_NET_SLOT_H
#define NET_NET_SLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <curl/curl.h>

#include "lib/net/net.h"
#include "lib/net/net_header.h"
#include "lib/net/net_name.h"
#include "lib/net/net_url.h"

/*
 * A slot is what one request is made with: libcurl's handle, whose options
 * are set once, and memory that the next request uses again.
 */
struct net_slot {
	struct net_slot		*next;		/* in the list it is on */
	struct net_slot		*other;		/* of all there are */
	const struct net_rules	*rules;
	CURL			*easy;

	struct net_wish		 wish;
	struct net_place	 place;
	const struct net_name	*name;		/* waits for it, or NULL */
	int64_t			 from_us;
	struct net_lines	 lines;
	char			 addresses[NET_RESOLVE];
	struct curl_slist	 resolve;	/* one line: these */

	/* What came so far. */
	struct net_answer	 answer;
	char			*body;
	size_t			 room, got, head;
	char			 retry_after[64], date[64];
	char			 errors[CURL_ERROR_SIZE];
	bool			 whole_head, forbidden, too_large;
};

/* NULL: out of memory. */
struct net_slot	*net_slot_new(const struct net_rules *);
void		 net_slot_free(struct net_slot *);

/*
 * Take the wish in.  False if it cannot be tried: then the answer says why,
 * except for how long it took.
 */
bool		 net_slot_begin(struct net_slot *, const struct net_wish *,
		    int64_t now_us);

/* Addresses are known: the handle is ready to run.  False as above. */
bool		 net_slot_ready(struct net_slot *, int64_t now_us);

/* The transfer has ended so: write the answer. */
void		 net_slot_end(struct net_slot *, CURLcode);

#endif
