/*
 * user_erase: a person is forgotten, and the books stay whole.
 *
 * What says who somebody is goes from every table that may say it; numbers of
 * the ledger, and keys that partners gave to what they did, stay.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/db/db.h"
#include "lib/giving/donations/donation_forget.h"
#include "lib/giving/people/user.h"
#include "lib/giving/people/user_actions.h"
#include "lib/giving/site/tally.h"
#include "lib/giving/site/trace.h"

/* The person who is to be forgotten, as they are written in JSON. */
struct traces {
	const char	*id, *name, *email;	/* one may stand for both */
};

#define ACTIONS		USER_ACTIONS
#define REDEMPTIONS	USER_REFERRED(4)

/* Metadata of actions that are theirs alone, or of nobody else still known. */
#define METADATA \
	" FROM action_metadata AS m WHERE m.tenant = ?1" \
	" AND m.action IN (" ACTIONS ")" \
	" AND NOT EXISTS (SELECT 1 FROM shares o" \
	" JOIN users v ON v.tenant = o.tenant AND v.id = o.user" \
	" WHERE o.tenant = ?1 AND o.action = m.action AND o.user <> ?2" \
	" AND v.erased_at IS NULL)"

static const char *const	orders[] = {
	SQL("DELETE" METADATA),
	SQL("DELETE FROM user_metadata WHERE tenant = ?1 AND user = ?2"),
	SQL("UPDATE redemptions SET reason = NULL WHERE tenant = ?1"
	    " AND id IN (" REDEMPTIONS ") AND reason IS NOT NULL"),
	SQL("UPDATE reversals SET reason = NULL WHERE tenant = ?1"
	    " AND action IN (" ACTIONS ") AND reason IS NOT NULL"),
	/* What a programme answered may be what it was told. */
	SQL("UPDATE attempts AS a SET answer = NULL WHERE a.tenant = ?1"
	    " AND EXISTS (SELECT 1 FROM exchanges x"
	    " WHERE x.tenant = ?1 AND x.user = ?2)"
	    " AND a.answer IS NOT NULL AND EXISTS (SELECT 1"
	    " FROM deliveries d CROSS JOIN events e CROSS JOIN exchanges x"
	    " WHERE d.tenant = ?1 AND d.id = a.delivery"
	    " AND e.tenant = ?1 AND e.id = d.event AND e.type IN (22, 23)"
	    " AND x.tenant = ?1 AND x.id = e.refers AND x.user = ?2)"),
	SQL("UPDATE exchanges SET member = NULL WHERE tenant = ?1"
	    " AND user = ?2 AND member IS NOT NULL"),
};

static void
shred(struct work *w, const char *text)
{
	struct shred	*s;

	if (text == NULL)
		return;
	s = arena_alloc(w->arena, sizeof(*s));
	*s = (struct shred){ w->shreds, text };
	w->shreds = s;
}

/* The texts of a query's one column. */
static void
shred_all(struct work *w, int64_t user, const char *sql)
{
	struct query	*q = db_query(w->db, sql);

	db_int(q, w->tenant);
	db_int(q, user);
	while (db_next(q))
		shred(w, db_col_text(q, w->arena, "text"));
	db_done(q);
}

/* A row's texts stand side by side in the file. */
static void
shred_row(struct work *w, const struct user *u)
{
	const char	*texts[] = { u->external_id, u->email,
		u->first_name, u->last_name };
	struct buf	 row;

	buf_init(&row, w->arena);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i] != NULL)
			buf_text(&row, texts[i]);
	shred(w, buf_str(&row));
}

/* The last noted is looked for first, and not all may be. */
static void
note(struct work *w, const struct user *u)
{
	shred_all(w, u->number, SQL("SELECT m.metadata AS text" METADATA
	    " ORDER BY m.action DESC LIMIT 16"));
	shred_all(w, u->number, SQL("SELECT reason AS text FROM reversals"
	    " WHERE tenant = ?1 AND action IN (" ACTIONS ")"
	    " AND reason IS NOT NULL LIMIT 4"));
	shred_all(w, u->number, SQL("SELECT reason AS text FROM redemptions"
	    " WHERE tenant = ?1 AND id IN (" REDEMPTIONS ")"
	    " AND reason IS NOT NULL LIMIT 4"));
	shred_all(w, u->number, SQL("SELECT member AS text FROM exchanges"
	    " WHERE tenant = ?1 AND user = ?2 AND member IS NOT NULL"
	    " LIMIT 4"));
	shred(w, u->metadata);
	shred(w, u->external_id);
	shred(w, u->email);
	shred_row(w, u);
}

static const char *
quoted(struct work *w, const char *text)
{
	struct buf	 out;

	buf_init(&out, w->arena);
	shape_quote(&out, text);

	return buf_str(&out);
}

static struct traces
traces(struct work *w, const struct user *u)
{
	const char	*name = u->external_id, *email = u->email;

	return (struct traces){ quoted(w, u->id),
		quoted(w, name != NULL ? name : email),
		quoted(w, email != NULL ? email : name) };
}

/*
 * Kept answers that show them show nobody from now on.  They stay, so that
 * the same bytes sent again do not make them known again.
 */
static void
forget_answers(struct work *w, const struct user *u, const struct traces *t)
{
	const struct user	 nobody = { .id = u->id,
		.created_at = u->created_at };
	struct buf		 body;
	struct query		*q;

	buf_init(&body, w->arena);
	shape_write(&body, &user_out, &nobody);
	q = db_query(w->db, SQL(
	    "UPDATE replays SET body = ?"
	    " WHERE tenant = ? AND instr(body, ?) > 0"));
	db_bytes(q, buf_str(&body), body.size);
	db_int(q, w->tenant);
	db_text(q, t->id);
	db_run(q);
}

/* Where other things name them. */
static void
forget_names(struct work *w, const struct user *u, const struct traces *t)
{
	static const char *const	 both[] = {
		SQL("UPDATE events SET data ="
		    " replace(replace(data, ?2, 'null'), ?3, 'null')"
		    " WHERE tenant = ?1 AND data IS NOT NULL"
		    " AND (instr(data, ?2) > 0 OR instr(data, ?3) > 0)"),
		SQL("UPDATE replays SET body = CAST("
		    "replace(replace(body, ?2, 'null'), ?3, 'null') AS BLOB)"
		    " WHERE tenant = ?1"
		    " AND (instr(body, ?2) > 0 OR instr(body, ?3) > 0)"),
	};
	struct query	*q;

	for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++) {
		q = db_query(w->db, both[i]);
		db_int(q, w->tenant);
		db_text(q, t->name);
		db_text(q, t->email);
		db_run(q);
	}
	q = db_query(w->db, SQL(
	    "DELETE FROM action_metadata WHERE tenant = ?1"
	    " AND action IN (" ACTIONS ") AND (instr(metadata, ?3) > 0"
	    " OR instr(lower(metadata), ?4) > 0)"));
	db_int(q, w->tenant);
	db_int(q, u->number);
	db_text(q, t->name);
	db_text(q, t->email);
	db_run(q);
}

/* What receivers said to deliveries may be what we had told them. */
static void
forget_echoes(struct work *w, const struct user *u, const struct traces *t)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE attempts SET answer = NULL WHERE tenant = ?1"
	    " AND (instr(answer, ?2) > 0 OR instr(answer, ?3) > 0"
	    " OR instr(lower(answer), ?4) > 0)"));
	db_int(q, w->tenant);
	db_text(q, t->name);
	db_text(q, t->id);
	db_text(q, u->email);
	db_run(q);
}

static void
forget_row(struct work *w, const struct user *u)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE users SET external_id = NULL, email = NULL,"
	    " first_name = NULL, last_name = NULL, erased_at = ?"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, w->now.ms);
	db_int(q, w->tenant);
	db_int(q, u->number);
	db_run(q);
}

/* Who has given, and was never rewarded, is no user; they may go as well. */
static enum err
forget_stranger(struct work *w, const char *name)
{
	if (donation_forget(w, &(struct donation_donor){ name,
	    strchr(name, '@') != NULL ? name : NULL, 0 }) == 0)
		return ERR_NOT_FOUND;
	shred(w, name);
	trace_leave(w);

	return OK;
}

enum err
user_erase(struct work *w, const char *name)
{
	struct user	 u;
	struct traces	 t;
	struct query	*q;
	enum err	 e = user_named(w, name, &u);

	if (e == ERR_NOT_FOUND)
		return forget_stranger(w, name);
	if (e != OK)
		return e;
	user_complete(w, &u);
	(void)donation_forget(w, &(struct donation_donor){ u.external_id,
	    u.email, u.number });
	note(w, &u);
	trace_leave(w);
	t = traces(w, &u);
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		q = db_query(w->db, orders[i]);
		db_int(q, w->tenant);
		db_int(q, u.number);
		db_run(q);
	}
	forget_answers(w, &u, &t);
	forget_names(w, &u, &t);
	forget_echoes(w, &u, &t);
	forget_row(w, &u);
	tally_add(w, &(struct tally){ .erased = 1 });

	return OK;
}
