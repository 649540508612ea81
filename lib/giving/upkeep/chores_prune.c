/*
 * chores_prune: rows that have had their time.
 *
 * Deliveries have numbers in the order of time, so the old ones are those
 * that a walk from a tenant's first one meets, and no index has to be kept
 * for this.  Those that have not ended, or not long ago, are passed over.
 */
#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/giving/upkeep/chores.h"

#define DAY_MS	86400000LL

/* What a walk has met. */
struct walk {
	int64_t	ids[LIMIT_DUE];		/* of those that may go … */
	size_t	count;			/* … and how many they are */
	bool	ended;			/* there are no more */
};

static void
remove_deliveries(struct work *w, int64_t tenant, const struct walk *met)
{
	struct query	*q;

	for (size_t i = 0; i < met->count; i++) {
		q = db_query(w->db, SQL(
		    "DELETE FROM attempts WHERE tenant = ? AND delivery = ?"));
		db_int(q, tenant);
		db_int(q, met->ids[i]);
		db_run(q);
		q = db_query(w->db, SQL(
		    "DELETE FROM deliveries WHERE tenant = ? AND id = ?"));
		db_int(q, tenant);
		db_int(q, met->ids[i]);
		db_run(q);
	}
}

/* The next tenant from that one on whose first delivery is old. */
static bool
find_tenant(struct work *w, int64_t from, int64_t oldest, int64_t *tenant,
    int64_t *ahead_ms)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL(
	    "SELECT t.id, t.ahead FROM tenants t WHERE t.id >= ?"
	    " AND (SELECT d.created_at FROM deliveries d"
	    " WHERE d.tenant = t.id ORDER BY d.id LIMIT 1) <= ? + t.ahead"
	    " ORDER BY t.id LIMIT 1"));
	db_int(q, from);
	db_int(q, oldest);
	found = db_next(q);
	if (found) {
		*tenant = db_col_int(q, "id");
		*ahead_ms = db_col_int(q, "ahead");
	}
	db_done(q);

	return found;
}

/* Some way on from p->id, to the first that is younger than that. */
static void
walk(struct work *w, struct chores_place *p, int64_t oldest,
    struct walk *met)
{
	struct query	*q;
	size_t		 n = 0;

	q = db_query(w->db, SQL(
	    "SELECT id, created_at, ended_at FROM deliveries"
	    " WHERE tenant = ?1 AND id > ?2 AND id <"
	    " (SELECT max(id) FROM deliveries WHERE tenant = ?1)"
	    " ORDER BY id LIMIT ?3"));
	db_int(q, p->tenant);
	db_int(q, p->id);
	db_int(q, LIMIT_DUE);
	*met = (struct walk){ .ended = true };
	while (n < LIMIT_DUE && db_next(q) &&
	    db_col_int(q, "created_at") <= oldest) {
		p->id = db_col_int(q, "id");
		if (!db_col_null(q, "ended_at") &&
		    db_col_int(q, "ended_at") <= oldest)
			met->ids[met->count++] = p->id;
		met->ended = ++n < LIMIT_DUE;
	}
	db_done(q);
}

bool
chores_prune_deliveries(struct chores *c)
{
	struct work	*w = c->w;
	struct walk	*met = arena_alloc(w->arena, sizeof(*met));
	int64_t		 oldest = w->now.ms - c->plan->webhook_days * DAY_MS;
	int64_t		 tenant, ahead_ms;
	size_t		 n = 0;

	while (n < LIMIT_DUE && find_tenant(w, c->deliveries.tenant, oldest,
	    &tenant, &ahead_ms)) {
		if (tenant != c->deliveries.tenant)
			c->deliveries = (struct chores_place){ tenant, 0 };
		walk(w, &c->deliveries, oldest + ahead_ms, met);
		remove_deliveries(w, tenant, met);
		n += met->count + 1;
		if (!met->ended)
			return true;
		c->deliveries = (struct chores_place){ tenant + 1, 0 };
	}

	return n >= LIMIT_DUE;
}

/* The next removed webhook that is not bare yet, behind that one. */
static bool
find_removed(struct work *w, struct chores_place *p)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL(
	    "SELECT tenant, id FROM webhooks INDEXED BY webhooks_removed"
	    " WHERE removed_at IS NOT NULL AND secret_sealed <> x''"
	    " AND (tenant, id) > (?, ?) ORDER BY tenant, id LIMIT 1"));
	db_int(q, p->tenant);
	db_int(q, p->id);
	found = db_next(q);
	if (found)
		*p = (struct chores_place){ db_col_int(q, "tenant"),
			db_col_int(q, "id") };
	db_done(q);

	return found;
}

/* Those of a webhook that have ended; `ended` says that none is pending. */
static void
walk_removed(struct work *w, const struct chores_place *p,
    struct walk *met)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT id, due_at, id = (SELECT max(id) FROM deliveries"
	    " WHERE tenant = ?1) AS last FROM deliveries"
	    " INDEXED BY deliveries_of_webhook"
	    " WHERE tenant = ?1 AND webhook = ?2 ORDER BY id LIMIT ?3"));
	db_int(q, p->tenant);
	db_int(q, p->id);
	db_int(q, LIMIT_DUE);
	*met = (struct walk){ .ended = true };
	while (met->count < LIMIT_DUE && met->ended && db_next(q)) {
		met->ended = db_col_null(q, "due_at");
		if (met->ended && db_col_int(q, "last") == 0)
			met->ids[met->count++] = db_col_int(q, "id");
	}
	db_done(q);
}

/* How it was of late, and what is secret of it; the rest events tell of. */
static void
bare(struct work *w, const struct chores_place *p)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "DELETE FROM webhook_slots WHERE tenant = ? AND webhook = ?"));
	db_int(q, p->tenant);
	db_int(q, p->id);
	db_run(q);
	q = db_query(w->db, SQL(
	    "UPDATE webhooks SET secret_sealed = x'', old_sealed = NULL,"
	    " old_until = NULL, headers = NULL WHERE tenant = ? AND id = ?"));
	db_int(q, p->tenant);
	db_int(q, p->id);
	db_run(q);
}

/*
 * bin/deliver ends what is pending of a removed webhook; until then the rest
 * of it waits, since somebody may have it in hand.
 */
bool
chores_prune_removed(struct chores *c)
{
	struct work		*w = c->w;
	struct walk		*met = arena_alloc(w->arena, sizeof(*met));
	struct chores_place	 p = c->removed;

	if (!find_removed(w, &p))
		return false;
	walk_removed(w, &p, met);
	remove_deliveries(w, p.tenant, met);
	if (met->count == LIMIT_DUE)
		return true;
	if (met->ended)
		bare(w, &p);
	c->removed = p;

	return true;
}

bool
chores_prune_messages(struct chores *c)
{
	struct query	*q;

	q = db_query(c->w->db, SQL(
	    "DELETE FROM provider_events WHERE (provider, id) IN"
	    " (SELECT provider, id FROM provider_events"
	    " WHERE received_at <= ? ORDER BY received_at LIMIT ?)"));
	db_int(q, c->w->now.ms - LIMIT_KNOWN_DAYS * DAY_MS);
	db_int(q, LIMIT_DUE);

	return db_run(q) == LIMIT_DUE;
}

bool
chores_prune_replays(struct chores *c)
{
	struct query	*q;

	q = db_query(c->w->db, SQL(
	    "DELETE FROM replays WHERE (tenant, name) IN"
	    " (SELECT tenant, name FROM replays"
	    " WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)"));
	db_int(q, c->w->now.ms);
	db_int(q, LIMIT_DUE);

	return db_run(q) == LIMIT_DUE;
}
