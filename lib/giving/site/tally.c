/*
 * tally: rollups, each a row that is added to.
 *
 * Nearly always that is one row, the newest, and one UPDATE by its key.
 */
#include "lib/db/db.h"
#include "lib/giving/site/tally.h"

#define DAY_MS	86400000LL

static void
bind(struct query *q, const struct tally *t)
{
	db_int(q, t->actions);
	db_int(q, t->tokens);
	db_int(q, t->reversals);
	db_int(q, t->clawed_back);
	db_int(q, t->erased);
}

/* The first of its day goes on from the day before. */
static void
begin_day(struct work *w, const struct tally *t)
{
	const struct tally	 past = tally_until(w, INT64_MAX);
	struct query		*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO tallies (tenant, day, actions, tokens, reversals,"
	    " clawed_back, erased) VALUES (?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, w->now.ms / DAY_MS);
	bind(q, &(struct tally){ past.actions + t->actions,
	    past.tokens + t->tokens, past.reversals + t->reversals,
	    past.clawed_back + t->clawed_back, past.erased + t->erased });
	db_run(q);
}

void
tally_add(struct work *w, const struct tally *t)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE tallies SET actions = actions + ?, tokens = tokens + ?,"
	    " reversals = reversals + ?, clawed_back = clawed_back + ?,"
	    " erased = erased + ? WHERE tenant = ? AND day >= ?"));
	bind(q, t);
	db_int(q, w->tenant);
	db_int(q, w->now.ms / DAY_MS);
	if (db_run(q) == 0)
		begin_day(w, t);
}

struct tally
tally_until(struct work *w, int64_t day)
{
	struct tally	 t = { 0 };
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT actions, tokens, reversals, clawed_back, erased"
	    " FROM tallies WHERE tenant = ? AND day <= ?"
	    " ORDER BY day DESC LIMIT 1"));
	db_int(q, w->tenant);
	db_int(q, day);
	if (db_next(q)) {
		t.actions = db_col_int(q, "actions");
		t.tokens = db_col_int(q, "tokens");
		t.reversals = db_col_int(q, "reversals");
		t.clawed_back = db_col_int(q, "clawed_back");
		t.erased = db_col_int(q, "erased");
	}
	db_done(q);

	return t;
}
