/*
 * cors: what a browser must be told before a page may talk to us.
 *
 * Fetch standard, section 3.2.  A preflight cannot show which key will be
 * used, so any origin may ask; the request itself is held to the origins
 * that its key lists.
 */
#include <string.h>

#include "lib/api/call.h"

bool
cors_preflight(struct call *c)
{
	if (strcmp(c->request.method, "OPTIONS") != 0 ||
	    route_browser(c) == NULL)
		return false;
	c->status = 204;

	return true;
}

size_t
cors_headers(struct call *c, struct header *to)
{
	const char	*origin;
	bool		 asks = c->status == 204 && c->route == NULL;
	size_t		 n = 0;

	if (!asks && (c->route == NULL || c->route->access != ACCESS_WIDGET))
		return 0;
	origin = http_header(&c->request, "Origin", NULL);
	to[n++] = (struct header){ "Vary", "Origin" };
	if (origin == NULL || strlen(origin) > LIMIT_ORIGIN)
		return n;
	to[n++] = (struct header){ "Access-Control-Allow-Origin", origin };
	if (asks) {
		to[n++] = (struct header){
		    "Access-Control-Allow-Methods", c->allow };
		to[n++] = (struct header){ "Access-Control-Allow-Headers",
		    "content-type, x-partner-key, idempotency-key" };
		to[n++] = (struct header){
		    "Access-Control-Max-Age", "7200" };
	} else
		to[n++] = (struct header){ "Access-Control-Expose-Headers",
		    "X-Request-Id, X-Ignored-Fields, Retry-After,"
		    " X-RateLimit-Limit, X-RateLimit-Remaining,"
		    " X-RateLimit-Reset" };

	return n;
}
