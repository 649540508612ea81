#ifndef LEDGER_CHAIN_H
#define LEDGER_CHAIN_H

#include "lib/ledger/ledger.h"

/* Where a tenant's chain ends: 32 zero bytes before the first link. */
struct chain {
	int64_t		number;
	unsigned char	hash[SHA256_SIZE];
	struct moment	made;
};

/* One transaction as the chain sees it: no word of it is about a person. */
struct link {
	int64_t			tenant, number;
	enum transaction_kind	kind;
	int64_t			refers;
	struct moment		made;
	const struct posting	*postings;	/* by kind, then owner */
	size_t			count;
};

void	chain_head(struct work *, struct chain *);

/*
 * hash = SHA-256(the hash before ‖ the canonical form), which is ASCII:
 *
 *	1/17 reward 23 1746876000123\n
 *	pool:1 -50\n
 *	wallet:42 50\n
 *
 * that is: tenant/number, kind, the row it refers to, milliseconds; then one
 * line an entry.
 */
void	chain_hash(unsigned char out[SHA256_SIZE], const struct chain *before,
	    const struct link *);

#endif
