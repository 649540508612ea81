#ifndef LEDGER_AUDIT_H
#define LEDGER_AUDIT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/base/work.h"

/*
 * Read one tenant's books from the first transaction to the last and check
 * every law: numbers without gaps, entries that add up to zero, each hash
 * from its predecessor and its own canonical form, the chain's head, every
 * balance against its entries, nothing below zero that may not be.
 */
struct audit {
	int64_t		 transactions;	/* found good … */
	int64_t		 entries;	/* … with their entries */
	int64_t		 failed;	/* number of the first bad one, or 0 */
	const char	*finding;	/* what is wrong; NULL: nothing */
	char		 head[65];	/* hash of the last transaction, hex */
};

/* `progress`, if not NULL, is called now and then with how many are done. */
void	audit_verify(struct work *, struct audit *,
	    void (*progress)(int64_t done, int64_t all));

/*
 * Write the books as a journal that hledger and ledger-cli read: one
 * transaction a paragraph, its hash as a comment, accounts as "wallet:42".
 * It stops at the first transaction that is not good, and says so in `audit`.
 */
void	audit_export(struct work *, FILE *, struct audit *,
	    void (*progress)(int64_t done, int64_t all));

#endif
