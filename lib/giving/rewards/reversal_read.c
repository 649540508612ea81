/*
 * reversal_read: a reversal as it was made, for who asks again and for who
 * is told of it.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/rewards/reversal.h"
#include "lib/ledger/ledger.h"

const struct shape reversal_share_out = SHAPE("Clawback", struct clawback,
	{ "stakeholderTypeCode", TEXT(struct clawback, role),
	    .about = "their part in the action" },
	{ "expected",   TOKENS(struct clawback, expected),
	    .about = "what should come back from them" },
	{ "clawedBack", TOKENS(struct clawback, clawed_back),
	    .about = "what did" },
	{ "debt",       TOKENS(struct clawback, debt),
	    .about = "what they now owe" });

const struct shape reversal_out = SHAPE("ReversalTold", struct reversal,
	{ "reversalId",   TEXT(struct reversal, id),
	    .about = "our id of the reversal" },
	{ "actionId",     TEXT(struct reversal, action),
	    .about = "the action that was reversed" },
	{ "refundIdempotencyKey", TEXT(struct reversal, key),
	    .about = "as submitted" },
	{ "reversalPercentage", DECIMAL(struct reversal, percent),
	    .about = "how much of the action this took back" },
	{ "reversalTransactionId", TEXT(struct reversal, transaction), NULLS,
	    .about = "the ledger's transaction, or null if nothing moved" },
	{ "tokensClawedBack", TOKENS(struct reversal, clawed_back),
	    .about = "what came back to the pool" },
	{ "debtsCreated", INT(struct reversal, debts),
	    .about = "how many stakeholders now owe" },
	{ "breakdown",    LIST(struct reversal, shares),
	    .each = &reversal_share_out, .about = "who gave what back" },
	{ "createdAt",    MOMENT(struct reversal, created_at),
	    .about = "when it was" });

static void
read_shares(struct work *w, int64_t number, int64_t action,
    struct reversal *out)
{
	struct clawback	*shares;
	struct query	*q;
	size_t		 n = 0;

	shares = arena_array(w->arena, LIMIT_STAKEHOLDERS, sizeof(*shares));
	q = db_query(w->db, SQL(
	    "SELECT (SELECT word FROM words WHERE words.tenant = s.tenant"
	    " AND words.id = s.role) AS role, r.expected, r.debt"
	    " FROM reversal_shares r"
	    " JOIN shares s ON s.tenant = r.tenant AND s.action = ?"
	    " AND s.place = r.place"
	    " WHERE r.tenant = ? AND r.reversal = ? ORDER BY r.place"));
	db_int(q, action);
	db_int(q, w->tenant);
	db_int(q, number);
	for (; n < LIMIT_STAKEHOLDERS && db_next(q); n++) {
		shares[n].role = db_col_text(q, w->arena, "role");
		shares[n].expected.units = db_col_int(q, "expected");
		shares[n].debt.units = db_col_int(q, "debt");
		shares[n].clawed_back.units =
		    shares[n].expected.units - shares[n].debt.units;
		out->debts += shares[n].debt.units > 0;
	}
	db_done(q);
	out->shares = (struct list){ shares, n };
}

/* The row at hand; the number of its action. */
static int64_t
read_row(struct work *w, struct query *q, int64_t number,
    struct reversal *out)
{
	int64_t		 action = db_col_int(q, "action");
	int64_t		 transaction = db_col_int(q, "number");

	out->created_at.ms = db_col_int(q, "created_at");
	out->clawed_back.units = db_col_int(q, "clawed_back");
	out->percent = (struct decimal){
		db_col_int(q, "portion"), 4, true };
	out->key = db_col_text(q, w->arena, "idempotency_key");
	out->id = id_text(w->arena, ID_REVERSAL,
	    (struct id){ w->tenant, number, out->created_at });
	out->action = id_text(w->arena, ID_ACTION, (struct id){ w->tenant,
		action, (struct moment){ db_col_int(q, "acted_at") } });
	if (transaction != 0)
		out->transaction =
		    ledger_id(w, transaction, out->created_at);

	return action;
}

bool
reversal_numbered(struct work *w, int64_t number, struct reversal *out)
{
	struct query	*q;
	int64_t		 action = 0;

	memset(out, 0, sizeof(*out));
	q = db_query(w->db, SQL(
	    "SELECT r.action, r.idempotency_key, r.portion, r.clawed_back,"
	    " r.number, r.created_at, a.created_at AS acted_at"
	    " FROM reversals r"
	    " JOIN actions a ON a.tenant = r.tenant AND a.id = r.action"
	    " WHERE r.tenant = ? AND r.id = ?"));
	db_int(q, w->tenant);
	db_int(q, number);
	if (db_next(q))
		action = read_row(w, q, number, out);
	db_done(q);
	if (action == 0)
		return false;
	read_shares(w, number, action, out);

	return true;
}
