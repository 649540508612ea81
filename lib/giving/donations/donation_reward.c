/*
 * donation_reward: the tokens of a donation, as an action of its donor.
 *
 * The money came in whatever the pool holds, so a reward that is refused is
 * no fault of the donation: it stays due.
 */
#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/giving/donations/donation_reward.h"
#include "lib/giving/donations/donation_row.h"
#include "lib/giving/rewards/reversal.h"
#include "lib/giving/rewards/submit.h"

/* A work for what may be refused without harm: its faults are its own. */
static struct work
aside(struct work *w, struct faults *faults)
{
	struct work	 own = *w;

	faults_init(faults, w->arena);
	own.faults = faults;

	return own;
}

static void
back_from(struct work *w, const struct work *own)
{
	w->told = own->told;
	w->shreds = own->shreds;
	w->keys_changed = own->keys_changed;
}

const char *
donation_reward_key(struct work *w, const struct donation *d,
    const char *what, int64_t place, int64_t sum)
{
	const char	*key = arena_printf(w->arena, "%s:%s:%s", what,
		donation_provider_word(d->provider), d->reference);

	if (place != 0)
		key = arena_printf(w->arena, "%s:again:%lld", key,
		    (long long)place);

	return sum == 0 ? key : arena_printf(w->arena, "%s:%lld", key,
	    (long long)sum);
}

static enum err
submit(struct work *w, const struct donation *d, bool by_email,
    const struct donation_share *share, struct action *a)
{
	struct stakeholder	 donor = { "DONOR", { d->external_id,
		by_email ? d->email : NULL, d->first_name, d->last_name,
		NULL } };
	struct submit		 in = { .action_type = "DONATION",
		.key = share->key, .amount = { share->amount, 0, true },
		.currency = d->currency, .stakeholders = { &donor, 1 },
		.create_users = true };

	in.amount.scale = money_currency(d->currency)->exponent;
	in.metadata = arena_printf(w->arena,
	    "{\"partnerDonationId\":\"%s\"}", d->id);

	return submit_action(w, &in, d->number, a);
}

/* Known donors under two names: the partner's own id of them decides. */
bool
donation_reward_try(struct work *w, const struct donation *d,
    const struct donation_share *share, struct action *a)
{
	struct faults	 faults;
	struct work	 own = aside(w, &faults);
	enum err	 e = submit(&own, d, true, share, a);

	if (e == ERR_USER_CONFLICT && d->external_id != NULL) {
		back_from(w, &own);
		own = aside(w, &faults);
		e = submit(&own, d, false, share, a);
	}
	back_from(w, &own);

	return e == OK || e == ERR_IDEMPOTENT;
}

/* Each try tells that it failed. */
struct moment
donation_reward_later(const struct work *w, const struct donation *d)
{
	int64_t	 wait_ms = (w->now.ms - d->paid_at.ms) / 8;

	if (wait_ms < LIMIT_REWARD_AGAIN_S * 1000LL)
		wait_ms = LIMIT_REWARD_AGAIN_S * 1000LL;

	return (struct moment){ w->now.ms + wait_ms };
}

void
donation_reward(struct work *w, struct donation *d)
{
	struct donation_share	 all = {
		donation_reward_key(w, d, "donation", 0, 0), d->amount };
	struct action		 a;
	struct query		*q;
	bool			 done;

	if (d->action != 0 || (d->email == NULL && d->external_id == NULL))
		return;
	done = donation_reward_try(w, d, &all, &a);
	q = db_query(w->db, SQL("UPDATE donations SET action = ?,"
	    " reward_at = ? WHERE tenant = ? AND id = ?"));
	if (done) {
		d->action = a.number;
		d->tokens = a.tokens;
		db_int(q, a.number);
		db_null(q);
	} else {
		db_null(q);
		db_int(q, donation_reward_later(w, d).ms);
	}
	db_int(q, w->tenant);
	db_int(q, d->number);
	db_run(q);
	if (done && donation_taken(d) > 0)
		donation_reward_back(w, d, donation_taken(d));
}

/* All of it was paid back before it was rewarded: it need not be. */
static void
not_due(struct work *w, const struct donation *d)
{
	struct query	*q;

	q = db_query(w->db, SQL("UPDATE donations SET reward_at = NULL"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, d->number);
	db_run(q);
}

void
donation_reward_take(struct work *w, int64_t action,
    const struct donation_portion *p)
{
	struct action	 a;
	struct reversal	 made;
	struct faults	 faults;
	struct work	 own = aside(w, &faults);
	struct reverse	 in = { .key = p->key,
		.reason = "The donation was refunded" };
	int64_t		 portion;

	if (!action_numbered(w, action, &a))
		return;
	portion = tokens_part((struct tokens){ 1000000 }, p->part,
	    p->whole).units - a.reversed;
	if (portion <= 0)
		return;
	in.action = a.id;
	in.percent = (struct decimal){ portion, 4, true };
	(void)reversal_make(&own, &in, p->part, &made);
	back_from(w, &own);
}

void
donation_reward_back(struct work *w, const struct donation *d, int64_t sum)
{
	int64_t	 whole = d->amount + d->tip;

	if (d->action != 0)
		donation_reward_take(w, d->action, &(struct donation_portion){
		    donation_reward_key(w, d, "refund", 0, sum), sum,
		    whole });
	else if (sum == whole)
		not_due(w, d);
}
