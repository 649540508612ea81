/*
 * submit_again: what was submitted before is answered as it was then.
 */
#include "lib/db/db.h"
#include "lib/giving/rewards/action_row.h"
#include "lib/giving/rewards/submit_again.h"

/* A partner's id that was learned since is no part of the first answer. */
static void
unlearn(struct action *a)
{
	struct share	*shares = a->shares.items;

	for (size_t i = 0; i < a->shares.count; i++)
		if (shares[i].named_at.ms > a->created_at.ms)
			shares[i].external_id = NULL;
}

bool
submit_again(struct work *w, const struct submit *in, int64_t digest,
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
