/*
 * redemption_read: a redemption as it was made, for who asks again and for
 * who is told of it.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/people/redemption.h"
#include "lib/ledger/ledger.h"

const struct shape redemption_out = SHAPE("RedemptionTold",
    struct redemption,
	{ "transactionId", TEXT(struct redemption, transaction),
	    .about = "the ledger's transaction" },
	{ "type",          TEXT(struct redemption, type),
	    .about = "REDEMPTION" },
	{ "tokens",        TOKENS(struct redemption, tokens),
	    .about = "what was spent" },
	{ "available",     TOKENS(struct redemption, available),
	    .about = "what they could still spend then" },
	{ "externalId",    TEXT(struct redemption, external_id), NULLS,
	    .about = "your own id of the person, or null" },
	{ "redemptionId",  TEXT(struct redemption, id),
	    .about = "our id of the redemption" },
	{ "idempotencyKey", TEXT(struct redemption, key),
	    .about = "as submitted" },
	{ "createdAt",     MOMENT(struct redemption, created_at),
	    .about = "when it was" });

static void
read_row(struct work *w, struct query *q, int64_t number,
    struct redemption *out)
{
	out->type = "REDEMPTION";
	out->created_at.ms = db_col_int(q, "created_at");
	out->id = id_text(w->arena, ID_REDEMPTION,
	    (struct id){ w->tenant, number, out->created_at });
	out->transaction = ledger_id(w, db_col_int(q, "number"),
	    out->created_at);
	out->key = db_col_text(q, w->arena, "idempotency_key");
	/* By the name that they had then. */
	if (db_col_int(q, "named_at") <= out->created_at.ms)
		out->external_id = db_col_text(q, w->arena, "external_id");
	out->tokens.units = db_col_int(q, "tokens");
	out->available.units = db_col_int(q, "available");
}

bool
redemption_numbered(struct work *w, int64_t number, struct redemption *out)
{
	struct query	*q;
	bool		 found;

	memset(out, 0, sizeof(*out));
	q = db_query(w->db, SQL(
	    "SELECT r.idempotency_key, r.tokens, r.number, r.available,"
	    " r.created_at, u.external_id, u.named_at"
	    " FROM redemptions r"
	    " JOIN users u ON u.tenant = r.tenant AND u.id = r.user"
	    " WHERE r.tenant = ? AND r.id = ?"));
	db_int(q, w->tenant);
	db_int(q, number);
	found = db_next(q);
	if (found)
		read_row(w, q, number, out);
	db_done(q);

	return found;
}
