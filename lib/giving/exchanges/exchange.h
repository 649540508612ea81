#ifndef GIVING_EXCHANGE_H
#define GIVING_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/site/page.h"
#include "lib/hooks/told.h"
#include "lib/json/shape.h"

/*
 * An exchange turns a user's tokens into points of somebody else's programme,
 * who is told of it by a webhook of the format "qiibee".  It may be taken
 * back, whole and once.
 */
struct exchange_wish {
	const char	*external_id;
	struct tokens	 tokens;
	const char	*programme;	/* its code */
	const char	*member;	/* who the user is over there */
	const char	*key;
};

struct exchange_back {
	const char	*exchange;	/* its id */
	const char	*key;
};

struct exchange {
	int64_t		 number;
	const char	*id, *key;
	const char	*external_id;	/* NULL: none, or erased */
	const char	*programme, *member, *token_name, *token_symbol;
	struct tokens	 tokens;
	int64_t		 points;
	const char	*status;	/* one of exchange_statuses */
	/* In the ledger; of the second one NULL until it was reverted. */
	const char	*transaction, *revert_transaction;
	const char	*hash, *revert_hash;	/* 64 hex digits */
	struct tokens	 debt_offset;	/* of what came back */
	struct moment	 created_at, reverted_at;
	const char	*code;		/* as in struct action */
	enum maybe	 body_matches;
};

struct exchange_filter {
	struct page_in	 page;
	int		 status;	/* of exchange_statuses, or -1 */
	const char	*programme, *external_id;	/* NULL: any */
	struct moment	 from, to;	/* 0: not said */
};

struct exchange_list {
	struct list	 exchanges;	/* of struct exchange */
	const void	*pagination;
};

/* "COMPLETED", "REVERTED"; NULL at the end. */
extern const char *const	exchange_statuses[];
extern const struct shape	exchange_out;		/* struct exchange */
extern const struct shape	exchange_list_out;

/*
 * ERR_IDEMPOTENT, and *out is the first answer; ERR_PROGRAMME_NOT_FOUND,
 * ERR_PROGRAMME_INACTIVE; ERR_INVALID_REQUEST as programme_worth() has it;
 * ERR_USER_NOT_FOUND; ERR_INSUFFICIENT_BALANCE.
 */
enum err	exchange_make(struct work *, const struct exchange_wish *,
		    int64_t digest, struct exchange *out);

/*
 * The tokens come back into the user's wallet, and pay first what they owe.
 * ERR_IDEMPOTENT, and *out is the first answer; ERR_NOT_FOUND;
 * ERR_ALREADY_REVERSED if that was done by another request.
 */
enum err	exchange_revert(struct work *, const struct exchange_back *,
		    int64_t digest, struct exchange *out);

/* ERR_NOT_FOUND, for another tenant's too. */
enum err	exchange_find(struct work *, const char *id,
		    struct exchange *);

/* By our own number; false if there is none. */
bool		exchange_numbered(struct work *, int64_t number,
		    struct exchange *);

/* The newest first.  ERR_INVALID_REQUEST with a fault at /cursor or /page. */
enum err	exchange_list(struct work *, const struct exchange_filter *,
		    struct exchange_list *);

/*
 * What the programme is told of it; NULL if it is gone, or was not reverted,
 * or of a person who was erased.
 */
const struct told_points *exchange_points(struct work *, int64_t number,
		    bool reverted);

#endif
