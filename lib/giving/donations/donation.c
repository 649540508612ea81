/*
 * donation: gifts of money, found and shown.
 */
#include <stddef.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/donations/donation.h"
#include "lib/giving/donations/donation_row.h"
#include "lib/giving/rewards/action.h"

const char *const donation_status_words[] = { "PENDING", "PROCESSING",
	"COMPLETED", "FAILED", "EXPIRED", "REFUNDED", NULL };
const char *const donation_frequency_words[] = { "once", "weekly",
	"monthly", "yearly", NULL };
const char *const donation_provider_words[] = { "stripe", "every.org",
	"sandbox", NULL };

const char *
donation_provider_word(enum provider_name name)
{
	return donation_provider_words[name - 1];
}

static void
read_donor(struct work *w, struct query *q, struct donation *d)
{
	d->email = db_col_text(q, w->arena, "email");
	d->first_name = db_col_text(q, w->arena, "first_name");
	d->last_name = db_col_text(q, w->arena, "last_name");
	d->external_id = db_col_text(q, w->arena, "external_id");
	d->address = db_col_text(q, w->arena, "address");
	d->phone = db_col_text(q, w->arena, "phone");
	d->anonymous = db_col_int(q, "anonymous") != 0;
	d->subscribed = db_col_int(q, "subscribed") != 0;
	d->referral_code = db_col_text(q, w->arena, "referral_code");
	d->metadata = db_col_text(q, w->arena, "metadata");
	d->forgotten = db_col_int(q, "forgotten") != 0;
}

static void
read_appeal(struct work *w, struct query *q, struct donation *d)
{
	d->appeal = db_col_int(q, "appeal");
	d->fundraiser = db_col_int(q, "fundraiser");
	d->perk = db_col_int(q, "perk");
	d->perk_times = db_col_int(q, "perk_times");
	d->perk_answer = db_col_text(q, w->arena, "perk_answer");
}

static void
read_provider(struct work *w, struct query *q, struct donation *d)
{
	d->success_url = db_col_text(q, w->arena, "success_url");
	d->cancel_url = db_col_text(q, w->arena, "cancel_url");
	d->link = db_col_text(q, w->arena, "link");
	d->session = db_col_text(q, w->arena, "session");
	d->reference = db_col_text(q, w->arena, "reference");
	d->subscription = db_col_text(q, w->arena, "subscription");
	d->first = db_col_int(q, "first");
	d->iteration = db_col_int(q, "iteration");
}

void
donation_row_read(struct work *w, struct query *q, struct donation *d)
{
	*d = (struct donation){ .tenant = w->tenant };
	d->number = db_col_int(q, "id");
	d->status = (enum donation_status)db_col_int(q, "status");
	d->provider = (enum provider_name)db_col_int(q, "provider");
	d->frequency = (enum donation_frequency)db_col_int(q, "frequency");
	d->nonprofit.number = db_col_int(q, "nonprofit");
	d->currency = db_col_text(q, w->arena, "currency");
	d->amount = db_col_int(q, "amount");
	d->tip = db_col_int(q, "tip");
	d->converted = db_col_int(q, "converted");
	d->refunded = db_col_int(q, "refunded");
	d->disputed = db_col_int(q, "disputed");
	d->action = db_col_int(q, "action");
	d->created_at.ms = db_col_int(q, "created_at");
	d->expires_at.ms = db_col_int(q, "expires_at");
	d->paid_at.ms = db_col_int(q, "paid_at");
	read_donor(w, q, d);
	read_appeal(w, q, d);
	read_provider(w, q, d);
	d->id = id_text(w->arena, ID_DONATION,
	    (struct id){ w->tenant, d->number, d->created_at });
}

void
donation_row_complete(struct work *w, struct donation *d)
{
	struct action	 a;

	nonprofit_read(w, d->nonprofit.number, &d->nonprofit);
	if (d->action != 0 && action_numbered(w, d->action, &a))
		d->tokens = a.tokens;
}

bool
donation_numbered(struct work *w, int64_t number, struct donation *d)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL("SELECT " DONATION_COLUMNS " FROM donations"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, number);
	found = db_next(q);
	if (found)
		donation_row_read(w, q, d);
	db_done(q);
	if (found)
		donation_row_complete(w, d);

	return found;
}

enum err
donation_find(struct work *w, const char *id, struct donation *d)
{
	struct id	 key;

	if (!id_read(ID_DONATION, id, &key) || key.tenant != w->tenant ||
	    !donation_numbered(w, key.number, d) ||
	    d->created_at.ms / 1000 != key.made.ms / 1000)
		return ERR_NOT_FOUND;

	return OK;
}

static bool
side(struct work *w, int64_t tenant, struct donation_side *out)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL("SELECT side, ahead FROM tenants"
	    " WHERE id = ? AND side <> 'gone'"));
	db_int(q, tenant);
	found = db_next(q);
	if (found)
		*out = (struct donation_side){ .tenant = tenant,
			.ahead_ms = db_col_int(q, "ahead"),
			.live = db_col_text(q, w->arena, "side")[0] == 'l' };
	db_done(q);

	return found;
}

bool
donation_side(struct work *w, const char *id, struct donation_side *out)
{
	struct id	 key;

	return id != NULL && id_read(ID_DONATION, id, &key) &&
	    side(w, key.tenant, out);
}

/* The donation that a query over all tenants finds, and whose it is. */
static bool
found_by(struct work *w, struct query *q, struct donation_side *out,
    int64_t *number)
{
	int64_t	 tenant = 0;

	if (db_next(q)) {
		tenant = db_col_int(q, "tenant");
		*number = db_col_int(q, "id");
	}
	db_done(q);

	return tenant != 0 && side(w, tenant, out);
}

bool
donation_by_reference(struct work *w, enum provider_name provider,
    const char *reference, struct donation_side *out, int64_t *number)
{
	struct query	*q;

	/* Whose it is is what is asked: every tenant. */
	q = db_query(w->db, SQL("SELECT tenant, id FROM donations"
	    " WHERE provider = ? AND reference = ?"));
	db_int(q, provider);
	db_text(q, reference);

	return found_by(w, q, out, number);
}

bool
donation_by_subscription(struct work *w, enum provider_name provider,
    const char *subscription, struct donation_side *out, int64_t *first)
{
	struct query	*q;

	q = db_query(w->db, SQL("SELECT tenant, id FROM donations"
	    " WHERE provider = ? AND subscription = ? AND iteration = 1"));
	db_int(q, provider);
	db_text(q, subscription);

	return found_by(w, q, out, first);
}

bool
donation_ran_out(const struct work *w, const struct donation *d)
{
	return d->status == DONATION_EXPIRED ||
	    (d->status == DONATION_PENDING &&
	    d->expires_at.ms <= w->now.ms);
}

struct donation_seen
donation_see(struct work *w, const struct donation *d)
{
	struct nonprofit	*n = arena_alloc(w->arena, sizeof(*n));
	enum donation_status	 status = donation_ran_out(w, d) ?
				    DONATION_EXPIRED : d->status;

	*n = d->nonprofit;

	return (struct donation_seen){ d->id,
		donation_status_words[status - 1], d->amount,
		d->currency, d->tokens, n };
}

static const struct shape receiver_out = SHAPE("DonationReceiver",
    struct nonprofit,
	{ "slug", TEXT(struct nonprofit, slug),
	    .about = "its name in addresses" },
	{ "name", TEXT(struct nonprofit, name),
	    .about = "what people call it" });

const struct shape donation_seen_out = SHAPE("DonationStatus",
    struct donation_seen,
	{ "partnerDonationId", TEXT(struct donation_seen, id),
	    .about = "our id of the donation" },
	{ "status",   TEXT(struct donation_seen, status),
	    .about = "PENDING, PROCESSING, COMPLETED, FAILED, EXPIRED or"
	    " REFUNDED" },
	{ "amount",   INT(struct donation_seen, amount),
	    .about = "what is given, in minor units, without the tip" },
	{ "currency", TEXT(struct donation_seen, currency),
	    .about = "its ISO 4217 code" },
	{ "tokensDistributed", TOKENS(struct donation_seen, tokens),
	    .about = "what the donor was rewarded with" },
	{ "nonprofit", OBJECT(struct donation_seen, nonprofit),
	    .each = &receiver_out, .about = "whom it is for" });
