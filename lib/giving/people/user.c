/*
 * user: finding and making the people that tokens are for.  What is done
 * with them later has files of its own: user_list.c, user_change.c,
 * user_erase.c, user_balance.c.
 */
#include <ctype.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/email.h"
#include "lib/base/limits.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/people/user.h"
#include "lib/giving/people/user_row.h"
#include "lib/hooks/outbox.h"
#include "lib/ledger/hours.h"

static bool
id_fits(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text == '/' || iscntrl((unsigned char)*text))
			return false;

	return true;
}

const struct form user_id_form = {
	"without / and control characters", "^[^/\\u0000-\\u001f\\u007f]+$",
	id_fits };
const struct form user_email_form = {
	EMAIL_SAYS, EMAIL_PATTERN, email_fits };

const struct shape user_name_in = SHAPE("NewUser", struct user_name,
	{ "externalId", TEXT(struct user_name, external_id), NULLS,
	    1, LIMIT_USER_ID, .form = &user_id_form,
	    .about = "your own id of the person" },
	{ "email",      TEXT(struct user_name, email), NULLS,
	    3, LIMIT_EMAIL, .form = &user_email_form,
	    .about = "their e-mail address" },
	{ "firstName",  TEXT(struct user_name, first_name), NULLS,
	    0, LIMIT_NAME, .about = "their first name" },
	{ "lastName",   TEXT(struct user_name, last_name), NULLS,
	    0, LIMIT_NAME, .about = "their last name" },
	{ "metadata",   RAW(struct user_name, metadata), NULLS,
	    0, LIMIT_METADATA_KEYS, .about = "anything of yours, returned as"
	    " given" });

const struct shape user_out = SHAPE("User", struct user,
	{ "userId",     TEXT(struct user, id),
	    .about = "our id of the person" },
	{ "externalId", TEXT(struct user, external_id), NULLS,
	    .about = "your own id of them, or null" },
	{ "email",      TEXT(struct user, email), NULLS,
	    .about = "their e-mail address, or null" },
	{ "firstName",  TEXT(struct user, first_name), NULLS,
	    .about = "their first name, or null" },
	{ "lastName",   TEXT(struct user, last_name), NULLS,
	    .about = "their last name, or null" },
	{ "createdAt",  MOMENT(struct user, created_at),
	    .about = "when they became known to us" },
	{ "metadata",   RAW(struct user, metadata), NULLS,
	    .about = "what you said of them, or null" });

void
user_row_read(struct work *w, struct query *q, struct user *u)
{
	u->number = db_col_int(q, "id");
	u->external_id = db_col_text(q, w->arena, "external_id");
	u->email = db_col_text(q, w->arena, "email");
	u->first_name = db_col_text(q, w->arena, "first_name");
	u->last_name = db_col_text(q, w->arena, "last_name");
	u->created_at.ms = db_col_int(q, "created_at");
	u->metadata = NULL;
	u->id = id_text(w->arena, ID_USER,
	    (struct id){ w->tenant, u->number, u->created_at });
}

/* Read the one row of the query, if there is one, and finish it. */
static bool
read_one(struct work *w, struct query *q, struct user *u)
{
	bool	 found = db_next(q);

	if (found)
		user_row_read(w, q, u);
	db_done(q);

	return found;
}

static bool
by_external_id(struct work *w, const char *id, struct user *u)
{
	struct query	*q;

	if (id == NULL)
		return false;
	q = db_query(w->db, SQL(
	    "SELECT " USER_COLUMNS " FROM users"
	    " WHERE tenant = ? AND external_id = ?"));
	db_int(q, w->tenant);
	db_text(q, id);

	return read_one(w, q, u);
}

static bool
by_email(struct work *w, const char *email, struct user *u)
{
	struct query	*q;

	if (email == NULL)
		return false;
	q = db_query(w->db, SQL(
	    "SELECT " USER_COLUMNS " FROM users"
	    " WHERE tenant = ? AND email = ?"));
	db_int(q, w->tenant);
	db_text(q, email_fold(w->arena, email));

	return read_one(w, q, u);
}

bool
user_numbered(struct work *w, int64_t number, struct user *u)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT " USER_COLUMNS " FROM users"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, number);

	return read_one(w, q, u);
}

enum err
user_named(struct work *w, const char *name, struct user *u)
{
	if (by_external_id(w, name, u))
		return OK;
	if (strchr(name, '@') != NULL && by_email(w, name, u))
		return OK;

	return ERR_NOT_FOUND;
}

/* No two users have the same. */
static bool
has_email(struct work *w, const struct user *u, const char *email)
{
	return email != NULL && u->email != NULL &&
	    strcmp(email_fold(w->arena, email), u->email) == 0;
}

/*
 * The partner's id decides.  An e-mail that belongs to someone with another
 * id of the partner's is somebody else's: that is never settled silently.
 */
enum err
user_find(struct work *w, const struct user_name *n, struct user *u)
{
	struct user	 other;
	bool		 known = by_external_id(w, n->external_id, u);

	if (known && has_email(w, u, n->email))
		return OK;
	if (!by_email(w, n->email, &other))
		return known ? OK : ERR_USER_NOT_FOUND;
	if (known)
		return other.number == u->number ? OK : ERR_USER_CONFLICT;
	if (n->external_id != NULL && other.external_id != NULL)
		return ERR_USER_CONFLICT;
	*u = other;

	return OK;
}

static void
insert(struct work *w, const struct user_name *n, struct user *u)
{
	struct query	*q;

	*u = (struct user){ .number = hours_next(w, HOURS_USERS, SQL(
	    "SELECT id AS number, created_at FROM users"
	    " WHERE tenant = ? ORDER BY id DESC LIMIT 1")),
		.external_id = n->external_id,
		.email = email_fold(w->arena, n->email),
		.first_name = n->first_name, .last_name = n->last_name,
		.created_at = w->now };
	u->id = id_text(w->arena, ID_USER,
	    (struct id){ w->tenant, u->number, u->created_at });
	q = db_query(w->db, SQL(
	    "INSERT INTO users (tenant, id, external_id, email,"
	    " first_name, last_name, created_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, u->number);
	db_text(q, u->external_id);
	db_text(q, u->email);
	db_text(q, u->first_name);
	db_text(q, u->last_name);
	db_int(q, w->now.ms);
	db_run(q);
	outbox_add(w, EVENT_USER_CREATED, u->number, NULL);
}

bool
user_tells_nothing(const struct user *u, const struct user_name *n)
{
	return (n->external_id == NULL || u->external_id != NULL) &&
	    (n->email == NULL || u->email != NULL);
}

/* A user may come to have what they had none of; nothing is replaced. */
static void
complete(struct work *w, const struct user_name *n, struct user *u)
{
	struct query	*q;
	bool		 named;

	if (user_tells_nothing(u, n))
		return;
	named = u->external_id == NULL && n->external_id != NULL;
	if (named)
		u->external_id = n->external_id;
	if (u->email == NULL)
		u->email = email_fold(w->arena, n->email);
	q = db_query(w->db, SQL(
	    "UPDATE users SET external_id = ?, email = ?,"
	    " named_at = coalesce(?, named_at)"
	    " WHERE tenant = ? AND id = ?"));
	db_text(q, u->external_id);
	db_text(q, u->email);
	if (named)
		db_int(q, w->now.ms);
	else
		db_null(q);
	db_int(q, w->tenant);
	db_int(q, u->number);
	db_run(q);
}

enum err
user_ensure(struct work *w, const struct user_name *n, struct user *u)
{
	enum err	 e = user_find(w, n, u);

	if (e == OK)
		complete(w, n, u);
	if (e != ERR_USER_NOT_FOUND)
		return e;
	insert(w, n, u);

	return OK;
}

enum err
user_create(struct work *w, const struct user_name *n, struct user *u)
{
	if (n->external_id == NULL && n->email == NULL) {
		faults_add(w->faults, "/externalId",
		    "Give externalId, email, or both.");
		return ERR_INVALID_REQUEST;
	}
	if (by_external_id(w, n->external_id, u) ||
	    by_email(w, n->email, u))
		return ERR_USER_CONFLICT;
	insert(w, n, u);
	user_row_describe(w, u, n->metadata);

	return OK;
}

void
user_complete(struct work *w, struct user *u)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT metadata FROM user_metadata"
	    " WHERE tenant = ? AND user = ?"));
	db_int(q, w->tenant);
	db_int(q, u->number);
	if (db_next(q))
		u->metadata = db_col_text(q, w->arena, "metadata");
	db_done(q);
}

void
user_row_describe(struct work *w, struct user *u, const char *metadata)
{
	struct query	*q;

	u->metadata = metadata;
	if (metadata == NULL)
		return;
	q = db_query(w->db, SQL(
	    "INSERT INTO user_metadata (tenant, user, metadata)"
	    " VALUES (?, ?, ?) ON CONFLICT (tenant, user) DO UPDATE"
	    " SET metadata = excluded.metadata"));
	db_int(q, w->tenant);
	db_int(q, u->number);
	db_text(q, metadata);
	db_run(q);
}
