/*
 * submit: from what was done to tokens in wallets.
 *
 * First everything is looked at, and nothing written but what has expired
 * anyway: was it said before, what is it worth, who pays, who gets it.  Only
 * then are users made, debts paid, tokens moved and the action recorded.
 */
#include <assert.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/action.h"
#include "lib/giving/action_row.h"
#include "lib/giving/debt.h"
#include "lib/giving/failure.h"
#include "lib/giving/lot.h"
#include "lib/giving/pool.h"
#include "lib/giving/pool_balance.h"
#include "lib/giving/submit.h"
#include "lib/giving/word.h"
#include "lib/giving/worth.h"
#include "lib/hooks/outbox.h"
#include "lib/ledger/ledger.h"

/* What was found out before the first write. */
struct plan {
	const struct submit	*in;
	int64_t			 digest;
	struct pool		 pool;
	struct worth		 worth;
	struct tokens		 shares[LIMIT_STAKEHOLDERS];
	struct user		 users[LIMIT_STAKEHOLDERS];
};

/* A partner's id that was learned since is no part of the first answer. */
static void
unlearn(struct action *a)
{
	struct share	*shares = a->shares.items;

	for (size_t i = 0; i < a->shares.count; i++)
		if (shares[i].named_at.ms > a->created_at.ms)
			shares[i].external_id = NULL;
}

/* Said before?  Then *out is the first answer, as it was given then. */
static bool
said_before(struct work *w, const struct submit *in, int64_t digest,
    struct action *out)
{
	struct query	*q;
	bool		 found, same = false;

	q = db_query(w->db, SQL(
	    "SELECT " ACTION_COLUMNS " FROM actions"
	    " WHERE tenant = ? AND idempotency_key = ?"));
	db_int(q, w->tenant);
	db_text(q, in->key);
	found = db_next(q);
	if (found) {
		same = db_col_int(q, "digest") == digest;
		action_row_read(w, q, out);
	}
	db_done(q);
	if (!found)
		return false;

	action_row_complete(w, out);
	unlearn(out);
	out->status = action_statuses[0];
	out->code = "IDEMPOTENT";
	out->body_matches = same ? YES : NO;

	return true;
}

static const struct stakeholder *
holder(const struct submit *in, size_t i)
{
	return (const struct stakeholder *)in->stakeholders.items + i;
}

/* Everyone must be known, or new and welcome. */
static enum err
look_up(struct work *w, struct plan *p)
{
	const struct submit	*in = p->in;
	enum err		 e, first = OK;

	for (size_t i = 0; i < in->stakeholders.count; i++) {
		e = user_find(w, &holder(in, i)->user, &p->users[i]);
		if (e == ERR_USER_NOT_FOUND && in->create_users)
			e = OK;
		if (e == ERR_USER_NOT_FOUND)
			faults_add(w->faults, arena_printf(w->arena,
			    "/stakeholders/%zu", i), "No such user: create"
			    " them, or send autoCreateUsers: true.");
		if (e == ERR_USER_CONFLICT)
			faults_add(w->faults, arena_printf(w->arena,
			    "/stakeholders/%zu/userEmail", i), "It is the"
			    " e-mail of another user.");
		if (first == OK)
			first = e;
	}

	return first;
}

/* Each must say who it is. */
static void
check_names(struct work *w, const struct submit *in)
{
	for (size_t i = 0; i < in->stakeholders.count; i++)
		if (holder(in, i)->user.external_id == NULL &&
		    holder(in, i)->user.email == NULL)
			faults_add(w->faults, arena_printf(w->arena,
			    "/stakeholders/%zu", i), "Give partnerUserId,"
			    " userEmail, or both.");
}

static void
split(struct plan *p)
{
	int64_t	 weights[LIMIT_STAKEHOLDERS];
	size_t	 n = p->in->stakeholders.count;

	assert(n >= 1 && n <= LIMIT_STAKEHOLDERS);
	for (size_t i = 0; i < n; i++)
		weights[i] = 1;
	tokens_split(p->worth.reward, weights, p->shares, n);
}

static enum err
find_pool(struct work *w, struct plan *p)
{
	enum err	 e = pool_find(w, p->in->pool, &p->pool);

	if (e == OK && !pool_pays_for(&p->pool, p->in->action_type))
		e = ERR_POOL_NOT_ELIGIBLE;

	return e;
}

/* What expired of those who are known may go back to this very pool. */
static void
sweep(struct work *w, struct plan *p)
{
	bool	 any = false;

	for (size_t i = 0; i < p->in->stakeholders.count; i++)
		if (p->users[i].number != 0 &&
		    lot_sweep(w, p->users[i].number))
			any = true;
	if (any)
		p->pool.available = ledger_balance(w,
		    (struct account){ ACCOUNT_POOL, p->pool.number });
}

/* All that can be known before anything is written. */
static enum err
look(struct work *w, struct plan *p)
{
	enum err	 e;

	check_names(w, p->in);
	e = worth_of(w, p->in, &p->worth);
	if (e == OK)
		e = find_pool(w, p);
	if (e == OK)
		e = look_up(w, p);
	if (e == OK)
		sweep(w, p);
	if (e == OK && tokens_less(p->pool.available, p->worth.reward))
		e = failure_short(w, p->in, &p->pool, p->worth.reward);

	return e;
}

/* Two new users of one request may still be at odds: then none is made. */
static enum err
make_users(struct work *w, struct plan *p)
{
	enum err	 e = OK;
	size_t		 i;

	for (i = 0; i < p->in->stakeholders.count && e == OK; i++) {
		const struct user_name	*n = &holder(p->in, i)->user;
		struct user		*u = &p->users[i];

		if (u->number == 0 || !user_tells_nothing(u, n))
			e = user_ensure(w, n, u);
	}
	if (e == ERR_USER_CONFLICT)
		faults_add(w->faults, arena_printf(w->arena,
		    "/stakeholders/%zu/userEmail", i - 1), "It is the"
		    " e-mail of another stakeholder.");

	return e;
}

static void
write_action(struct work *w, const struct plan *p, int64_t number,
    int64_t transaction)
{
	const struct submit	*in = p->in;
	int64_t			 type = word_number(w, in->action_type);
	struct query		*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO actions (tenant, id, idempotency_key, digest,"
	    " type, amount, currency, pool, tokens, number,"
	    " occurred_at, created_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, number);
	db_text(q, in->key);
	db_int(q, p->digest);
	db_int(q, type);
	if (in->amount.said)
		db_int(q, p->worth.minor);
	else
		db_null(q);
	db_text(q, in->currency);
	db_int(q, p->pool.number);
	db_int(q, p->worth.reward.units);
	if (transaction != 0)
		db_int(q, transaction);
	else
		db_null(q);
	if (in->occurred_at.ms != 0)
		db_int(q, in->occurred_at.ms);
	else
		db_null(q);
	db_int(q, w->now.ms);
	db_run(q);
}

static void
write_metadata(struct work *w, const struct submit *in, int64_t number)
{
	struct query	*q;

	if (in->metadata == NULL)
		return;
	q = db_query(w->db, SQL(
	    "INSERT INTO action_metadata (tenant, action, metadata)"
	    " VALUES (?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, number);
	db_text(q, in->metadata);
	db_run(q);
}

static void
write_share(struct work *w, int64_t action, size_t place,
    const struct share *s)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO shares"
	    " (tenant, action, place, role, user, tokens, debt_offset)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, action);
	db_int(q, (int64_t)place);
	db_text(q, s->role);
	db_int(q, s->user);
	db_int(q, s->tokens.units);
	db_int(q, s->debt_offset.units);
	db_run(q);
}

/* What the caller is told: what was just written, not read again. */
static void
describe(struct work *w, const struct plan *p, int64_t number,
    const struct transaction *t, struct share *shares, struct action *out)
{
	const char	**ids = arena_alloc(w->arena, sizeof(*ids));

	*ids = t->id;
	*out = (struct action){ .number = number, .key = p->in->key,
		.status = action_statuses[0], .tokens = p->worth.reward,
		.transactions = { ids, t->number != 0 },
		.shares = { shares, p->in->stakeholders.count } };
	out->id = id_text(w->arena, ID_ACTION,
	    (struct id){ w->tenant, number, w->now });
	for (size_t i = 0; i < out->shares.count; i++)
		shares[i].transaction =
		    shares[i].tokens.units > 0 ? t->id : NULL;
}

/* Each share into its wallet, less what goes to the debts of its owner. */
static void
distribute(struct work *w, struct plan *p, struct journal *j,
    struct share *shares)
{
	for (size_t i = 0; i < p->in->stakeholders.count; i++) {
		shares[i] = (struct share){ .user = p->users[i].number,
			.role = holder(p->in, i)->role,
			.external_id = p->users[i].external_id,
			.tokens = p->shares[i] };
		if (p->shares[i].units == 0)
			continue;
		ledger_move(j,
		    (struct account){ ACCOUNT_POOL, p->pool.number },
		    (struct account){ ACCOUNT_WALLET, p->users[i].number },
		    p->shares[i]);
		shares[i].debt_offset = debt_pay(w, j, p->users[i].number,
		    p->shares[i]);
	}
}

/* The users, their tokens and the ledger: all of it, or nothing. */
static enum err
give(struct work *w, struct plan *p, struct journal *j,
    struct share *shares, struct transaction *t)
{
	enum err	 e;

	db_mark(w->db);
	e = make_users(w, p);
	if (e == OK) {
		split(p);
		distribute(w, p, j, shares);
		if (j->count > 0)
			e = ledger_post(w, j, t);
	}
	if (e == OK)
		db_keep(w->db);
	else
		db_undo(w->db);

	return e;
}

enum err
submit_action(struct work *w, const struct submit *in, int64_t digest,
    struct action *out)
{
	struct plan		 p = { .in = in, .digest = digest };
	struct journal		 j = { .kind = TRANSACTION_REWARD };
	struct transaction	 t = { 0 };
	struct share		*shares;
	enum err		 e;

	if (said_before(w, in, digest, out))
		return ERR_IDEMPOTENT;
	e = look(w, &p);
	if (e != OK)
		return e;

	shares = arena_array(w->arena, in->stakeholders.count,
	    sizeof(*shares));
	j.refers = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM actions WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));
	e = give(w, &p, &j, shares, &t);
	if (e != OK)
		return e;
	pool_balance_posted(w, &p.pool, &j);
	write_action(w, &p, j.refers, t.number);
	write_metadata(w, in, j.refers);
	for (size_t i = 0; i < in->stakeholders.count; i++) {
		write_share(w, j.refers, i, &shares[i]);
		lot_add(w, &p.pool, j.refers, i, &shares[i]);
	}
	outbox_add(w, EVENT_ACTION_COMPLETED, j.refers, NULL);
	describe(w, &p, j.refers, &t, shares, out);

	return OK;
}
