/*
 * exchange: a user's tokens become points of another programme.
 *
 * They go from the wallet to the user's exchanged account, and stay there
 * unless the exchange is reverted.  Whoever runs the programme knows the two
 * transactions by their hashes in the ledger's chain.
 */
#include <inttypes.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/exchanges/exchange.h"
#include "lib/giving/exchanges/programme.h"
#include "lib/giving/people/debt.h"
#include "lib/giving/people/lot.h"
#include "lib/giving/people/user.h"
#include "lib/giving/site/said.h"
#include "lib/hooks/outbox.h"
#include "lib/ledger/ledger.h"

/* Has this exchange been asked for before?  As it was told then. */
static bool
made_before(struct work *w, const struct exchange_wish *in, int64_t digest,
    struct exchange *out)
{
	enum maybe	 same = UNSAID;
	int64_t		 number;

	number = said_before(w, SQL(
	    "SELECT id, digest FROM exchanges"
	    " WHERE tenant = ? AND idempotency_key = ?"), in->key, digest,
	    &same);
	if (number == 0 || !exchange_numbered(w, number, out))
		return false;
	out->status = exchange_statuses[0];
	out->revert_transaction = out->revert_hash = NULL;
	out->reverted_at.ms = 0;
	out->debt_offset.units = 0;
	out->code = "IDEMPOTENT";
	out->body_matches = same;

	return true;
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

/* Who exchanges, with whom, and how much that is there. */
struct deal {
	struct programme	programme;
	struct user		user;
	int64_t			points;
};

static enum err
look(struct work *w, const struct exchange_wish *in, struct deal *d)
{
	enum err	 e = programme_find(w, in->programme, &d->programme);

	if (e == OK)
		e = programme_worth(w, &d->programme, in->tokens, &d->points);
	if (e == OK)
		e = user_find(w, &(struct user_name){
		    .external_id = in->external_id }, &d->user);
	if (e == ERR_USER_NOT_FOUND)
		w->detail = "partnerUserId names nobody who is known.";

	return e;
}

/* Out of the wallet; j->refers is the exchange's own number. */
static enum err
take(struct work *w, const struct exchange_wish *in, int64_t user,
    struct journal *j, struct transaction *t)
{
	struct account	 wallet = { ACCOUNT_WALLET, user };
	struct tokens	 held;
	enum err	 e;

	(void)lot_sweep(w, user);
	held = lot_available(w, user, ledger_balance(w, wallet));
	if (tokens_less(held, in->tokens))
		return refuse(w, held, in->tokens);
	ledger_move(j, wallet, (struct account){ ACCOUNT_EXCHANGED, user },
	    in->tokens);
	e = ledger_post(w, j, t);
	if (e == OK)
		lot_spend(w, user, in->tokens);

	return e;
}

static void
record(struct work *w, const struct exchange_wish *in, int64_t digest,
    const struct deal *d, int64_t number, int64_t transaction)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO exchanges (tenant, id, idempotency_key, digest,"
	    " user, programme, member, token_name, token_symbol, tokens,"
	    " points, number, created_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, number);
	db_text(q, in->key);
	db_int(q, digest);
	db_int(q, d->user.number);
	db_text(q, d->programme.code);
	db_text(q, in->member);
	db_text(q, d->programme.token_name);
	db_text(q, d->programme.token_symbol);
	db_int(q, in->tokens.units);
	db_int(q, d->points);
	db_int(q, transaction);
	db_int(q, w->now.ms);
	db_run(q);
}

enum err
exchange_make(struct work *w, const struct exchange_wish *in, int64_t digest,
    struct exchange *out)
{
	struct journal		 j = { .kind = TRANSACTION_EXCHANGE };
	struct transaction	 t;
	struct deal		 d;
	enum err		 e;

	if (made_before(w, in, digest, out))
		return ERR_IDEMPOTENT;
	e = look(w, in, &d);
	if (e != OK)
		return e;
	j.refers = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM exchanges WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));
	e = take(w, in, d.user.number, &j, &t);
	if (e != OK)
		return e;
	record(w, in, digest, &d, j.refers, t.number);
	outbox_add(w, EVENT_EXCHANGE_COMPLETED, j.refers, NULL);

	return exchange_numbered(w, j.refers, out) ? OK : ERR_INTERNAL;
}

/* Has this been taken back before by the same request? */
static bool
reverted_before(struct work *w, const struct exchange_back *in,
    int64_t digest, struct exchange *out)
{
	enum maybe	 same = UNSAID;
	int64_t		 number;

	number = said_before(w, SQL(
	    "SELECT id, revert_digest AS digest FROM exchanges"
	    " WHERE tenant = ? AND revert_key = ?"), in->key, digest, &same);
	if (number == 0 || !exchange_numbered(w, number, out))
		return false;
	out->code = "IDEMPOTENT";
	out->body_matches = same;

	return true;
}

static int64_t
user_of(struct work *w, int64_t exchange)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT user FROM exchanges WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, exchange);

	return db_only_int(q);
}

/* Into the wallet, in no lot; what is owed is paid out of it at once. */
static enum err
give_back(struct work *w, const struct exchange *x, struct transaction *t,
    struct tokens *debt_offset)
{
	struct journal	 j = { .kind = TRANSACTION_EXCHANGE_REVERT,
		.refers = x->number };
	int64_t		 user = user_of(w, x->number);
	enum err	 e;

	(void)lot_sweep(w, user);
	db_mark(w->db);
	ledger_move(&j, (struct account){ ACCOUNT_EXCHANGED, user },
	    (struct account){ ACCOUNT_WALLET, user }, x->tokens);
	*debt_offset = debt_pay(w, &j, user, x->tokens);
	e = ledger_post(w, &j, t);
	if (e == OK)
		db_keep(w->db);
	else
		db_undo(w->db);

	return e;
}

enum err
exchange_revert(struct work *w, const struct exchange_back *in,
    int64_t digest, struct exchange *out)
{
	struct tokens		 debt_offset;
	struct transaction	 t;
	struct query		*q;
	enum err		 e;

	if (reverted_before(w, in, digest, out))
		return ERR_IDEMPOTENT;
	e = exchange_find(w, in->exchange, out);
	if (e != OK)
		return e;
	if (out->reverted_at.ms != 0) {
		w->detail = "This exchange was reverted already.";
		return ERR_ALREADY_REVERSED;
	}
	e = give_back(w, out, &t, &debt_offset);
	if (e != OK)
		return e;
	q = db_query(w->db, SQL(
	    "UPDATE exchanges SET revert_key = ?, revert_digest = ?,"
	    " revert_number = ?, debt_offset = ?, reverted_at = ?"
	    " WHERE tenant = ? AND id = ?"));
	db_text(q, in->key);
	db_int(q, digest);
	db_int(q, t.number);
	db_int(q, debt_offset.units);
	db_int(q, w->now.ms);
	db_int(q, w->tenant);
	db_int(q, out->number);
	db_run(q);
	outbox_add(w, EVENT_EXCHANGE_REVERTED, out->number, NULL);

	return exchange_numbered(w, out->number, out) ? OK : ERR_INTERNAL;
}
