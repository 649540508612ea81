#ifndef GIVING_STATEMENT_H
#define GIVING_STATEMENT_H

#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/site/page.h"
#include "lib/json/shape.h"
#include "lib/ledger/ledger.h"

/*
 * A statement is what happened to one account, a user's wallet or a token
 * pool, the newest first.  All lines of it add up to the account's balance.
 */
struct statement_line {
	const char	*transaction;	/* its id … */
	const char	*type;		/* … and one of statement_types */
	int64_t		 tokens;	/* in; below zero: out */
	struct moment	 created_at;
	int		 kind;		/* enum transaction_kind, and … */
	int64_t		 refers;	/* … the row that was behind it */
	/* Its id; NULL where it was something else. */
	const char	*action, *reversal, *redemption, *exchange;
};

struct statement_filter {
	struct page_in	 page;
	int		 type;		/* index into statement_types, or -1 */
	struct moment	 from, to;	/* 0: not said */
};

struct statement {
	struct list	 lines;		/* of struct statement_line */
	const void	*pagination;
};

extern const char *const	statement_types[];	/* ends with NULL */
extern const struct shape	statement_out;		/* struct statement */

/* The rows of a filter's shape, s.m being the struct statement_filter. */
#define STATEMENT_FIELDS(s, m) \
	PAGE_FIELDS(s, m.page), \
	{ "type", WORD(s, m.type), QUERY, .words = statement_types, \
	    .about = "only these" }, \
	{ "from", MOMENT(s, m.from), QUERY, .about = "then or later" }, \
	{ "to",   MOMENT(s, m.to), QUERY, .about = "then or earlier" }

/* ERR_INVALID_REQUEST with a fault at /cursor or /page. */
enum err	statement_list(struct work *, struct account,
		    const struct statement_filter *, struct statement *);

#endif
