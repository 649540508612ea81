/*
 * chain: each transaction's hash covers its own canonical form and the hash
 * before it, so that whoever knows the last one can tell any later change.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "lib/ledger/chain.h"

/* A line is two numbers of at most 20 digits and a word of at most 16. */
#define LINE 64

void
chain_head(struct work *w, struct chain *head)
{
	struct query	*q;
	const void	*hash;
	size_t		 size;

	memset(head, 0, sizeof(*head));
	q = db_query(w->db, SQL(
	    "SELECT head_number, head_hash FROM tenants WHERE id = ?"));
	db_int(q, w->tenant);
	if (db_next(q)) {
		head->number = db_col_int(q, "head_number");
		hash = db_col_bytes(q, w->arena, "head_hash", &size);
		if (size == sizeof(head->hash))
			memcpy(head->hash, hash, size);
	}
	db_done(q);
}

void
chain_hash(unsigned char out[SHA256_SIZE], const struct chain *before,
    const struct link *l)
{
	char	 text[(LIMIT_POSTINGS + 2) * LINE];
	size_t	 used;

	assert(l->count <= LIMIT_POSTINGS);
	used = (size_t)snprintf(text, 2 * LINE,
	    "%" PRId64 "/%" PRId64 " %s %" PRId64 " %" PRId64 "\n",
	    l->tenant, l->number, ledger_transaction_word(l->kind),
	    l->refers, l->made.ms);
	for (size_t i = 0; i < l->count; i++)
		used += (size_t)snprintf(text + used, LINE,
		    "%s:%" PRId64 " %" PRId64 "\n",
		    ledger_account_word(l->postings[i].account.kind),
		    l->postings[i].account.owner, l->postings[i].change);

	hmac_sha256_pieces(out, (struct piece[]){
	    { before->hash, sizeof(before->hash) }, { text, used } }, 2);
}
