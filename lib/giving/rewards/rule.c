/*
 * rule: what an action of a type is worth.
 */
#include <string.h>

#include "lib/db/db.h"
#include "lib/giving/rewards/rule.h"

static const struct {
	const char	*action_type;
	int64_t		 micro_per_unit;
} defaults[] = {
	{ "PURCHASE", 1000000 },
	{ "DONATION", 7000000 },
};

static bool
find_own(struct work *w, const char *action_type, struct rule *r)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL(
	    "SELECT micro_per_unit, flat FROM reward_rules"
	    " WHERE tenant = ? AND action_type = ?"));
	db_int(q, w->tenant);
	db_text(q, action_type);
	found = db_next(q);
	if (found) {
		r->by_amount = db_col_null(q, "flat");
		r->micro_per_unit = db_col_int(q, "micro_per_unit");
		r->flat.units = db_col_int(q, "flat");
	}
	db_done(q);

	return found;
}

enum err
rule_find(struct work *w, const char *action_type, struct rule *r)
{
	memset(r, 0, sizeof(*r));
	if (find_own(w, action_type, r))
		return OK;
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		if (strcmp(defaults[i].action_type, action_type) == 0) {
			r->by_amount = true;
			r->micro_per_unit = defaults[i].micro_per_unit;
			return OK;
		}

	return ERR_NO_REWARD_RULE;
}

void
rule_set(struct work *w, const char *action_type, const struct rule *r)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO reward_rules"
	    " (tenant, action_type, micro_per_unit, flat)"
	    " VALUES (?, ?, ?, ?)"
	    " ON CONFLICT (tenant, action_type) DO UPDATE SET"
	    " micro_per_unit = excluded.micro_per_unit,"
	    " flat = excluded.flat"));
	db_int(q, w->tenant);
	db_text(q, action_type);
	if (r->by_amount) {
		db_int(q, r->micro_per_unit);
		db_null(q);
	} else {
		db_null(q);
		db_int(q, r->flat.units);
	}
	db_run(q);
}
