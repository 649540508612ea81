#ifndef GIVING_USER_ACTIONS_H
#define GIVING_USER_ACTIONS_H

/*
 * Parts of statements that have ?1, the tenant, and ?2, the user.  No table
 * leads from a user to their actions but the ledger: the entries of their
 * wallet do, and where a share left nothing in it, shares_unseen does.
 */
#define USER_REFERRED(transaction_kind) \
	"SELECT t.refers FROM entries e CROSS JOIN transactions t" \
	" WHERE e.tenant = ?1 AND e.kind = 3 AND e.owner = ?2" \
	" AND t.tenant = e.tenant AND t.number = e.number" \
	" AND t.kind = " #transaction_kind
#define USER_ACTIONS \
	"SELECT s.action FROM shares s" \
	" WHERE s.tenant = ?1 AND s.user = ?2 AND s.tokens = s.debt_offset" \
	" UNION " USER_REFERRED(2)

#endif
