/*
 * donation_create: from what a page asks for to a row that can be paid.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/email.h"
#include "lib/base/limits.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/donations/appeal.h"
#include "lib/giving/donations/donation.h"
#include "lib/giving/donations/donation_row.h"
#include "lib/giving/donations/donation_url.h"
#include "lib/giving/donations/rate.h"

/* What the partner lets its pages do. */
struct allowed {
	bool		 tip, test;
	const char	*currencies, *hosts;	/* spaces between them */
};

static struct allowed
read_allowed(struct work *w)
{
	struct allowed	 a = { false, false, "", "" };
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT p.tip_enabled, p.currencies, p.return_hosts, t.side"
	    " FROM tenants t JOIN partners p ON p.id = t.partner"
	    " WHERE t.id = ?"));
	db_int(q, w->tenant);
	if (db_next(q)) {
		a.tip = db_col_int(q, "tip_enabled") != 0;
		a.test = db_col_text(q, w->arena, "side")[0] == 't';
		a.currencies = db_col_text(q, w->arena, "currencies");
		a.hosts = db_col_text(q, w->arena, "return_hosts");
	}
	db_done(q);

	return a;
}

static bool
has_word(const char *words, const char *word)
{
	size_t	 size = strlen(word), n;

	for (; *words != '\0'; words += n, words += *words == ' ') {
		n = strcspn(words, " ");
		if (n == size && memcmp(words, word, n) == 0)
			return true;
	}

	return false;
}

/* In minor units, so in a currency of three digits ten times as many. */
int64_t
donation_least(const struct currency *c)
{
	return c->exponent > 2 ? LIMIT_GIFT_MIN * 10 : LIMIT_GIFT_MIN;
}

static void
check_amount(struct work *w, const struct donation_wish *in,
    const struct allowed *a)
{
	const struct currency	*c = money_currency(in->currency);

	if (c == NULL || !has_word(a->currencies, in->currency)) {
		faults_add(w->faults, "/currency", "Not one of the partner's"
		    " currencies: %s.", a->currencies);
		return;
	}
	if (in->amount < donation_least(c))
		faults_add(w->faults, "/amount", "At least %lld: it is in"
		    " minor units, and %s has %d digits after the point.",
		    (long long)donation_least(c), c->code, c->exponent);
}

int64_t
donation_tip(int64_t amount, int64_t percent)
{
	return (amount * percent + 50) / 100;
}

/* The tip in minor units; -1 with a fault if it may not be. */
static int64_t
tip_of(struct work *w, const struct donation_wish *in,
    const struct allowed *a)
{
	if (in->tip_amount > 0 && in->tip_percent > 0) {
		faults_add(w->faults, "/tipPercent",
		    "Give tipAmount or tipPercent, not both.");
		return -1;
	}
	if ((in->tip_amount > 0 || in->tip_percent > 0) && !a->tip) {
		faults_add(w->faults, in->tip_amount > 0 ? "/tipAmount" :
		    "/tipPercent", "This partner asks for no tip.");
		return -1;
	}
	if (in->tip_percent > 0)
		return donation_tip(in->amount, in->tip_percent);

	return in->tip_amount > 0 ? in->tip_amount : 0;
}

static void
check_urls(struct work *w, const struct donation_wish *in,
    const struct allowed *a)
{
	static const char	 says[] = "Must be https:// to a host that"
	    " the partner has listed; ask the administrator to list it.";

	if (in->success_url != NULL &&
	    !donation_url_good(in->success_url, a->hosts, a->test))
		faults_add(w->faults, "/successUrl", says);
	if (in->cancel_url != NULL &&
	    !donation_url_good(in->cancel_url, a->hosts, a->test))
		faults_add(w->faults, "/cancelUrl", says);
}

static void
check_appeal(struct work *w, const struct donation_wish *in)
{
	if (in->appeal == 0 && in->fundraiser != 0)
		faults_add(w->faults, "/fundraiserId",
		    "A fundraiser collects for an appeal: name it in"
		    " appealId.");
	if (in->appeal == 0 && in->perk != NULL)
		faults_add(w->faults, "/perk",
		    "A perk is of an appeal: name it in appealId.");
}

/* The appeal must be for this nonprofit; its perk is taken at once. */
static enum err
take_perk(struct work *w, const struct donation_wish *in,
    const struct appeal *a)
{
	const struct donation_perk	*want = in->perk;
	struct appeal_choice		 choice = { in->appeal, want->id,
		want->times, 0, a->currency };
	struct appeal_perk		 perk;
	enum err			 e;

	e = rate_exchange(w, (struct rate_sum){ in->amount,
	    money_currency(in->currency) }, a->currency, w->now,
	    &choice.amount);

	return e == OK ? appeal_perk_reserve(w, &choice, &perk) : e;
}

static enum err
join_appeal(struct work *w, const struct donation_wish *in,
    const struct nonprofit *to)
{
	struct appeal_fundraiser	 f;
	struct appeal			 a;
	enum err			 e;
	int64_t				 sum;

	if (in->appeal == 0)
		return OK;
	e = appeal_find(w, in->appeal, &a);
	if (e == OK && a.nonprofit != to->number) {
		faults_add(w->faults, "/appealId",
		    "That appeal collects for another nonprofit: %s.",
		    a.nonprofit_slug);
		e = ERR_INVALID_REQUEST;
	}
	if (e == OK && in->fundraiser != 0)
		e = appeal_fundraiser_find(w, in->appeal, in->fundraiser,
		    &f);
	/* Without a rate it could not be counted when it is paid. */
	if (e == OK)
		e = rate_exchange(w, (struct rate_sum){ in->amount,
		    money_currency(in->currency) }, a.currency, w->now,
		    &sum);
	if (e == OK && in->perk != NULL)
		e = take_perk(w, in, &a);

	return e;
}

static void
maybe_int(struct query *q, int64_t n)
{
	if (n != 0)
		db_int(q, n);
	else
		db_null(q);
}

static void
bind_donor(struct work *w, struct query *q, const struct donation_wish *in)
{
	/* As users have it, so that both are one when they are erased. */
	db_text(q, in->email == NULL ? NULL :
	    email_fold(w->arena, in->email));
	db_text(q, in->first_name);
	db_text(q, in->last_name);
	db_text(q, in->external_id);
	db_text(q, in->address);
	db_text(q, in->phone);
	db_int(q, in->visibility == 1);
	db_int(q, in->subscribe);
	db_text(q, in->referral_code);
}

/* What the wish does not say of the new row. */
struct fresh {
	int64_t			number, nonprofit, tip;
	enum provider_name	played;
};

static void
insert(struct work *w, const struct donation_wish *in,
    const struct fresh *f)
{
	const struct donation_perk	*perk = in->perk;
	struct query			*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO donations (tenant, id, nonprofit, provider,"
	    " frequency, currency, amount, tip, email, first_name,"
	    " last_name, external_id, address, phone, anonymous, subscribed,"
	    " referral_code, appeal, fundraiser, perk, perk_times,"
	    " perk_answer, metadata, success_url, cancel_url, created_at,"
	    " expires_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	    " ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, f->number);
	db_int(q, f->nonprofit);
	db_int(q, f->played);
	db_int(q, in->frequency >= 0 ? in->frequency + 1 : DONATION_ONCE);
	db_text(q, in->currency);
	db_int(q, in->amount);
	db_int(q, f->tip);
	bind_donor(w, q, in);
	maybe_int(q, in->appeal);
	maybe_int(q, in->fundraiser);
	maybe_int(q, perk != NULL ? perk->id : 0);
	db_int(q, perk != NULL ? perk->times : 0);
	db_text(q, perk != NULL ? perk->answer : NULL);
	db_text(q, in->metadata);
	db_text(q, in->success_url);
	db_text(q, in->cancel_url);
	db_int(q, w->now.ms);
	db_int(q, w->now.ms + LIMIT_LINK_S * 1000LL);
	db_run(q);
}

enum err
donation_create(struct work *w, const struct donation_wish *in,
    enum provider_name played, struct donation *out)
{
	struct allowed		 a = read_allowed(w);
	struct fresh		 f = { .played = played };
	struct nonprofit	 to;
	enum err		 e;

	check_amount(w, in, &a);
	f.tip = tip_of(w, in, &a);
	check_urls(w, in, &a);
	check_appeal(w, in);
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;
	e = nonprofit_receiver(w, in->nonprofit, &to);
	if (e == OK)
		e = join_appeal(w, in, &to);
	if (e != OK)
		return e;
	f.nonprofit = to.number;
	f.number = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM donations WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));
	insert(w, in, &f);

	return donation_numbered(w, f.number, out) ? OK : ERR_INTERNAL;
}

void
donation_linked(struct work *w, const struct donation *d, const char *link,
    const char *session)
{
	struct query	*q;

	q = db_query(w->db, SQL("UPDATE donations SET link = ?, session = ?"
	    " WHERE tenant = ? AND id = ?"));
	db_text(q, link);
	db_text(q, session);
	db_int(q, w->tenant);
	db_int(q, d->number);
	db_run(q);
}
