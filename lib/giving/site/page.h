#ifndef GIVING_PAGE_H
#define GIVING_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/limits.h"
#include "lib/base/work.h"
#include "lib/crypto/id.h"
#include "lib/json/shape.h"
#include "lib/ledger/hours.h"

struct query;

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

/* The same of a list that is filtered by time, by s.from and s.to. */
#define PAGE_TIMES(s) \
	{ "from",   MOMENT(s, from), QUERY, .about = "then or later" }, \
	{ "to",     MOMENT(s, to), QUERY, .about = "then or earlier" }

struct pagination {
	int64_t		 page, limit;
	int64_t		 total, total_pages;	/* -1: not counted */
	const char	*next_cursor;		/* NULL at the end */
};

extern const struct shape	page_out;	/* struct pagination */

/*
 * Where to read: rows numbered from `from` to below `below`, the first `skip`
 * left out.  page_range() says so for a page; its list says in `total` how
 * many rows it has in all, if it is asked by number and not by cursor, and
 * page_read() or page_one() does the rest.
 */
struct page_range {
	int64_t			 below, skip;
	int64_t			 take;	/* one more than the page has */
	int64_t			 from;
	const struct page_in	*in;
	int64_t			 total;	/* or PAGE_UNCOUNTED */
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

/* Bind both for "created_at BETWEEN ? AND ?". */
void		page_bind_times(struct query *, struct moment from,
		    struct moment to);

/*
 * Counting has its limit: a list of more than LIMIT_COUNT rows, unless their
 * number is known without counting, has PAGE_UNCOUNTED.  page_count() ends
 * "SELECT count(*) AS n FROM (SELECT 1 … LIMIT ?)", of which all is bound but
 * the last value.
 */
#define PAGE_UNCOUNTED	INT64_MAX
int64_t		page_count(struct query *);

/* What the rows of a list are. */
struct page_rows {
	size_t	  size;			/* of one, struct action say, and … */
	size_t	  id;			/* … the offset of its id in it */
	/* From the row at hand into zeroed memory. */
	void	(*read)(struct work *, struct query *, void *row);
	/* Or NULL: what takes other queries, once this one is done. */
	void	(*complete)(struct work *, void *row);
};

/*
 * Read the page from `q`, of which all is bound but its last two values,
 * "LIMIT ? OFFSET ?", and say where it lies.  ERR_INVALID_REQUEST with a fault
 * at /page if it lies so deep that only a cursor leads there; a page behind
 * the end is empty.  `q` is done.
 */
enum err	page_read(struct work *, const struct page_range *,
		    struct query *q, const struct page_rows *,
		    struct list *rows, const void **pagination);

/* The same of a list that has one row, or if it is NULL, none. */
void		page_one(struct work *, const struct page_range *, void *row,
		    struct list *rows, const void **pagination);

#endif
