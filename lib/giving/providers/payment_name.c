/*
 * payment_name: other names of payments.
 */
#include <stddef.h>

#include "lib/db/db.h"
#include "lib/giving/providers/payment_name.h"

void
payment_name_add(struct work *w, enum provider_name provider,
    const char *name, const char *reference)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO payment_names (provider, name, reference)"
	    " VALUES (?, ?, ?) ON CONFLICT (provider, name) DO NOTHING"));
	db_int(q, provider);
	db_text(q, name);
	db_text(q, reference);
	db_run(q);
}

const char *
payment_name_find(struct work *w, enum provider_name provider,
    const char *name)
{
	const char	*reference = NULL;
	struct query	*q;

	q = db_query(w->db, SQL("SELECT reference FROM payment_names"
	    " WHERE provider = ? AND name = ?"));
	db_int(q, provider);
	db_text(q, name);
	if (db_next(q))
		reference = db_col_text(q, w->arena, "reference");
	db_done(q);

	return reference;
}
