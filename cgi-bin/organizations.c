/*
 * organizations: what donors can give to: nonprofits, and the appeals that
 * collect for them.  doc/api.md describes it.
 */
#include "lib/api/api.h"
#include "lib/giving/donations/appeal.h"
#include "lib/giving/donations/nonprofit.h"

static const struct shape	search_in, show_in, appeal_in;

static enum err	search(struct call *, const void *);
static enum err	show(struct call *, const void *);
static enum err	appeal(struct call *, const void *);

static const struct route routes[] = {
	{ "GET", "/v1/partner/organizations",
	    ACCESS_WIDGET, NULL, &search_in, &nonprofit_list_out, search,
	    .refuses = REFUSES(ERR_INVALID_REQUEST),
	    .name = "searchNonprofits",
	    .about = "Nonprofits by the words of their names" },
	{ "GET", "/v1/partner/organizations/{slug}",
	    ACCESS_WIDGET, NULL, &show_in, &nonprofit_out, show,
	    .refuses = REFUSES(ERR_NOT_FOUND),
	    .name = "showNonprofit",
	    .about = "One nonprofit" },
	{ "GET", "/v1/partner/appeals/{appealId}",
	    ACCESS_WIDGET, NULL, &appeal_in, &appeal_out, appeal,
	    .refuses = REFUSES(ERR_NOT_FOUND),
	    .name = "showAppeal",
	    .about = "An appeal: how far it is, its perks and fundraisers" },
	{ 0 }
};

/* search, show: whom a donation can be for. */

static const struct shape search_in = SHAPE("NonprofitFilter",
    struct nonprofit_filter,
	{ "q", TEXT(struct nonprofit_filter, q), QUERY, 1, LIMIT_SEARCH,
	    .about = "words of the name or how they begin, or an EIN" },
	PAGE_FIELDS(struct nonprofit_filter, page));

static enum err
search(struct call *c, const void *input)
{
	const struct nonprofit_filter	*in = input;
	struct nonprofit_list		 found;
	enum err			 e;

	e = nonprofit_search(api_work(c), in, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &nonprofit_list_out, &found);
}

struct show {
	const char	*slug;
};

static const struct shape show_in = SHAPE("NonprofitName", struct show,
	{ "slug", TEXT(struct show, slug), PATH | NEED,
	    .about = "its slug, or its EIN" });

static enum err
show(struct call *c, const void *input)
{
	const struct show	*in = input;
	struct nonprofit	 found;
	enum err		 e;

	e = nonprofit_find(api_work(c), in->slug, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &nonprofit_out, &found);
}

/* appeal: what a page shows of it; whose fundraisers are is not told. */

struct one_appeal {
	const char	*id;
};

static const struct shape appeal_in = SHAPE("AppealName", struct one_appeal,
	{ "appealId", TEXT(struct one_appeal, id), PATH | NEED,
	    .about = "its number" });

/* In an address, what is no number is a page that is not there. */
static int64_t
number(const char *text)
{
	int64_t	 n = 0;

	for (; *text >= '0' && *text <= '9' && n < INT32_MAX; text++)
		n = n * 10 + (*text - '0');

	return *text == '\0' ? n : 0;
}

static enum err
appeal(struct call *c, const void *input)
{
	const struct one_appeal	*in = input;
	struct appeal		 found;

	if (appeal_find(api_work(c), number(in->id), &found) != OK)
		return ERR_NOT_FOUND;

	return api_reply(c, 200, &appeal_out, &found);
}

int
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
