/*
 * lot_due: what expired of those who do not come.
 *
 * A user's lots are swept whenever something is booked for them.  This is for
 * the others, so that pools have their tokens back; in the order of tenants
 * and, in each, of what expired first.
 */
#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/giving/people/lot.h"

/* One lot that is due, whose it is, and in whose time. */
struct due {
	struct lot_place	at;
	int64_t			user, ahead_ms;
};

static size_t
find(struct work *w, const struct lot_place *from, struct due *rows)
{
	struct query	*q;
	size_t		 n = 0;

	q = db_query(w->db, SQL(
	    "SELECT l.tenant, l.expires_at, l.action, l.place, l.user,"
	    " t.ahead FROM tenants t CROSS JOIN lots l INDEXED BY lots_due"
	    " ON l.tenant = t.id AND l.remaining > 0"
	    " AND l.expires_at < 9223372036854775807"
	    " AND l.expires_at <= ?1 + t.ahead"
	    " WHERE t.id >= ?2 AND t.side <> 'gone' AND (t.id > ?2 OR"
	    " (l.expires_at, l.action, l.place) > (?3, ?4, ?5))"
	    " ORDER BY t.id, l.expires_at, l.action, l.place LIMIT ?6"));
	db_int(q, w->now.ms);
	db_int(q, from->tenant);
	db_int(q, from->expires_at);
	db_int(q, from->action);
	db_int(q, from->place);
	db_int(q, LIMIT_DUE);
	for (; n < LIMIT_DUE && db_next(q); n++)
		rows[n] = (struct due){ { db_col_int(q, "tenant"),
			db_col_int(q, "expires_at"),
			db_col_int(q, "action"), db_col_int(q, "place") },
			db_col_int(q, "user"), db_col_int(q, "ahead") };
	db_done(q);

	return n;
}

/*
 * A user's lots go together, so a row may have gone with one before it; and a
 * user with many stays for the next time.
 */
bool
lot_sweep_due(struct work *w, struct lot_place *from)
{
	struct due	*rows = arena_array(w->arena, LIMIT_DUE,
			    sizeof(*rows));
	size_t		 n = find(w, from, rows), booked = 0, i;
	struct work	 own = *w;

	for (i = 0; i < n && booked < LIMIT_DUE; i++) {
		own.tenant = rows[i].at.tenant;
		own.now.ms = w->now.ms + rows[i].ahead_ms;
		booked += lot_sweep_some(&own, rows[i].user);
		*from = rows[i].at;
	}

	return i < n || n == LIMIT_DUE;
}
