/*
 * debt: what is owed after a reversal, and how earnings pay it.
 */
#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "lib/giving/people/debt.h"

/* Debts that are read at a time. */
#define AT_ONCE 16

struct open {
	int64_t	id, pool, left;
};

void
debt_add(struct work *w, struct journal *j, int64_t user, int64_t pool,
    int64_t reversal, struct tokens owed)
{
	struct query	*q;
	int64_t		 id = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM debts WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));

	q = db_query(w->db, SQL(
	    "INSERT INTO debts (tenant, id, user, pool, reversal, owed)"
	    " VALUES (?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, id);
	db_int(q, user);
	db_int(q, pool);
	if (reversal != 0)
		db_int(q, reversal);
	else
		db_null(q);
	db_int(q, owed.units);
	db_run(q);
	ledger_move(j, (struct account){ ACCOUNT_CLAIM, pool },
	    (struct account){ ACCOUNT_DEBT, user }, owed);
}

bool
debt_owes(struct work *w, int64_t user)
{
	struct query	*q;
	bool		 yes;

	q = db_query(w->db, SQL(
	    "SELECT 1 FROM debts"
	    " WHERE tenant = ? AND user = ? AND paid < owed LIMIT 1"));
	db_int(q, w->tenant);
	db_int(q, user);
	yes = db_next(q);
	db_done(q);

	return yes;
}

static size_t
find_open(struct work *w, int64_t user, struct open *open)
{
	struct query	*q;
	size_t		 n = 0;

	q = db_query(w->db, SQL(
	    "SELECT id, pool, owed - paid AS remaining FROM debts"
	    " WHERE tenant = ? AND user = ? AND paid < owed"
	    " ORDER BY id LIMIT 16"));
	db_int(q, w->tenant);
	db_int(q, user);
	while (n < AT_ONCE && db_next(q))
		open[n++] = (struct open){ db_col_int(q, "id"),
			db_col_int(q, "pool"), db_col_int(q, "remaining") };
	db_done(q);

	return n;
}

static void
pay(struct work *w, struct journal *j, int64_t user, const struct open *o,
    struct tokens amount)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE debts SET paid = paid + ? WHERE tenant = ? AND id = ?"));
	db_int(q, amount.units);
	db_int(q, w->tenant);
	db_int(q, o->id);
	db_run(q);
	ledger_move(j, (struct account){ ACCOUNT_WALLET, user },
	    (struct account){ ACCOUNT_POOL, o->pool }, amount);
	ledger_move(j, (struct account){ ACCOUNT_DEBT, user },
	    (struct account){ ACCOUNT_CLAIM, o->pool }, amount);
}

/*
 * A debt to another pool touches four more accounts of the journal; they must
 * fit, and every wallet that is still to come.
 */
static bool
has_room(const struct journal *j)
{
	return j->count + 4 + LIMIT_STAKEHOLDERS <= LIMIT_POSTINGS;
}

struct tokens
debt_pay(struct work *w, struct journal *j, int64_t user,
    struct tokens earned)
{
	struct open	 open[AT_ONCE];
	struct tokens	 left = earned, now;
	size_t		 n;

	do {
		n = find_open(w, user, open);
		for (size_t i = 0; i < n && left.units > 0; i++) {
			/* The rest of the debts waits its turn. */
			if (!has_room(j))
				return (struct tokens){ earned.units -
					left.units };
			now = tokens_min((struct tokens){ open[i].left },
			    left);
			pay(w, j, user, &open[i], now);
			left.units -= now.units;
		}
	} while (n == AT_ONCE && left.units > 0);

	return (struct tokens){ earned.units - left.units };
}
