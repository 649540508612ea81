/*
 * action: reading an action back; action_list.c has them by the page.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/money.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/pools/pool.h"
#include "lib/giving/rewards/action.h"
#include "lib/giving/rewards/action_row.h"
#include "lib/giving/rewards/campaign.h"
#include "lib/ledger/ledger.h"

const char *const action_statuses[] = { "COMPLETED", "PARTIALLY_REVERSED",
	"REVERSED", NULL };

static const char *
status(int64_t reversed)
{
	return action_statuses[reversed == 0 ? 0 :
	    reversed < WHOLE_ACTION ? 1 : 2];
}

static struct decimal
amount(struct query *q, const char *currency)
{
	struct decimal	 d = { 0 };

	if (currency != NULL && !db_col_null(q, "amount")) {
		d.said = true;
		d.digits = db_col_int(q, "amount");
		d.scale = money_currency(currency)->exponent;
	}

	return d;
}

/* In the order of the bits of enum campaign_limit. */
static const char *const limit_names[] = { "perAction", "perUser", "perDay",
	"totalBudget" };

#define LIMITS	(sizeof(limit_names) / sizeof(limit_names[0]))

void
action_row_terms(struct work *w, struct action *a, int64_t multiplier,
    int64_t limits)
{
	const char	**names;

	if (multiplier != 0)
		a->multiplier = campaign_terms_decimal(multiplier, 3);
	if (limits == 0)
		return;
	names = arena_array(w->arena, LIMITS, sizeof(*names));
	a->limits.items = names;
	for (size_t i = 0; i < LIMITS; i++)
		if (limits & (1 << i))
			names[a->limits.count++] = limit_names[i];
}

/* One row, without other things' ids, shares and metadata: they come after. */
void
action_row_read(struct work *w, struct query *q, struct action *a)
{
	int64_t		  number = db_col_int(q, "number");
	const char	**ids;

	memset(a, 0, sizeof(*a));
	a->number = db_col_int(q, "id");
	a->created_at.ms = db_col_int(q, "created_at");
	a->occurred_at.ms = db_col_int(q, "occurred_at");
	if (a->occurred_at.ms == 0)
		a->occurred_at = a->created_at;
	a->id = id_text(w->arena, ID_ACTION,
	    (struct id){ w->tenant, a->number, a->created_at });
	a->key = db_col_text(q, w->arena, "idempotency_key");
	a->action_type = db_col_text(q, w->arena, "action_type");
	a->currency = db_col_text(q, w->arena, "currency");
	a->amount = amount(q, a->currency);
	a->tokens.units = db_col_int(q, "tokens");
	a->pool_number = db_col_int(q, "pool");
	a->campaign_number = db_col_int(q, "campaign");
	action_row_terms(w, a, db_col_int(q, "multiplier"),
	    db_col_int(q, "limits"));
	a->reversed = db_col_int(q, "reversed");
	a->reversed_percent = (struct decimal){ a->reversed, 4, true };
	a->status = status(a->reversed);
	if (number != 0) {
		ids = arena_alloc(w->arena, sizeof(*ids));
		*ids = ledger_id(w, number, a->created_at);
		a->transactions = (struct list){ ids, 1 };
	}
}

static void
add_shares(struct work *w, struct action *a)
{
	struct share	*shares;
	struct query	*q;
	size_t		 n = 0;

	shares = arena_array(w->arena, LIMIT_STAKEHOLDERS, sizeof(*shares));
	q = db_query(w->db, SQL(
	    "SELECT (SELECT word FROM words WHERE words.tenant = s.tenant"
	    " AND words.id = s.role) AS role, s.user, s.tokens,"
	    " s.debt_offset, u.external_id, u.named_at FROM shares s"
	    " JOIN users u ON u.tenant = s.tenant AND u.id = s.user"
	    " WHERE s.tenant = ? AND s.action = ? ORDER BY s.place"));
	db_int(q, w->tenant);
	db_int(q, a->number);
	for (; n < LIMIT_STAKEHOLDERS && db_next(q); n++) {
		shares[n].role = db_col_text(q, w->arena, "role");
		shares[n].user = db_col_int(q, "user");
		shares[n].external_id =
		    db_col_text(q, w->arena, "external_id");
		shares[n].named_at.ms = db_col_int(q, "named_at");
		shares[n].tokens.units = db_col_int(q, "tokens");
		shares[n].debt_offset.units = db_col_int(q, "debt_offset");
		if (shares[n].tokens.units > 0)
			shares[n].transaction =
			    *(const char **)a->transactions.items;
	}
	db_done(q);
	a->shares = (struct list){ shares, n };
}

static void
add_metadata(struct work *w, struct action *a)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT metadata FROM action_metadata"
	    " WHERE tenant = ? AND action = ?"));
	db_int(q, w->tenant);
	db_int(q, a->number);
	if (db_next(q))
		a->metadata = db_col_text(q, w->arena, "metadata");
	db_done(q);
}

void
action_row_complete(struct work *w, struct action *a)
{
	add_shares(w, a);
	add_metadata(w, a);
	a->pool = pool_id(w, a->pool_number);
	a->campaign = campaign_id(w, a->campaign_number);
}

/* The row without what stands in other tables. */
static bool
read_one(struct work *w, int64_t number, struct action *a)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL(
	    "SELECT " ACTION_COLUMNS " FROM actions"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, number);
	found = db_next(q);
	if (found)
		action_row_read(w, q, a);
	db_done(q);

	return found;
}

bool
action_numbered(struct work *w, int64_t number, struct action *a)
{
	bool	 found = read_one(w, number, a);

	if (found)
		action_row_complete(w, a);

	return found;
}

enum err
action_find(struct work *w, const char *id, struct action *a)
{
	struct id	 read;

	if (!id_read(ID_ACTION, id, &read) || read.tenant != w->tenant ||
	    !read_one(w, read.number, a) ||
	    a->created_at.ms / 1000 != read.made.ms / 1000)
		return ERR_NOT_FOUND;
	action_row_complete(w, a);

	return OK;
}
