/*
 * token-pools: what a partner's rewards are paid from.
 * doc/api.md describes it.
 */
#include "lib/api/api.h"
#include "lib/giving/pool.h"

static const struct shape	list_in;

static enum err	list(struct call *, const void *);

static const struct route routes[] = {
	{ "GET", "/v1/partner/token-pools",
	    ACCESS_SIGNED, "read", &list_in, &pool_list_out, list,
	    .about = "List token pools, the newest first" },
	{ 0 }
};

/* list: by page or by cursor. */

static const struct shape list_in = SHAPE("TokenPoolFilter",
    struct page_in,
	{ "page",   INT(struct page_in, page), QUERY, 1, LIMIT_PAGES,
	    .preset = 1, .about = "which page, without a cursor" },
	{ "limit",  INT(struct page_in, limit), QUERY, 1, LIMIT_PAGE,
	    .preset = 20, .about = "how many rows a page has" },
	{ "cursor", TEXT(struct page_in, cursor), QUERY, 24, 24,
	    .about = "nextCursor of the page before" });

static enum err
list(struct call *c, const void *input)
{
	const struct page_in	*in = input;
	struct pool_list	 found;
	enum err		 e;

	e = pool_list(api_work(c), in, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &pool_list_out, &found);
}

int
main(void)
{
	return api_serve(routes);
}
