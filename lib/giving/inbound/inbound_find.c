/*
 * inbound_find: whose secret a message was proved with.
 */
#include <inttypes.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/seal.h"
#include "lib/db/db.h"
#include "lib/giving/inbound/inbound.h"

static const char *
read_secret(struct work *w, struct query *q, enum inbound_format format)
{
	size_t		 size;
	const void	*sealed = db_col_bytes(q, w->arena, "sealed", &size);

	return seal_open(w->arena, arena_printf(w->arena,
	    "inbound.secret:%" PRId64 ":%d", db_col_int(q, "tenant"),
	    (int)format), sealed, size);
}

static enum err
state(const char *status, bool live)
{
	if (strcmp(status, "SUSPENDED") == 0)
		return ERR_PARTNER_SUSPENDED;

	return live && strcmp(status, "PENDING") == 0 ?
	    ERR_PARTNER_NOT_APPROVED : OK;
}

enum err
inbound_find(struct work *w, enum inbound_format format,
    const struct inbound_proof *proof, struct donation_side *out)
{
	enum err	 e = ERR_INVALID_SIGNATURE;
	const char	*secret;
	struct query	*q;

	/* Whose it is is what is asked: every tenant. */
	q = db_query(w->db, SQL(
	    "SELECT s.tenant, s.sealed, t.ahead, t.side, p.status"
	    " FROM inbound_secrets s JOIN tenants t ON t.id = s.tenant"
	    " JOIN partners p ON p.id = t.partner"
	    " WHERE s.format = ? AND t.side <> 'gone'"));
	db_int(q, format);
	while (db_next(q)) {
		secret = read_secret(w, q, format);
		if (secret == NULL || !proof->fits(secret, proof->with))
			continue;
		*out = (struct donation_side){
			.tenant = db_col_int(q, "tenant"),
			.ahead_ms = db_col_int(q, "ahead"),
			.live = db_col_text(q, w->arena, "side")[0] == 'l' };
		e = state(db_col_text(q, w->arena, "status"), out->live);
	}
	db_done(q);

	return e;
}
