/*
 * key_care: API keys while they are in use: replaced, noted, warned of.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/partners/key.h"
#include "lib/hooks/outbox.h"

#define WARN_DAYS	14
#define AT_ONCE		100	/* the next minute takes the rest */

/* What a set's successor is made from; ERR_NOT_FOUND. */
static enum err
find_living(struct work *w, const char *id, struct key_wish *wish,
    int64_t *number)
{
	struct query	*q;
	struct id	 read;
	enum err	 e = ERR_NOT_FOUND;

	if (strncmp(id, "key_", 4) != 0 || !id_read(ID_KEY, id + 4, &read))
		return e;
	q = db_query(w->db, SQL(
	    "SELECT k.tenant, k.name, k.scopes, k.origins, k.networks,"
	    " t.side FROM api_keys k JOIN tenants t ON t.id = k.tenant"
	    " WHERE k.id = ? AND k.created_at / 1000 = ?"
	    " AND k.revoked_at IS NULL"
	    " AND coalesce(k.expires_at > ?, 1)"));
	db_int(q, read.number);
	db_int(q, read.made.ms / 1000);
	db_int(q, w->now.ms);
	if (db_next(q)) {
		w->tenant = db_col_int(q, "tenant");
		wish->name = db_col_text(q, w->arena, "name");
		wish->scopes = db_col_text(q, w->arena, "scopes");
		wish->origins = db_col_text(q, w->arena, "origins");
		wish->networks = db_col_text(q, w->arena, "networks");
		wish->live = strcmp(db_col_text(q, w->arena, "side"),
		    "live") == 0;
		*number = read.number;
		e = OK;
	}
	db_done(q);

	return e;
}

enum err
key_rotate(struct work *w, const char *id, int64_t overlap_s,
    struct key_issued *out)
{
	struct key_wish	 wish = { 0 };
	struct query	*q;
	int64_t		 number;
	enum err	 e = find_living(w, id, &wish, &number);

	if (e == OK)
		e = key_create(w, &wish, out);
	if (e != OK)
		return e;
	/* Its owner has just replaced it and need not be warned. */
	q = db_query(w->db, SQL(
	    "UPDATE api_keys SET warned_at = ?,"
	    " expires_at = min(coalesce(expires_at, ?), ?) WHERE id = ?"));
	db_int(q, w->now.ms);
	db_int(q, INT64_MAX);
	db_int(q, w->now.ms + overlap_s * 1000);
	db_int(q, number);
	db_run(q);
	w->keys_changed = true;

	return OK;
}

void
key_used(struct work *w, int64_t number, struct moment at)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE api_keys SET last_used_at ="
	    " max(coalesce(last_used_at, 0), ?) WHERE id = ?"));
	db_int(q, at.ms);
	db_int(q, number);
	db_run(q);
}

static void
warn_of(struct work *w, int64_t number)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE api_keys SET warned_at = ? WHERE id = ?"));
	db_int(q, w->now.ms);
	db_int(q, number);
	db_run(q);
	outbox_add(w, EVENT_KEY_EXPIRING, number, NULL);
}

/* Keys expire in real time; the event is of its sandbox's. */
size_t
key_warn(struct work *w)
{
	struct { int64_t number, tenant, ahead; }	 due[AT_ONCE];
	struct work					 own = *w;
	struct query					*q;
	size_t						 n = 0;

	q = db_query(w->db, SQL(
	    "SELECT k.id, k.tenant, t.ahead FROM api_keys k"
	    " CROSS JOIN tenants t ON t.id = k.tenant"
	    " WHERE k.expires_at IS NOT NULL"
	    " AND k.warned_at IS NULL AND k.revoked_at IS NULL"
	    " AND k.expires_at > ? AND k.expires_at <= ?"
	    " ORDER BY k.expires_at LIMIT 100"));
	db_int(q, w->now.ms);
	db_int(q, w->now.ms + WARN_DAYS * 86400000LL);
	for (; n < AT_ONCE && db_next(q); n++) {
		due[n].number = db_col_int(q, "id");
		due[n].tenant = db_col_int(q, "tenant");
		due[n].ahead = db_col_int(q, "ahead");
	}
	db_done(q);
	for (size_t i = 0; i < n; i++) {
		own.tenant = due[i].tenant;
		own.now.ms = w->now.ms + due[i].ahead;
		warn_of(&own, due[i].number);
	}
	w->told = own.told;

	return n;
}
