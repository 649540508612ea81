/*
 * chain: each transaction's hash covers its own canonical form and the hash
 * before it, so that whoever knows the last one can tell any later change.
 */
#include <assert.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "lib/ledger/chain.h"

/* A line is two numbers of at most 20 characters and a word; the first line
 * has two numbers more. */
#define WORD 16
#define LINE 64

void
chain_head(struct work *w, struct chain *head)
{
	struct query	*q;
	const void	*hash;
	size_t		 size;

	memset(head, 0, sizeof(*head));
	q = db_query(w->db, SQL(
	    "SELECT head_number, head_hash, head_at FROM tenants"
	    " WHERE id = ?"));
	db_int(q, w->tenant);
	if (db_next(q)) {
		head->number = db_col_int(q, "head_number");
		hash = db_col_bytes(q, w->arena, "head_hash", &size);
		if (size == sizeof(head->hash))
			memcpy(head->hash, hash, size);
		head->made.ms = db_col_int(q, "head_at");
	}
	db_done(q);
}

/* A decimal number and what ends it; the place after. */
static char *
add_number(char *at, int64_t number, char end)
{
	char		 digits[20];
	size_t		 n = 0;
	uint64_t	 rest = number < 0 ? -(uint64_t)number :
	    (uint64_t)number;

	if (number < 0)
		*at++ = '-';
	do
		digits[n++] = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	while (n > 0)
		*at++ = digits[--n];
	*at++ = end;

	return at;
}

static char *
add_word(char *at, const char *word, char end)
{
	size_t	 size = strlen(word);

	assert(size <= WORD);
	memcpy(at, word, size);
	at[size] = end;

	return at + size + 1;
}

void
chain_hash(unsigned char out[SHA256_SIZE], const struct chain *before,
    const struct link *l)
{
	char	 text[(LIMIT_POSTINGS + 2) * LINE], *at = text;

	assert(l->count <= LIMIT_POSTINGS);
	at = add_number(at, l->tenant, '/');
	at = add_number(at, l->number, ' ');
	at = add_word(at, ledger_transaction_word(l->kind), ' ');
	at = add_number(at, l->refers, ' ');
	at = add_number(at, l->made.ms, '\n');
	for (size_t i = 0; i < l->count; i++) {
		at = add_word(at,
		    ledger_account_word(l->postings[i].account.kind), ':');
		at = add_number(at, l->postings[i].account.owner, ' ');
		at = add_number(at, l->postings[i].change, '\n');
	}

	hmac_sha256_pieces(out, (struct piece[]){
	    { before->hash, sizeof(before->hash) },
	    { text, (size_t)(at - text) } }, 2);
}
