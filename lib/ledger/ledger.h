#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/limits.h"
#include "lib/base/tokens.h"
#include "lib/base/work.h"
#include "lib/crypto/hmac.h"

/*
 * The books.  A token is always in exactly one account, moves only by
 * ledger_post(), and leaves entries that are never changed or deleted.  The
 * entries of a transaction add up to zero; the transactions of a tenant form
 * one hash chain.  schema.sql enforces each of these sentences a second
 * time, and doc/books.md tells them in plain words.
 */
enum account_kind {
	ACCOUNT_MINT = 1,	/* tokens come from here; goes below zero */
	ACCOUNT_POOL,		/* a token pool: what may still be given */
	ACCOUNT_WALLET,		/* what a user holds */
	ACCOUNT_SPENT,		/* what a user has redeemed */
	ACCOUNT_DEBT,		/* what a user owes after a reversal … */
	ACCOUNT_CLAIM,		/* … and to which pool: goes below zero */
	ACCOUNT_EXPIRED,	/* what of a user's tokens ever expired … */
	ACCOUNT_RETURN,		/* … and to which pool: goes below zero */
	ACCOUNT_EXCHANGED,	/* what a user has now as points elsewhere */
};

/* An account is its kind and the number of its owner; 0 for the mint. */
struct account {
	enum account_kind	kind;
	int64_t			owner;
};

enum transaction_kind {
	TRANSACTION_ALLOCATION = 1,	/* refers to allocations.id */
	TRANSACTION_REWARD,		/* actions.id */
	TRANSACTION_REVERSAL,		/* reversals.id */
	TRANSACTION_REDEMPTION,		/* redemptions.id */
	TRANSACTION_EXPIRY,		/* users.id */
	TRANSACTION_EXCHANGE,		/* exchanges.id */
	TRANSACTION_EXCHANGE_REVERT,	/* exchanges.id */
	TRANSACTION_POINTS,		/* points.id */
	TRANSACTION_POINTS_REVERT,	/* points.id */
};

/* The word for a kind outside: "pool", "reward"; NULL for no kind. */
const char	*ledger_account_word(enum account_kind);
const char	*ledger_transaction_word(enum transaction_kind);

/* All that ever came in, and the balance, of one account. */
struct turnover {
	struct tokens	balance, received;
	bool		exists;		/* was it ever used? */
};

/*
 * A transaction being put together.  Moves between the same accounts are
 * netted: an account has at most one entry in a transaction.
 */
struct posting {
	struct account	account;
	int64_t		change;		/* tokens in, below zero: out */
};

struct journal {
	enum transaction_kind	kind;
	int64_t			refers;		/* to the row behind it */
	struct posting		postings[LIMIT_POSTINGS];
	size_t			count;
	/* One account that was read since anything was booked last, so that
	 * it need not be read again; NULL: none was. */
	const struct turnover	*known;
	struct account		known_of;
};

/* What became of it. */
struct transaction {
	int64_t		number;		/* 1, 2, … in this tenant's chain */
	const char	*id;		/* as partners see it */
	unsigned char	hash[SHA256_SIZE];
};

struct tokens	ledger_balance(struct work *, struct account);
struct turnover	ledger_turnover(struct work *, struct account);

/* Note that `amount` (above zero) goes from one account to another. */
void		ledger_move(struct journal *, struct account from,
		    struct account to, struct tokens amount);

/*
 * Book the journal in the open write transaction.  ERR_SHORT, and nothing is
 * written, if an account that may not would fall below zero.
 */
enum err	ledger_post(struct work *, const struct journal *,
		    struct transaction *)
		    __attribute__((warn_unused_result));

/* The public id of a transaction that was booked at `made`. */
const char	*ledger_id(struct work *, int64_t number, struct moment made);

#endif
