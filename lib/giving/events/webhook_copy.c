/*
 * webhook_copy: a sandbox begins anew, and who is told of it stays.
 *
 * A secret is sealed for its tenant's row, so each is opened and sealed
 * again.  Of what was queued nothing is left: it told of what is gone.
 */
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/giving/events/webhook_row.h"

/* The numbers of those that were not removed. */
static size_t
find_all(struct work *w, int64_t numbers[LIMIT_WEBHOOKS])
{
	struct query	*q;
	size_t		 n = 0;

	q = db_query(w->db, SQL(
	    "SELECT id FROM webhooks"
	    " WHERE tenant = ? AND removed_at IS NULL ORDER BY id"));
	db_int(q, w->tenant);
	while (n < LIMIT_WEBHOOKS && db_next(q))
		numbers[n++] = db_col_int(q, "id");
	db_done(q);

	return n;
}

static void
copy(struct work *w, int64_t old, int64_t number, int64_t fresh,
    const char *secret)
{
	unsigned char	*sealed;
	struct query	*q;
	size_t		 size;

	sealed = webhook_secret_seal(w, "secret", fresh, secret, &size);
	q = db_query(w->db, SQL(
	    "INSERT INTO webhooks (tenant, id, url, description, format,"
	    " policy, events, headers, max_per_second, secret_sealed,"
	    " disabled_at, disabled_why, created_at)"
	    " SELECT ?, ?, url, description, format, policy, events,"
	    " headers, max_per_second, ?,"
	    " CASE WHEN disabled_at IS NOT NULL THEN ? END, disabled_why, ?"
	    " FROM webhooks WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, fresh);
	db_bytes(q, sealed, size);
	db_int(q, w->now.ms);
	db_int(q, w->now.ms);
	db_int(q, old);
	db_int(q, number);
	db_run(q);
}

static void
forget(struct work *w, int64_t old)
{
	static const char *const	 orders[] = {
		SQL("DELETE FROM attempts WHERE tenant = ?"),
		SQL("DELETE FROM deliveries WHERE tenant = ?"),
		SQL("DELETE FROM webhooks WHERE tenant = ?"),
	};
	struct query			*q;

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		q = db_query(w->db, orders[i]);
		db_int(q, old);
		db_run(q);
	}
}

void
webhook_copy_all(struct work *w, int64_t old)
{
	int64_t		 numbers[LIMIT_WEBHOOKS], fresh = w->tenant;
	const char	*secrets[2];
	size_t		 n;

	w->tenant = old;
	n = find_all(w, numbers);
	for (size_t i = 0; i < n; i++) {
		const struct webhook	 h = { .number = numbers[i] };
		bool			 opens;

		w->tenant = old;
		opens = webhook_secrets(w, &h, secrets);
		w->tenant = fresh;
		if (opens)
			copy(w, old, numbers[i], (int64_t)i + 1,
			    secrets[0]);
	}
	w->tenant = fresh;
	forget(w, old);
}
