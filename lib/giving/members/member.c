/*
 * member: who may log in.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/email.h"
#include "lib/base/encode.h"
#include "lib/base/limits.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/members/member.h"
#include "lib/giving/members/member_row.h"
#include "lib/giving/members/session.h"

const char *const	member_roles[] = { "ADMIN", "PARTNER", NULL };

const struct form member_email_form = {
	EMAIL_SAYS, EMAIL_PATTERN, email_fits };

const struct shape member_out = SHAPE("Member", struct member,
	{ "memberId",    TEXT(struct member, id),
	    .about = "our id of the person" },
	{ "email",       TEXT(struct member, email),
	    .about = "what they log in with" },
	{ "name",        TEXT(struct member, name), NULLS,
	    .about = "what people call them, or null" },
	{ "role",        WORD(struct member, role), .words = member_roles,
	    .about = "ADMIN: all of the site; PARTNER: one partner of it" },
	{ "partnerId",   TEXT(struct member, partner_id), NULLS,
	    .about = "whose they are; null for an ADMIN" },
	{ "lastLoginAt", MOMENT(struct member, last_login_at), NULLS,
	    .about = "when they last logged in, or null" },
	{ "disabledAt",  MOMENT(struct member, disabled_at), NULLS,
	    .about = "since when they cannot log in, or null" },
	{ "createdAt",   MOMENT(struct member, created_at),
	    .about = "when they were made a member" });

enum err
member_check(struct work *w, const char *email, const char *password,
    const char *pointer)
{
	size_t	 size = password != NULL ? strlen(password) : 0;

	if (strlen(email) > LIMIT_EMAIL || !email_fits(email))
		faults_add(w->faults, "/email", "It is no e-mail address.");
	if (password == NULL)
		return w->faults->count > 0 ? ERR_INVALID_REQUEST : OK;
	if (!encode_is_utf8(password, size))
		faults_add(w->faults, pointer, "It is not in UTF-8.");
	else if (encode_length(password) < LIMIT_PASSWORD_MIN)
		faults_add(w->faults, pointer, "It has fewer than %d"
		    " characters.", LIMIT_PASSWORD_MIN);
	else if (size > LIMIT_PASSWORD)
		faults_add(w->faults, pointer, "It has more than %d bytes.",
		    LIMIT_PASSWORD);

	return w->faults->count > 0 ? ERR_INVALID_REQUEST : OK;
}

void
member_row_read(struct work *w, struct query *q, struct member *m)
{
	const char	*role = db_col_text(q, w->arena, "role");

	memset(m, 0, sizeof(*m));
	m->number = db_col_int(q, "id");
	m->email = db_col_text(q, w->arena, "email");
	m->name = db_col_text(q, w->arena, "name");
	m->password = db_col_text(q, w->arena, "password");
	m->role = strcmp(role, member_roles[MEMBER_ADMIN]) == 0 ?
	    MEMBER_ADMIN : MEMBER_PARTNER;
	m->disabled_at.ms = db_col_int(q, "disabled_at");
	m->last_login_at.ms = db_col_int(q, "last_login_at");
	m->created_at.ms = db_col_int(q, "created_at");
	m->id = id_text(w->arena, ID_MEMBER,
	    (struct id){ 0, m->number, m->created_at });
	if (!db_col_null(q, "partner_number"))
		m->partner_id = id_text(w->arena, ID_PARTNER, (struct id){ 0,
		    db_col_int(q, "partner_number"),
		    { db_col_int(q, "partner_made") } });
}

enum err
member_find(struct work *w, const char *email, struct member *out)
{
	struct query	*q;
	enum err	 e = ERR_NOT_FOUND;

	q = db_query(w->db, SQL(
	    "SELECT " MEMBER_COLUMNS " FROM members m"
	    " LEFT JOIN partners p ON p.id = m.partner WHERE m.email = ?"));
	db_text(q, email_fold(w->arena, email));
	if (db_next(q)) {
		member_row_read(w, q, out);
		e = OK;
	}
	db_done(q);

	return e;
}

enum err
member_create(struct work *w, const struct member_wish *wish,
    struct member *out)
{
	struct query	*q;

	if (member_find(w, wish->email, out) == OK) {
		faults_add(w->faults, "/email", "Somebody has it already.");
		return ERR_INVALID_REQUEST;
	}
	q = db_query(w->db, SQL(
	    "INSERT INTO members (role, email, name, password, created_at)"
	    " VALUES (?, ?, ?, ?, ?)"));
	db_text(q, member_roles[MEMBER_ADMIN]);
	db_text(q, email_fold(w->arena, wish->email));
	db_text(q, wish->name);
	db_text(q, wish->password);
	db_int(q, w->now.ms);
	db_run(q);

	return member_find(w, wish->email, out);
}

void
member_list(struct work *w, struct list *out)
{
	struct member	*rows;
	struct query	*q;
	size_t		 n;

	/* scans: they are few. */
	q = db_query(w->db, SQL("SELECT count(*) AS n FROM members"));
	n = (size_t)db_only_int(q);
	rows = arena_array(w->arena, n, sizeof(*rows));
	*out = (struct list){ rows, 0 };
	/* scans: an operator asked for all of them. */
	q = db_query(w->db, SQL(
	    "SELECT " MEMBER_COLUMNS " FROM members m"
	    " LEFT JOIN partners p ON p.id = m.partner ORDER BY m.id"));
	while (out->count < n && db_next(q))
		member_row_read(w, q, &rows[out->count++]);
	db_done(q);
}

int64_t
member_admins(struct work *w)
{
	/* scans: they are few. */
	return db_only_int(db_query(w->db, SQL(
	    "SELECT count(*) AS n FROM members"
	    " WHERE role = 'ADMIN' AND disabled_at IS NULL")));
}

void
member_set_password(struct work *w, const struct member *m, const char *kept)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE members SET password = ? WHERE id = ?"));
	db_text(q, kept);
	db_int(q, m->number);
	db_run(q);
	session_end_all(w, m);
}

static void
set_disabled(struct work *w, struct member *m)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE members SET disabled_at = nullif(?, 0) WHERE id = ?"));
	db_int(q, m->disabled_at.ms);
	db_int(q, m->number);
	db_run(q);
}

void
member_disable(struct work *w, struct member *m)
{
	if (m->disabled_at.ms == 0)
		m->disabled_at = w->now;
	set_disabled(w, m);
	session_end_all(w, m);
}

void
member_enable(struct work *w, struct member *m)
{
	m->disabled_at.ms = 0;
	set_disabled(w, m);
}

void
member_note_login(struct work *w, struct member *m, const char *kept)
{
	struct query	*q;

	m->last_login_at = w->now;
	q = db_query(w->db, SQL(
	    "UPDATE members SET last_login_at = ?,"
	    " password = coalesce(?, password) WHERE id = ?"));
	db_int(q, w->now.ms);
	db_text(q, kept);
	db_int(q, m->number);
	db_run(q);
}
