/*
 * pool_copy: the pools of a sandbox that begins again.
 */
#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "lib/giving/pools/pool.h"
#include "lib/giving/pools/pool_copy.h"

struct old {
	const char	*name;
	int64_t		 id, allocated;
	bool		 is_default;
};

/* All of them at once, since making new ones asks the same table. */
static size_t
read_old(struct work *w, int64_t from, struct old *old)
{
	struct query	*q;
	size_t		 n = 0;

	q = db_query(w->db, SQL(
	    "SELECT id, name, is_default, allocated FROM token_pools"
	    " WHERE tenant = ? ORDER BY id LIMIT 100"));
	db_int(q, from);
	for (; n < LIMIT_PAGE && db_next(q); n++) {
		old[n].id = db_col_int(q, "id");
		old[n].name = db_col_text(q, w->arena, "name");
		old[n].is_default = db_col_int(q, "is_default") != 0;
		old[n].allocated = db_col_int(q, "allocated");
	}
	db_done(q);

	return n;
}

static void
copy_settings(struct work *w, int64_t to, int64_t from, int64_t old)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE token_pools SET low_threshold = o.low_threshold,"
	    " vesting_days = o.vesting_days, expiry_days = o.expiry_days,"
	    " action_types = o.action_types,"
	    " refill_enabled = o.refill_enabled,"
	    " refill_threshold = o.refill_threshold,"
	    " refill_amount = o.refill_amount,"
	    " refill_approval = o.refill_approval,"
	    " refill_max = o.refill_max"
	    " FROM (SELECT low_threshold, vesting_days, expiry_days,"
	    " action_types, refill_enabled, refill_threshold,"
	    " refill_amount, refill_approval, refill_max"
	    " FROM token_pools WHERE tenant = ? AND id = ?) AS o"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, from);
	db_int(q, old);
	db_int(q, w->tenant);
	db_int(q, to);
	db_run(q);
}

enum err
pool_copy_all(struct work *w, int64_t from)
{
	struct old		*old;
	struct pool		 pool;
	struct pool_allocation	 done;
	enum err		 e = OK;
	size_t			 n;

	old = arena_array(w->arena, LIMIT_PAGE, sizeof(*old));
	n = read_old(w, from, old);
	for (size_t i = 0; i < n && e == OK; i++) {
		e = pool_create(w, old[i].name, old[i].is_default, &pool);
		if (e != OK)
			break;
		copy_settings(w, pool.number, from, old[i].id);
		if (old[i].allocated > 0)
			e = pool_allocate(w, &pool,
			    (struct tokens){ old[i].allocated },
			    "sandbox reset", &done);
	}

	return e;
}
