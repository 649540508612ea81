/*
 * redemption: a user spends tokens.
 */
#include <inttypes.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/people/lot.h"
#include "lib/giving/people/redemption.h"
#include "lib/giving/people/user.h"
#include "lib/giving/site/said.h"
#include "lib/hooks/outbox.h"
#include "lib/ledger/ledger.h"

static const char *
public_id(struct work *w, int64_t number, struct moment made)
{
	return id_text(w->arena, ID_REDEMPTION,
	    (struct id){ w->tenant, number, made });
}

static bool
made_before(struct work *w, const struct redeem *in, int64_t digest,
    struct redemption *out)
{
	enum maybe	 same = UNSAID;
	int64_t		 number;

	memset(out, 0, sizeof(*out));
	number = said_before(w, SQL(
	    "SELECT id, digest FROM redemptions"
	    " WHERE tenant = ? AND idempotency_key = ?"), in->key, digest,
	    &same);
	if (number == 0 || !redemption_numbered(w, number, out))
		return false;
	out->code = "IDEMPOTENT";
	out->body_matches = same;

	return true;
}

static void
record(struct work *w, const struct redeem *in, int64_t digest,
    const struct user *u, int64_t number, int64_t transaction,
    struct tokens available)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO redemptions (tenant, id, idempotency_key, digest,"
	    " user, tokens, reason, number, available, created_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, number);
	db_text(q, in->key);
	db_int(q, digest);
	db_int(q, u->number);
	db_int(q, in->tokens.units);
	db_text(q, in->reason);
	db_int(q, transaction);
	db_int(q, available.units);
	db_int(q, w->now.ms);
	db_run(q);
}

/* With the numbers, so that less can be asked for. */
static enum err
refuse(struct work *w, struct tokens held, struct tokens needed)
{
	struct shortage	*s = arena_alloc(w->arena, sizeof(*s));

	*s = (struct shortage){ held.units, needed.units };
	w->shortage = s;
	w->detail = arena_printf(w->arena, "The user has %" PRId64
	    " tokens available and this needs %" PRId64 ".",
	    held.units, needed.units);

	return ERR_INSUFFICIENT_BALANCE;
}

enum err
redemption_make(struct work *w, const struct redeem *in, int64_t digest,
    struct redemption *out)
{
	struct journal		 j = { .kind = TRANSACTION_REDEMPTION };
	struct transaction	 t;
	struct account		 wallet = { ACCOUNT_WALLET, 0 };
	struct tokens		 held;
	struct user		 u;
	enum err		 e;

	if (made_before(w, in, digest, out))
		return ERR_IDEMPOTENT;
	e = user_named(w, in->user, &u);
	if (e != OK)
		return e;
	wallet.owner = u.number;
	(void)lot_sweep(w, u.number);
	held = lot_available(w, u.number, ledger_balance(w, wallet));
	if (tokens_less(held, in->tokens))
		return refuse(w, held, in->tokens);

	j.refers = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM redemptions WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));
	ledger_move(&j, wallet,
	    (struct account){ ACCOUNT_SPENT, u.number }, in->tokens);
	e = ledger_post(w, &j, &t);
	if (e != OK)
		return e;
	lot_spend(w, u.number, in->tokens);
	held.units -= in->tokens.units;
	record(w, in, digest, &u, j.refers, t.number, held);
	outbox_add(w, EVENT_TRANSACTION_COMPLETED, t.number, NULL);
	*out = (struct redemption){ .id = public_id(w, j.refers, w->now),
		.key = in->key, .transaction = t.id,
		.external_id = u.external_id, .tokens = in->tokens,
		.available = held, .created_at = w->now };

	return OK;
}
