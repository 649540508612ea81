/*
 * reversal: taking back what an action gave.
 *
 * A share's part is reckoned from the sum of all portions so far, so that
 * three thirds take back exactly the whole, whatever was rounded between.  It
 * comes out of the share's own lot if it has one, even before that vests, and
 * then out of what its user could spend, but not out of other rewards that
 * are still pending.  What expired has come back already.
 */
#include <inttypes.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/money.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/people/debt.h"
#include "lib/giving/people/lot.h"
#include "lib/giving/rewards/action.h"
#include "lib/giving/rewards/action_row.h"
#include "lib/giving/rewards/campaign_sums.h"
#include "lib/giving/rewards/reversal.h"
#include "lib/giving/site/said.h"
#include "lib/giving/site/tally.h"
#include "lib/hooks/outbox.h"
#include "lib/ledger/ledger.h"

static bool
made_before(struct work *w, const struct reverse *in, int64_t digest,
    struct reversal *out)
{
	enum maybe	 same = UNSAID;
	int64_t		 number;

	memset(out, 0, sizeof(*out));
	number = said_before(w, SQL(
	    "SELECT id, digest FROM reversals"
	    " WHERE tenant = ? AND idempotency_key = ?"), in->key, digest,
	    &same);
	if (number == 0 || !reversal_numbered(w, number, out))
		return false;
	out->code = "IDEMPOTENT";
	out->body_matches = same;

	return true;
}

/* The portion that is meant, in parts of a million, if that much is left. */
static enum err
read_portion(struct work *w, const struct reverse *in,
    const struct action *a, int64_t *portion)
{
	*portion = WHOLE_ACTION;
	if (in->percent.said && (!money_scaled(in->percent, 4, portion) ||
	    *portion < 1 || *portion > WHOLE_ACTION)) {
		faults_add(w->faults, "/reversalPercentage", "Above 0, at"
		    " most 100, with at most four digits after the point.");
		return ERR_INVALID_REQUEST;
	}
	if (a->reversed + *portion > WHOLE_ACTION) {
		w->detail = arena_printf(w->arena, "%" PRId64 ".%04" PRId64
		    " %% of this action was taken back already: ask for no"
		    " more than is left.", a->reversed / 10000,
		    a->reversed % 10000);
		return ERR_ALREADY_REVERSED;
	}

	return OK;
}

/* What the wallet has left beside what this journal already takes. */
static struct tokens
left_in_wallet(struct work *w, const struct journal *j, int64_t user)
{
	struct tokens	 held;

	held = ledger_balance(w, (struct account){ ACCOUNT_WALLET, user });
	for (size_t i = 0; i < j->count; i++)
		if (j->postings[i].account.kind == ACCOUNT_WALLET &&
		    j->postings[i].account.owner == user)
			held.units += j->postings[i].change;

	return held;
}

/* How much of `wanted` the user can give back beside the share's own lot. */
static struct tokens
take_free(struct work *w, const struct journal *j, int64_t user,
    struct tokens wanted, struct tokens own)
{
	struct tokens	 held = left_in_wallet(w, j, user);

	held.units -= own.units;
	held = tokens_min(wanted, lot_available(w, user, held));
	lot_spend(w, user, held);

	return held;
}

/* Take a share's part back, and note as debt what is not there. */
static struct clawback
claw(struct work *w, struct journal *j, const struct action *a, size_t place,
    int64_t portion)
{
	const struct share	*s = (const struct share *)a->shares.items +
	    place;
	struct clawback		 c = { .role = s->role };
	struct lot_return	 own;

	c.expected.units =
	    tokens_part(s->tokens, a->reversed + portion,
	    WHOLE_ACTION).units -
	    tokens_part(s->tokens, a->reversed, WHOLE_ACTION).units;
	own = lot_take_back(w, a->number, place, c.expected);
	c.expected.units -= own.expired.units;
	c.debt.units = c.expected.units - own.taken.units;
	c.debt.units -= take_free(w, j, s->user, c.debt, own.taken).units;
	c.clawed_back.units = c.expected.units - c.debt.units;
	if (c.clawed_back.units > 0)
		ledger_move(j,
		    (struct account){ ACCOUNT_WALLET, s->user },
		    (struct account){ ACCOUNT_POOL, a->pool_number },
		    c.clawed_back);
	if (c.debt.units > 0)
		debt_add(w, j, s->user, a->pool_number, j->refers, c.debt);

	return c;
}

static void
write_share(struct work *w, int64_t reversal, size_t place,
    const struct clawback *c)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO reversal_shares"
	    " (tenant, reversal, place, expected, debt)"
	    " VALUES (?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, reversal);
	db_int(q, (int64_t)place);
	db_int(q, c->expected.units);
	db_int(q, c->debt.units);
	db_run(q);
}

static void
write_reversal(struct work *w, int64_t number, const struct action *a,
    const struct reverse *in, int64_t portion, int64_t digest,
    const struct reversal *out, int64_t transaction)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO reversals (tenant, id, idempotency_key, digest,"
	    " action, portion, reason, clawed_back, number, created_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, number);
	db_text(q, in->key);
	db_int(q, digest);
	db_int(q, a->number);
	db_int(q, portion);
	db_text(q, in->reason);
	db_int(q, out->clawed_back.units);
	if (transaction != 0)
		db_int(q, transaction);
	else
		db_null(q);
	db_int(q, w->now.ms);
	db_run(q);

	q = db_query(w->db, SQL(
	    "UPDATE actions SET reversed = reversed + ?"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, portion);
	db_int(q, w->tenant);
	db_int(q, a->number);
	db_run(q);
}

/* Sweep, claw every share, and add up. */
static void
claw_all(struct work *w, struct journal *j, const struct action *a,
    int64_t portion, struct reversal *out)
{
	const struct share	*from = a->shares.items;
	struct clawback		*shares;

	shares = arena_array(w->arena, a->shares.count, sizeof(*shares));
	for (size_t i = 0; i < a->shares.count; i++)
		(void)lot_sweep(w, from[i].user);
	for (size_t i = 0; i < a->shares.count; i++) {
		shares[i] = claw(w, j, a, i, portion);
		out->clawed_back.units += shares[i].clawed_back.units;
		out->debts += shares[i].debt.units > 0;
		write_share(w, j->refers, i, &shares[i]);
	}
	out->shares = (struct list){ shares, a->shares.count };
}

enum err
reversal_make(struct work *w, const struct reverse *in, int64_t digest,
    struct reversal *out)
{
	struct journal		 j = { .kind = TRANSACTION_REVERSAL };
	struct transaction	 t = { 0 };
	struct action		 a;
	int64_t			 portion;
	enum err		 e;

	if (made_before(w, in, digest, out))
		return ERR_IDEMPOTENT;
	e = action_find(w, in->action, &a);
	if (e == OK)
		e = read_portion(w, in, &a, &portion);
	if (e != OK)
		return e;

	j.refers = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM reversals WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));
	db_mark(w->db);
	claw_all(w, &j, &a, portion, out);
	if (j.count > 0)
		e = ledger_post(w, &j, &t);
	if (e != OK) {
		db_undo(w->db);
		return e;
	}
	db_keep(w->db);
	write_reversal(w, j.refers, &a, in, portion, digest, out, t.number);
	tally_add(w, &(struct tally){ .reversals = 1,
	    .clawed_back = out->clawed_back.units });
	campaign_sums_return(w, &a, portion);
	outbox_add(w, EVENT_ACTION_REVERSED, j.refers, NULL);

	out->id = id_text(w->arena, ID_REVERSAL,
	    (struct id){ w->tenant, j.refers, w->now });
	out->action = a.id;
	out->key = in->key;
	out->percent = (struct decimal){ portion, 4, true };
	out->transaction = t.id;
	out->created_at = w->now;

	return OK;
}
