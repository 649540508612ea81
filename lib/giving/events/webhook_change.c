/*
 * webhook_change: making webhooks and making them others.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/events/webhook_row.h"

static void
int_or_null(struct query *q, int64_t value)
{
	if (value > 0)
		db_int(q, value);
	else
		db_null(q);
}

/* Is there room for one more?  Those that were removed count for nothing. */
static enum err
check_room(struct work *w)
{
	struct query	*q;
	int64_t		 n;

	q = db_query(w->db, SQL(
	    "SELECT count(*) AS n FROM webhooks"
	    " WHERE tenant = ? AND removed_at IS NULL"));
	db_int(q, w->tenant);
	n = db_only_int(q);

	return n < LIMIT_WEBHOOKS ? OK : ERR_WEBHOOK_LIMIT;
}

static void
insert(struct work *w, const struct webhook_wish *in,
    const struct webhook *h, const struct webhook_row *row,
    const char *secret)
{
	unsigned char	*sealed;
	struct query	*q;
	size_t		 size;

	sealed = webhook_secret_seal(w, "secret", h->number, secret, &size);
	q = db_query(w->db, SQL(
	    "INSERT INTO webhooks (tenant, id, url, description, format,"
	    " policy, events, headers, max_per_second, secret_sealed,"
	    " created_at)"
	    " VALUES (?, ?, ?, nullif(?, ''), ?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, h->number);
	db_text(q, in->url);
	db_text(q, in->description);	/* "" is none */
	db_int(q, h->dialect);
	db_int(q, in->policy >= 0 ? in->policy + 1 : (int)h->dialect);
	db_int(q, row->events);
	db_text(q, row->headers);
	int_or_null(q, in->max_per_second);
	db_bytes(q, sealed, size);
	db_int(q, w->now.ms);
	db_run(q);
}

static enum err
check_new(struct work *w, const struct webhook_wish *in, struct webhook *h,
    struct webhook_row *row)
{
	enum err	 e;

	*h = (struct webhook){ .dialect = DIALECT_SIR };
	if (in->format >= 0)
		h->dialect = (enum dialect_name)(in->format + 1);
	e = webhook_wish_check(w, in, h, row);
	if (webhook_wish_secret(w, h->dialect, in->secret) != OK)
		e = ERR_INVALID_REQUEST;

	return e == OK ? check_room(w) : e;
}

enum err
webhook_may_register(struct work *w, const struct webhook_wish *in)
{
	struct webhook		 h;
	struct webhook_row	 row;

	return check_new(w, in, &h, &row);
}

enum err
webhook_register(struct work *w, const struct webhook_wish *in,
    struct webhook *out)
{
	struct webhook		 h;
	struct webhook_row	 row;
	const char		*secret = in->secret;
	enum err		 e = check_new(w, in, &h, &row);

	if (e != OK)
		return e;
	h.number = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM webhooks WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));
	if (secret == NULL)
		secret = dialect_get(h.dialect)->secret(w->arena);
	insert(w, in, &h, &row, secret);
	if (!webhook_numbered(w, h.number, out))
		return ERR_INTERNAL;
	out->secret = secret;

	return OK;
}

static void
update(struct work *w, const struct webhook_wish *in,
    const struct webhook *h, const struct webhook_row *row)
{
	const char	*about = in->description;
	struct query	*q;

	if (about == NULL)
		about = h->description;
	q = db_query(w->db, SQL(
	    "UPDATE webhooks SET url = ?, description = nullif(?, ''),"
	    " policy = ?, events = ?, headers = ?, max_per_second = ?"
	    " WHERE tenant = ? AND id = ?"));
	db_text(q, in->url != NULL ? in->url : h->url);
	db_text(q, about);
	db_int(q, in->policy >= 0 ? in->policy + 1 : (int)h->gaps);
	db_int(q, row->events);
	db_text(q, row->headers);
	int_or_null(q, in->max_per_second >= 0 ?
	    in->max_per_second : h->max_per_second);
	db_int(q, w->tenant);
	db_int(q, h->number);
	db_run(q);
}

static enum err
check_change(struct work *w, const struct webhook_wish *in,
    struct webhook *h, struct webhook_row *row)
{
	enum err	 e = webhook_find(w, in->webhook, h);

	return e == OK ? webhook_wish_check(w, in, h, row) : e;
}

enum err
webhook_may_change(struct work *w, const struct webhook_wish *in)
{
	struct webhook		 h;
	struct webhook_row	 row;

	return check_change(w, in, &h, &row);
}

enum err
webhook_change(struct work *w, const struct webhook_wish *in,
    struct webhook *out)
{
	struct webhook		 h;
	struct webhook_row	 row;
	enum err		 e = check_change(w, in, &h, &row);

	if (e != OK)
		return e;
	update(w, in, &h, &row);
	if (in->status >= 0)
		webhook_switch(w, &h, in->status == 0);

	return webhook_numbered(w, h.number, out) ? OK : ERR_INTERNAL;
}

enum err
webhook_rotate(struct work *w, const struct webhook_rotation *in,
    struct webhook *out)
{
	const char	*secrets[2], *secret = in->secret;
	unsigned char	*sealed, *old;
	struct webhook	 h;
	struct query	*q;
	size_t		 size, old_size;
	enum err	 e = webhook_find(w, in->webhook, &h);

	if (e == OK)
		e = webhook_wish_secret(w, h.dialect, secret);
	if (e == OK && !webhook_secrets(w, &h, secrets))
		e = ERR_INTERNAL;
	if (e != OK)
		return e;
	if (secret == NULL)
		secret = dialect_get(h.dialect)->secret(w->arena);
	sealed = webhook_secret_seal(w, "secret", h.number, secret, &size);
	old = webhook_secret_seal(w, "old", h.number, secrets[0],
	    &old_size);
	q = db_query(w->db, SQL(
	    "UPDATE webhooks SET secret_sealed = ?, old_sealed = ?,"
	    " old_until = ? WHERE tenant = ? AND id = ?"));
	db_bytes(q, sealed, size);
	if (in->overlap_s > 0) {
		db_bytes(q, old, old_size);
		db_int(q, w->now.ms + in->overlap_s * 1000);
	} else {
		db_null(q);
		db_null(q);
	}
	db_int(q, w->tenant);
	db_int(q, h.number);
	db_run(q);
	if (!webhook_numbered(w, h.number, out))
		return ERR_INTERNAL;
	out->secret = secret;

	return OK;
}
