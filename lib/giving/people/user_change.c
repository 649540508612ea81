/*
 * user_change: what a partner says of a person, changed in part.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/email.h"
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/giving/people/user.h"
#include "lib/giving/people/user_row.h"

/* What is said now: what was, what is new, or nothing. */
static const char *
either(const char *wanted, const char *is)
{
	if (wanted == NULL)
		return is;

	return wanted[0] != '\0' ? wanted : NULL;
}

static enum err
check_email(struct work *w, const struct user *u, const char *email)
{
	struct user	 other;

	if (email == NULL && u->external_id == NULL) {
		faults_add(w->faults, "/email", "It cannot be removed:"
		    " without externalId, nothing else names this user.");
		return ERR_INVALID_REQUEST;
	}
	if (email != NULL && user_find(w, &(struct user_name){
	    .email = email }, &other) == OK && other.number != u->number)
		return ERR_USER_CONFLICT;

	return OK;
}

static enum err
merge(struct work *w, const char *changes, const struct user *u,
    const char **merged)
{
	*merged = changes;
	if (changes == NULL || changes[0] == '\0')
		return OK;
	*merged = shape_merge(w->arena, u->metadata, changes,
	    LIMIT_METADATA_KEYS);
	if (*merged != NULL)
		return OK;
	faults_add(w->faults, "/metadata", "With what is there already, it"
	    " would have more than %d members or %d bytes.",
	    LIMIT_METADATA_KEYS, LIMIT_METADATA);

	return ERR_INVALID_REQUEST;
}

static void
write(struct work *w, const struct user *u)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE users SET email = ?, first_name = ?, last_name = ?"
	    " WHERE tenant = ? AND id = ?"));
	db_text(q, u->email);
	db_text(q, u->first_name);
	db_text(q, u->last_name);
	db_int(q, w->tenant);
	db_int(q, u->number);
	db_run(q);
}

static void
forget_metadata(struct work *w, struct user *u)
{
	struct query	*q;

	u->metadata = NULL;
	q = db_query(w->db, SQL(
	    "DELETE FROM user_metadata WHERE tenant = ? AND user = ?"));
	db_int(q, w->tenant);
	db_int(q, u->number);
	db_run(q);
}

enum err
user_change(struct work *w, const struct user_change *in, struct user *u)
{
	const char	*email, *metadata;
	enum err	 e = user_named(w, in->user, u), f;

	if (e != OK)
		return e;
	user_complete(w, u);
	email = either(in->email, u->email);
	e = check_email(w, u, email);
	f = merge(w, in->metadata, u, &metadata);
	if (e != OK || f != OK)
		return e != OK ? e : f;

	u->email = email_fold(w->arena, email);
	u->first_name = either(in->first_name, u->first_name);
	u->last_name = either(in->last_name, u->last_name);
	write(w, u);
	if (metadata != NULL && metadata[0] == '\0')
		forget_metadata(w, u);
	else if (metadata != NULL)
		user_row_describe(w, u, metadata);

	return OK;
}
