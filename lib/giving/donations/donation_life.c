/*
 * donation_life: what becomes of a donation once its donor was sent to pay.
 *
 * Providers tell late, twice, in any order, or never.  So each step looks at
 * where the donation stands, does what is missing, and nothing the second
 * time; and all of it is in the transaction of whoever was told.
 */
#include "lib/base/arena.h"
#include "lib/base/email.h"
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/giving/donations/appeal.h"
#include "lib/giving/donations/donation.h"
#include "lib/giving/donations/donation_back.h"
#include "lib/giving/donations/donation_reward.h"
#include "lib/giving/donations/donation_row.h"
#include "lib/giving/donations/rate.h"
#include "lib/hooks/outbox.h"

static void
set_status(struct work *w, struct donation *d, enum donation_status status)
{
	struct query	*q;

	d->status = status;
	q = db_query(w->db, SQL("UPDATE donations SET status = ?"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, status);
	db_int(q, w->tenant);
	db_int(q, d->number);
	db_run(q);
}

static bool
is_paid(const struct donation *d)
{
	return d->status == DONATION_COMPLETED ||
	    d->status == DONATION_REFUNDED;
}

/* What it is in the appeal's currency on the day that it is paid. */
static void
convert(struct work *w, struct donation *d)
{
	struct appeal	 a;
	struct work	 own = *w;
	struct faults	 faults;

	faults_init(&faults, w->arena);
	own.faults = &faults;
	if (d->appeal == 0 || appeal_find(&own, d->appeal, &a) != OK)
		return;
	if (rate_exchange(&own, (struct rate_sum){ d->amount,
	    money_currency(d->currency) }, a.currency, w->now,
	    &d->converted) != OK)
		d->converted = 0;
	/* Who gives each month is one donor. */
	appeal_count(w, d->appeal, (struct appeal_change){ d->converted,
	    d->iteration == 1 });
}

static const char *
either(const char *ours, const char *theirs)
{
	return ours != NULL ? ours : theirs;
}

/* What the provider knows and we did not. */
static void
learn(struct work *w, struct donation *d, const struct donation_payment *p)
{
	d->reference = p->reference;
	d->subscription = either(d->subscription, p->subscription);
	if (p->amount > 0)
		d->amount = p->amount;
	if (d->forgotten)
		return;
	if (d->email == NULL && p->email != NULL)
		d->email = email_fold(w->arena, p->email);
	d->first_name = either(d->first_name, p->first_name);
	d->last_name = either(d->last_name, p->last_name);
}

static void
write_paid(struct work *w, const struct donation *d)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE donations SET status = 3, reference = ?,"
	    " subscription = ?, email = ?, first_name = ?, last_name = ?,"
	    " amount = ?, converted = ?, perk = nullif(?, 0),"
	    " perk_times = ?, paid_at = ? WHERE tenant = ? AND id = ?"));
	db_text(q, d->reference);
	db_text(q, d->subscription);
	db_text(q, d->email);
	db_text(q, d->first_name);
	db_text(q, d->last_name);
	db_int(q, d->amount);
	if (d->appeal != 0)
		db_int(q, d->converted);
	else
		db_null(q);
	db_int(q, d->perk);
	db_int(q, d->perk_times);
	db_int(q, w->now.ms);
	db_int(q, w->tenant);
	db_int(q, d->number);
	db_run(q);
}

void
donation_confirm(struct work *w, struct donation *d,
    const struct donation_payment *p)
{
	if (is_paid(d))
		return;
	if (d->status == DONATION_EXPIRED || d->status == DONATION_FAILED)
		donation_back_perk(w, d);
	learn(w, d, p);
	convert(w, d);
	write_paid(w, d);
	d->status = DONATION_COMPLETED;
	d->paid_at = w->now;
	outbox_add(w, EVENT_DONATION_PAYMENT_CONFIRMED, d->number, NULL);
	donation_reward(w, d);
	outbox_add(w, EVENT_DONATION_COMPLETED, d->number, NULL);
}

void
donation_process(struct work *w, struct donation *d)
{
	if (d->status == DONATION_PENDING)
		set_status(w, d, DONATION_PROCESSING);
}

void
donation_fail(struct work *w, struct donation *d, enum donation_status as)
{
	if (d->status != DONATION_PENDING &&
	    d->status != DONATION_PROCESSING)
		return;
	set_status(w, d, as);
	if (d->perk != 0)
		appeal_perk_release(w, d->perk, d->perk_times);
	if (as == DONATION_FAILED)
		outbox_add(w, EVENT_DONATION_FAILED, d->number, NULL);
}

/* The number that a subscription's next payment has. */
static int64_t
next_iteration(struct work *w, const struct donation *first)
{
	struct query	*q;
	int64_t		 last = 1;

	q = db_query(w->db, SQL("SELECT iteration FROM donations"
	    " WHERE provider = ? AND subscription = ?"
	    " ORDER BY iteration DESC LIMIT 1"));
	db_int(q, first->provider);
	db_text(q, first->subscription);
	if (db_next(q))
		last = db_col_int(q, "iteration");
	db_done(q);

	return last + 1;
}

/* A row like the first one; a perk thanks but once. */
static void
copy_row(struct work *w, const struct donation *first, int64_t number)
{
	int64_t		 iteration = next_iteration(w, first);
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO donations (tenant, id, nonprofit, provider,"
	    " frequency, currency, amount, tip, email, first_name,"
	    " last_name, external_id, address, phone, anonymous, subscribed,"
	    " referral_code, appeal, fundraiser, metadata, forgotten,"
	    " subscription, first, iteration, created_at, expires_at)"
	    " SELECT tenant, ?, nonprofit, provider, frequency, currency,"
	    " amount, tip, email, first_name, last_name, external_id,"
	    " address, phone, anonymous, subscribed, referral_code, appeal,"
	    " fundraiser, metadata, forgotten, subscription, id, ?, ?, ?"
	    " FROM donations WHERE tenant = ? AND id = ?"));
	db_int(q, number);
	db_int(q, iteration);
	db_int(q, w->now.ms);
	db_int(q, w->now.ms + LIMIT_LINK_S * 1000LL);
	db_int(q, w->tenant);
	db_int(q, first->number);
	db_run(q);
}

void
donation_renew(struct work *w, const struct donation *first,
    const struct donation_payment *p, struct donation *d)
{
	struct donation_side	 side;
	int64_t			 number;

	if (donation_by_reference(w, first->provider, p->reference, &side,
	    &number)) {
		(void)donation_numbered(w, number, d);
		return;
	}
	number = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM donations WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));
	copy_row(w, first, number);
	if (donation_numbered(w, number, d))
		donation_confirm(w, d, p);
}
