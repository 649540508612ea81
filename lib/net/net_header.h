#ifndef NET_NET_HEADER_H
#define NET_NET_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <curl/curl.h>

#include "lib/base/limits.h"
#include "lib/net/net.h"

/*
 * The headers of one request as libcurl takes them, in memory that is used
 * again for the next.  All zero is a good beginning.
 */
struct net_lines {
	struct curl_slist	 line[LIMIT_NET_HEADERS + 3];
	size_t			 count;
	char			*text;
	size_t			 size, room;
};

/* False with a sentence if one cannot be sent, or there are too many. */
bool	net_lines_set(struct net_lines *, const struct net_wish *,
	    char *why, size_t size);
void	net_lines_free(struct net_lines *);

/*
 * Seconds to wait by the value of a Retry-After header (RFC 9110, 10.2.3): a
 * number, or a date less clock_now(), at least 0 and at most 2^31 - 1.  -1 if
 * it is neither.
 */
int64_t	net_retry_after(const char *value);

#endif
