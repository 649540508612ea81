#ifndef GIVING_PAGE_H
#define GIVING_PAGE_H

#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/limits.h"
#include "lib/base/work.h"
#include "lib/crypto/id.h"
#include "lib/json/shape.h"
#include "lib/ledger/hours.h"

/*
 * A page of a list: by number, or from a cursor on, which is the id of the
 * last row that was seen.  A walk by cursor never counts what lies before
 * it, so its last page costs what its first did.
 */
struct page_in {
	int64_t		 page, limit;
	const char	*cursor;
};

/* The rows of struct field that every list's input has. */
#define PAGE_FIELDS(s, m) \
	{ "page",   INT(s, m.page),    QUERY, 1, LIMIT_PAGES, .preset = 1, \
	    .about = "which page, without a cursor" }, \
	{ "limit",  INT(s, m.limit),   QUERY, 1, LIMIT_PAGE, .preset = 20, \
	    .about = "how many rows a page has" }, \
	{ "cursor", TEXT(s, m.cursor), QUERY, 24, 24, \
	    .about = "nextCursor of the page before" }

struct pagination {
	int64_t		 page, limit;
	int64_t		 total, total_pages;	/* -1: not counted */
	const char	*next_cursor;		/* NULL at the end */
};

extern const struct shape	page_out;	/* struct pagination */

/*
 * Where to read: rows numbered from `from` to below `below`, the first `skip`
 * left out.
 */
struct page_range {
	int64_t	below, skip, take;	/* take: one more than the page has */
	int64_t	from;
};

/* ERR_INVALID_REQUEST with a fault at /cursor if it is not of this list. */
enum err	page_range(struct work *, const struct page_in *,
		    enum id_kind, struct page_range *);

/* The lists of which `hours` of schema.sql knows how they lie in time. */
enum page_list {
	PAGE_ACTIONS = HOURS_ACTIONS,
	PAGE_TRANSACTIONS = HOURS_TRANSACTIONS,
	PAGE_USERS = HOURS_USERS,
	PAGE_EVENTS = HOURS_EVENTS,
};

/*
 * Leave out what cannot lie between two moments (0: not said), so that the
 * rest of a list is not read.  What remains is up to an hour wider.
 */
void		page_between(struct work *, enum page_list,
		    struct moment from, struct moment to,
		    struct page_range *);

/*
 * Counting has its limit: a list of more than LIMIT_COUNT rows, unless their
 * number is known without counting, has PAGE_UNCOUNTED.  page_total() makes a
 * total from a count that ended one row beyond the limit.
 */
#define PAGE_UNCOUNTED	INT64_MAX
int64_t		page_total(int64_t counted);

/*
 * The list has `total` rows.  ERR_INVALID_REQUEST with a fault at /page if it
 * lies so deep that only a cursor leads there; a page behind the end reads
 * nothing.
 */
enum err	page_reach(struct work *, const struct page_in *, int64_t total,
		    struct page_range *);

/*
 * What to say of the page: `rows` were read (up to range.take), `total` is
 * how many there are in all, PAGE_UNCOUNTED or -1, `last` the id of the last
 * row shown.
 */
void		page_say(const struct page_in *, size_t rows, int64_t total,
		    const char *last, struct pagination *);

#endif
