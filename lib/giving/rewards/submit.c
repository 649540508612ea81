/*
 * submit: from what was done to tokens in wallets.
 *
 * First everything is looked at, and nothing written but what has expired
 * anyway: was it said before, what is it worth, who pays, who gets it.  Only
 * then are users made, debts paid, tokens moved and the action recorded.
 */
#include <assert.h>
#include <string.h>
#include <strings.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/people/debt.h"
#include "lib/giving/people/lot.h"
#include "lib/giving/pools/pool.h"
#include "lib/giving/pools/pool_balance.h"
#include "lib/giving/pools/pool_refill.h"
#include "lib/giving/rewards/action.h"
#include "lib/giving/rewards/action_row.h"
#include "lib/giving/rewards/campaign_match.h"
#include "lib/giving/rewards/campaign_sums.h"
#include "lib/giving/rewards/failure.h"
#include "lib/giving/rewards/submit.h"
#include "lib/giving/rewards/submit_again.h"
#include "lib/giving/rewards/submit_write.h"
#include "lib/giving/rewards/worth.h"
#include "lib/giving/site/tally.h"
#include "lib/giving/site/word.h"
#include "lib/hooks/outbox.h"
#include "lib/ledger/hours.h"
#include "lib/ledger/ledger.h"

/* What was found out before the first write. */
struct plan {
	const struct submit	*in;
	int64_t			 digest;
	struct pool		 pool;
	struct worth		 worth;
	struct campaign_match	 match;
	struct campaign_offer	 offer;	/* its reward, and who gets what */
	struct user		 users[LIMIT_STAKEHOLDERS];
	bool			 owes;		/* one of them does */
};

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

/* One whose place a campaign's may take need not pay for it. */
static enum err
find_pool(struct work *w, struct plan *p)
{
	enum err	 e = pool_find(w, p->in->pool, &p->pool);

	if (e == OK && !p->match.found &&
	    !pool_pays_for(&p->pool, p->in->action_type))
		e = ERR_POOL_NOT_ELIGIBLE;

	return e;
}

/* What is given: by a campaign, out of its own pool, or by the rule. */
static enum err
choose(struct work *w, struct plan *p)
{
	bool		 asked = p->match.found;
	enum err	 e;

	e = campaign_match_ask(w, p->in, &p->worth, p->users,
	    p->in->pool != NULL ? p->pool.number : 0, &p->match, &p->offer);
	if (e != OK || !asked)
		return e;
	if (p->offer.campaign == 0 && !p->worth.ruled)
		return ERR_NO_REWARD_RULE;
	if (p->offer.campaign != 0 && p->offer.pool != p->pool.number)
		e = pool_find(w, pool_id(w, p->offer.pool), &p->pool);
	if (e == OK && !pool_pays_for(&p->pool, p->in->action_type))
		e = ERR_POOL_NOT_ELIGIBLE;

	return e;
}

static struct account
account(const struct plan *p)
{
	return (struct account){ ACCOUNT_POOL, p->pool.number };
}

/* What expired of those who are known may go back to this very pool. */
static void
sweep(struct work *w, struct plan *p)
{
	bool	 any = false;

	for (size_t i = 0; i < p->in->stakeholders.count; i++) {
		if (p->users[i].number == 0)
			continue;
		if (lot_sweep(w, p->users[i].number))
			any = true;
		if (debt_owes(w, p->users[i].number))
			p->owes = true;
	}
	if (any) {
		p->pool.held = ledger_turnover(w, account(p));
		p->pool.available = p->pool.held.balance;
	}
}

/* All that can be known before anything is written. */
static enum err
look(struct work *w, struct plan *p)
{
	enum err	 e, no;

	check_names(w, p->in);
	no = campaign_match_first(w, p->in, &p->match);
	e = worth_of(w, p->in, p->match.found, &p->worth);
	if (e == OK)
		e = no;
	if (e == OK)
		e = find_pool(w, p);
	if (e == OK)
		e = look_up(w, p);
	if (e == OK)
		e = choose(w, p);
	if (e == OK)
		sweep(w, p);
	if (e == OK && tokens_less(p->pool.available, p->offer.reward) &&
	    !pool_refill_short(w, &p->pool, p->offer.reward))
		e = failure_short(w, p->in, &p->pool, p->offer.reward);

	return e;
}

/*
 * Is there anything to write of this one?  Or to look at again: an e-mail
 * that is not their own may by now be another stakeholder's.
 */
static bool
is_news(const struct plan *p, size_t i)
{
	const struct user_name	*n = &holder(p->in, i)->user;
	const struct user	*u = &p->users[i];

	return u->number == 0 || !user_tells_nothing(u, n) ||
	    (n->email != NULL && strcasecmp(n->email, u->email) != 0);
}

static bool
makes_users(const struct plan *p)
{
	for (size_t i = 0; i < p->in->stakeholders.count; i++)
		if (is_news(p, i))
			return true;

	return false;
}

/* Two new users of one request may still be at odds: then none is made. */
static enum err
make_users(struct work *w, struct plan *p)
{
	enum err	 e = OK;
	size_t		 i;

	for (i = 0; i < p->in->stakeholders.count && e == OK; i++)
		if (is_news(p, i))
			e = user_ensure(w, &holder(p->in, i)->user,
			    &p->users[i]);
	if (e == ERR_USER_CONFLICT)
		faults_add(w->faults, arena_printf(w->arena,
		    "/stakeholders/%zu/userEmail", i - 1), "It is the"
		    " e-mail of another stakeholder.");

	return e;
}

static void
write_action(struct work *w, const struct plan *p, int64_t number,
    int64_t type, int64_t transaction)
{
	const struct submit	*in = p->in;
	struct query		*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO actions (tenant, id, idempotency_key, digest,"
	    " type, amount, currency, pool, tokens, number,"
	    " occurred_at, created_at, campaign, multiplier, limits)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	    " nullif(?, 0), nullif(?, 0), ?)"));
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
	db_int(q, p->offer.reward.units);
	if (transaction != 0)
		db_int(q, transaction);
	else
		db_null(q);
	if (in->occurred_at.ms != 0)
		db_int(q, in->occurred_at.ms);
	else
		db_null(q);
	db_int(q, w->now.ms);
	db_int(q, p->offer.campaign);
	db_int(q, p->offer.multiplier);
	db_int(q, p->offer.limits);
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
		.status = action_statuses[0], .tokens = p->offer.reward,
		.transactions = { ids, t->number != 0 },
		.shares = { shares, p->in->stakeholders.count } };
	out->id = id_text(w->arena, ID_ACTION,
	    (struct id){ w->tenant, number, w->now });
	out->campaign = p->offer.id;
	action_row_terms(w, out, p->offer.multiplier, p->offer.limits);
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
			.tokens = p->offer.shares[i] };
		if (shares[i].tokens.units == 0)
			continue;
		ledger_move(j, account(p),
		    (struct account){ ACCOUNT_WALLET, p->users[i].number },
		    shares[i].tokens);
		if (p->owes)
			shares[i].debt_offset = debt_pay(w, j,
			    p->users[i].number, shares[i].tokens);
	}
}

static enum err
move(struct work *w, struct plan *p, struct journal *j,
    struct share *shares, struct transaction *t)
{
	distribute(w, p, j, shares);
	j->known = &p->pool.held;
	j->known_of = account(p);

	return j->count > 0 ? ledger_post(w, j, t) : OK;
}

/*
 * The users, their tokens and the ledger: all of it, or nothing.  Where no
 * user is made and no debt paid, a ledger that refuses leaves nothing behind.
 */
static enum err
give(struct work *w, struct plan *p, struct journal *j,
    struct share *shares, struct transaction *t)
{
	enum err	 e;

	if (!p->owes && !makes_users(p))
		return move(w, p, j, shares, t);
	db_mark(w->db);
	e = make_users(w, p);
	if (e == OK)
		e = move(w, p, j, shares, t);
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
	int64_t			 type;
	enum err		 e;

	if (submit_again(w, in, digest, out))
		return ERR_IDEMPOTENT;
	e = look(w, &p);
	if (e != OK)
		return e;

	shares = arena_array(w->arena, in->stakeholders.count,
	    sizeof(*shares));
	j.refers = hours_next(w, HOURS_ACTIONS, SQL(
	    "SELECT id AS number, created_at FROM actions"
	    " WHERE tenant = ? ORDER BY id DESC LIMIT 1"));
	e = give(w, &p, &j, shares, &t);
	if (e != OK)
		return e;
	pool_balance_posted(w, &p.pool, &j);
	type = word_number(w, in->action_type);
	write_action(w, &p, j.refers, type, t.number);
	submit_write_metadata(w, in, j.refers);
	for (size_t i = 0; i < in->stakeholders.count; i++) {
		submit_write_share(w, j.refers, i, &shares[i]);
		lot_add(w, &p.pool, &(struct lot_made){ j.refers,
		    shares[i].user, i, { shares[i].tokens.units -
		    shares[i].debt_offset.units } });
	}
	tally_add(w, &(struct tally){ .actions = 1,
	    .tokens = p.offer.reward.units });
	campaign_sums_spend(w, &p.offer, type, shares,
	    in->stakeholders.count);
	outbox_add(w, EVENT_ACTION_COMPLETED, j.refers, NULL);
	describe(w, &p, j.refers, &t, shares, out);

	return OK;
}
