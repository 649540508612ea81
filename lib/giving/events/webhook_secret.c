/*
 * webhook_secret: a webhook's secrets in the database, where they are sealed
 * under the site's master key, each for its place alone.
 */
#include <inttypes.h>

#include "lib/base/arena.h"
#include "lib/crypto/seal.h"
#include "lib/db/db.h"
#include "lib/giving/events/webhook_row.h"

/* "webhooks.secret:7:1": of the first webhook of tenant 7. */
static const char *
label(struct work *w, const char *place, int64_t number)
{
	return arena_printf(w->arena, "webhooks.%s:%" PRId64 ":%" PRId64,
	    place, w->tenant, number);
}

unsigned char *
webhook_secret_seal(struct work *w, const char *place, int64_t number,
    const char *secret, size_t *size)
{
	return seal_close(w->arena, label(w, place, number), secret,
	    size);
}

bool
webhook_secrets(struct work *w, const struct webhook *h,
    const char *secrets[2])
{
	const void	*sealed, *old;
	struct query	*q;
	size_t		 size, old_size;

	secrets[0] = secrets[1] = NULL;
	q = db_query(w->db, SQL(
	    "SELECT secret_sealed, old_sealed, old_until > ? AS counts"
	    " FROM webhooks WHERE tenant = ? AND id = ?"));
	db_int(q, w->now.ms);
	db_int(q, w->tenant);
	db_int(q, h->number);
	if (db_next(q)) {
		sealed = db_col_bytes(q, w->arena, "secret_sealed", &size);
		secrets[0] = seal_open(w->arena, label(w, "secret",
		    h->number), sealed, size);
		old = db_col_bytes(q, w->arena, "old_sealed", &old_size);
		if (old != NULL && db_col_int(q, "counts") != 0)
			secrets[1] = seal_open(w->arena, label(w, "old",
			    h->number), old, old_size);
	}
	db_done(q);

	return secrets[0] != NULL;
}
