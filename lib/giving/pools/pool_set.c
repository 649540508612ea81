/*
 * pool_set: what an operator changes of a token pool.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "lib/giving/pools/pool.h"
#include "lib/giving/pools/pool_balance.h"
#include "lib/giving/site/code.h"

static void
check_days(struct work *w, const char *pointer, int64_t days)
{
	if (days > LIMIT_POOL_DAYS)
		faults_add(w->faults, pointer, "From 0 to %d days.",
		    LIMIT_POOL_DAYS);
}

static void
check_types(struct work *w, const char *types)
{
	const char	*word;
	size_t		 size, n = 0;

	for (; *types != '\0'; types += size, n++) {
		types += strspn(types, " ");
		size = strcspn(types, " ");
		word = arena_copy(w->arena, types, size);
		if (size > 0 && !code_form.fits(word))
			faults_add(w->faults, "/actionTypes", "%s is not %s.",
			    word, code_form.says);
		if (size == 0)
			break;
	}
	if (n > LIMIT_POOL_TYPES)
		faults_add(w->faults, "/actionTypes", "At most %d types.",
		    LIMIT_POOL_TYPES);
}

/* What the pool will have: the new where there is one. */
static int64_t
either(int64_t wanted, int64_t is)
{
	return wanted >= 0 ? wanted : is;
}

static void
write(struct work *w, const struct pool *p, const struct pool_terms *t)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE token_pools SET low_threshold = ?, vesting_days = ?,"
	    " expiry_days = ? WHERE tenant = ? AND id = ?"));
	db_int(q, either(t->low_threshold, p->low_threshold));
	db_int(q, either(t->vesting_days, p->vesting_days));
	db_int(q, either(t->expiry_days, p->expiry_days));
	db_int(q, w->tenant);
	db_int(q, p->number);
	db_run(q);
	if (t->action_types == NULL)
		return;

	q = db_query(w->db, SQL(
	    "UPDATE token_pools SET action_types = nullif(trim(?), '')"
	    " WHERE tenant = ? AND id = ?"));
	db_text(q, t->action_types);
	db_int(q, w->tenant);
	db_int(q, p->number);
	db_run(q);
}

enum err
pool_set(struct work *w, struct pool *p, const struct pool_terms *t)
{
	int64_t	 expiry = either(t->expiry_days, p->expiry_days);
	int64_t	 before = p->low_threshold;
	enum err e;

	check_days(w, "/vestingDays", t->vesting_days);
	check_days(w, "/expiryDays", t->expiry_days);
	if (expiry > 0 && expiry <= either(t->vesting_days, p->vesting_days))
		faults_add(w->faults, "/expiryDays", "More than vestingDays,"
		    " or 0 for never: what expires before it vests could"
		    " not be spent.");
	if (t->action_types != NULL)
		check_types(w, t->action_types);
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;
	write(w, p, t);
	e = pool_find(w, p->id, p);
	if (e == OK)
		pool_balance_threshold(w, p, before);

	return e;
}
