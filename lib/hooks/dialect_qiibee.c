/*
 * The dialect "qiibee": points-exchange webhooks.  Nothing is signed; the
 * receiver's own user name and password come with each, as Basic
 * authorization (RFC 7617).  While they are being changed the new ones are
 * sent, since the header holds one.
 *
 * Points are whole.  `transaction_type` says whether the member's account
 * gets them or gives them back, and in the second case `tx_hash_reverted`
 * names the exchange that is undone; it is null else.  The time is UTC in
 * whole seconds without the letter for it, as receivers of this format read
 * it: 2022-08-19T17:09:44.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/crypto/random.h"
#include "lib/hooks/dialect_row.h"
#include "lib/json/shape.h"

#define PASSWORD_BYTES 24

enum way { CREDIT, DEBIT };

static const char *const ways[] = { "credit", "debit", NULL };

struct points {
	int64_t		 amount;
	const char	*token_name, *token_symbol;
	int		 way;
	const char	*hash, *hash_reverted, *member, *at;
};

static const struct shape points_out = SHAPE("PointsWebhookBody",
    struct points,
	{ "amount", INT(struct points, amount), .about = "whole points" },
	{ "token_name", TEXT(struct points, token_name),
	    .about = "what the points are called" },
	{ "token_symbol", TEXT(struct points, token_symbol),
	    .about = "the same in short" },
	{ "transaction_type", WORD(struct points, way), .words = ways,
	    .about = "whether the member gets them" },
	{ "tx_hash", TEXT(struct points, hash),
	    .about = "of the transaction in the ledger, 64 hex digits" },
	{ "tx_hash_reverted", TEXT(struct points, hash_reverted),
	    .about = "of the exchange that is undone" },
	{ "auth_id", TEXT(struct points, member),
	    .about = "the member, as the programme knows them" },
	{ "timestamp", TEXT(struct points, at), .about = "when, in UTC" });

const char *
dialect_qiibee_body(struct arena *arena, const struct told *t)
{
	const struct told_points	*p = t->points;
	struct points			 out;
	char				*at;

	if (p == NULL || p->hash == NULL || p->member == NULL)
		return NULL;
	at = arena_text(arena, dialect_row_time(arena, p->at));
	at[strcspn(at, "Z")] = '\0';
	out = (struct points){
		.amount = p->amount,
		.token_name = p->token_name != NULL ? p->token_name : "",
		.token_symbol = p->token_symbol != NULL ?
		    p->token_symbol : "",
		.way = p->credit ? CREDIT : DEBIT,
		.hash = p->hash,
		.hash_reverted = p->hash_reverted,
		.member = p->member,
		.at = at,
	};

	return dialect_row_json(arena, &points_out, &out);
}

size_t
dialect_qiibee_sign(struct arena *arena, const struct dialect_seal *seal,
    struct dialect_header headers[DIALECT_HEADERS])
{
	const char	*secret = seal->secrets[0];

	headers[0] = (struct dialect_header){ "Authorization",
	    arena_printf(arena, "Basic %s", encode_base64(arena, secret,
	    strlen(secret))) };

	return 1;
}

const char *
dialect_qiibee_secret(struct arena *arena)
{
	char	 password[2 * PASSWORD_BYTES + 1];

	random_hex(password, PASSWORD_BYTES);

	return arena_printf(arena, "almoner:%s", password);
}
