/*
 * key_family: the sets of keys that one partner has, of both sides, so that
 * somebody who mixed them up can be told so.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/partners/key.h"

/* The number of the set that is named; 0 if there is none. */
static int64_t
number_of(struct work *w, const char *named)
{
	struct query	*q;
	struct id	 read;
	struct key	 k;

	if (strncmp(named, "key_", 4) != 0)
		return key_find(w, named, &k) == ERR_INVALID_KEY ? 0 :
		    k.number;
	if (!id_read(ID_KEY, named + 4, &read))
		return 0;
	q = db_query(w->db, SQL(
	    "SELECT id FROM api_keys WHERE id = ?"
	    " AND created_at / 1000 = ?"));
	db_int(q, read.number);
	db_int(q, read.made.ms / 1000);

	return db_only_int(q);
}

/* Their publishable keys: texts, the named set's first. */
static void
read_names(struct work *w, int64_t number, struct list *out)
{
	struct query	*q;
	const char	**names, *swap;
	size_t		 room = 16;

	names = arena_array(w->arena, room, sizeof(*names));
	*out = (struct list){ names, 0 };
	q = db_query(w->db, SQL(
	    "SELECT k.id, k.publishable FROM api_keys n"
	    " CROSS JOIN tenants m ON m.id = n.tenant"
	    " CROSS JOIN tenants t ON t.partner = m.partner"
	    " AND t.gone_at IS NULL"
	    " CROSS JOIN api_keys k ON k.tenant = t.id WHERE n.id = ?"));
	db_int(q, number);
	while (db_next(q)) {
		if (out->count == room) {
			names = memcpy(arena_array(w->arena, 2 * room,
			    sizeof(*names)), names, room * sizeof(*names));
			room *= 2;
			out->items = names;
		}
		names[out->count++] = db_col_text(q, w->arena,
		    "publishable");
		if (db_col_int(q, "id") == number) {
			swap = names[0];
			names[0] = names[out->count - 1];
			names[out->count - 1] = swap;
		}
	}
	db_done(q);
}

enum err
key_family(struct work *w, const char *named, struct list *out)
{
	struct list	 names = { NULL, 0 };
	struct key	*rows;
	int64_t		 number = number_of(w, named);
	enum err	 e = OK;

	if (number == 0)
		return ERR_INVALID_KEY;
	read_names(w, number, &names);
	rows = arena_array(w->arena, names.count, sizeof(*rows));
	*out = (struct list){ rows, names.count };
	for (size_t i = 0; i < names.count && e == OK; i++)
		e = key_find(w, ((const char **)names.items)[i], &rows[i]);

	return e;
}
