/*
 * submit_write: what of a submission stands beside its action's own row.
 */
#include "lib/db/db.h"
#include "lib/giving/rewards/submit_write.h"
#include "lib/giving/site/word.h"

void
submit_write_metadata(struct work *w, const struct submit *in,
    int64_t action)
{
	struct query	*q;

	if (in->metadata == NULL)
		return;
	q = db_query(w->db, SQL(
	    "INSERT INTO action_metadata (tenant, action, metadata)"
	    " VALUES (?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, action);
	db_text(q, in->metadata);
	db_run(q);
}

void
submit_write_share(struct work *w, int64_t action, size_t place,
    const struct share *s)
{
	int64_t		 role = word_number(w, s->role);
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO shares"
	    " (tenant, action, place, role, user, tokens, debt_offset)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, action);
	db_int(q, (int64_t)place);
	db_int(q, role);
	db_int(q, s->user);
	db_int(q, s->tokens.units);
	db_int(q, s->debt_offset.units);
	db_run(q);
}
