/*
 * nonprofit: whom a donation can be for: one of them, or a search.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/donations/nonprofit.h"
#include "lib/giving/donations/nonprofit_row.h"

static const char *const statuses[] = { "ACTIVE", "INACTIVE", NULL };

const struct shape nonprofit_out = SHAPE("Nonprofit", struct nonprofit,
	{ "id",          TEXT(struct nonprofit, id),
	    .about = "our id of the nonprofit" },
	{ "slug",        TEXT(struct nonprofit, slug),
	    .about = "its name in addresses, and in a donation" },
	{ "name",        TEXT(struct nonprofit, name),
	    .about = "what people call it" },
	{ "logoUrl",     TEXT(struct nonprofit, logo_url), NULLS,
	    .about = "an image, or null" },
	{ "ein",         TEXT(struct nonprofit, ein), NULLS,
	    .about = "its nine digits in the United States' register,"
	    " or null" },
	{ "status",      WORD(struct nonprofit, status), .words = statuses,
	    .about = "INACTIVE takes no donations" },
	{ "description", TEXT(struct nonprofit, description), NULLS,
	    .about = "what it does, or null" },
	{ "city",        TEXT(struct nonprofit, city), NULLS,
	    .about = "where it is, or null" },
	{ "state",       TEXT(struct nonprofit, state), NULLS,
	    .about = "and in which state, or null" });

const struct shape nonprofit_list_out = SHAPE("NonprofitList",
    struct nonprofit_list,
	{ "data",       LIST(struct nonprofit_list, rows),
	    .each = &nonprofit_out, .about = "the nonprofits" },
	{ "pagination", OBJECT(struct nonprofit_list, pagination),
	    .each = &page_out, .about = "where in the list this is" });

/* "53-0196605" or its nine digits as a number; -1 for any other text. */
int64_t
nonprofit_ein(const char *text)
{
	int64_t	 ein = 0;
	size_t	 digits = 0;

	for (const char *s = text; *s != '\0'; s++) {
		if (*s == '-' && digits == 2 && s == text + 2)
			continue;
		if (*s < '0' || *s > '9' || ++digits > 9)
			return -1;
		ein = ein * 10 + (*s - '0');
	}

	return digits == 9 ? ein : -1;
}

void
nonprofit_row(struct work *w, struct query *q, struct nonprofit *out)
{
	const char	*status = db_col_text(q, w->arena, "status");

	memset(out, 0, sizeof(*out));
	out->number = db_col_int(q, "id");
	out->created_at.ms = db_col_int(q, "created_at");
	out->id = id_text(w->arena, ID_NONPROFIT,
	    (struct id){ 0, out->number, out->created_at });
	out->slug = db_col_text(q, w->arena, "slug");
	out->name = db_col_text(q, w->arena, "name");
	if (!db_col_null(q, "ein"))
		out->ein = arena_printf(w->arena, "%09lld",
		    (long long)db_col_int(q, "ein"));
	out->description = db_col_text(q, w->arena, "description");
	out->logo_url = db_col_text(q, w->arena, "logo_url");
	out->city = db_col_text(q, w->arena, "city");
	out->state = db_col_text(q, w->arena, "state");
	out->status = status != NULL && strcmp(status, "ACTIVE") == 0 ?
	    NONPROFIT_ACTIVE : NONPROFIT_INACTIVE;
}

static enum err
read_one(struct work *w, struct query *q, struct nonprofit *out)
{
	bool	 found = db_next(q);

	if (found)
		nonprofit_row(w, q, out);
	db_done(q);

	return found ? OK : ERR_NOT_FOUND;
}

enum err
nonprofit_by_slug(struct work *w, const char *slug, struct nonprofit *out)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT id, slug, name, ein, description, logo_url, city, state,"
	    " status, created_at FROM nonprofits WHERE slug = ?"));
	db_text(q, slug);

	return read_one(w, q, out);
}

enum err
nonprofit_by_ein(struct work *w, int64_t ein, struct nonprofit *out)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT id, slug, name, ein, description, logo_url, city, state,"
	    " status, created_at FROM nonprofits WHERE ein = ?"));
	db_int(q, ein);

	return read_one(w, q, out);
}

void
nonprofit_read(struct work *w, int64_t number, struct nonprofit *out)
{
	struct query	*q;

	memset(out, 0, sizeof(*out));
	q = db_query(w->db, SQL(
	    "SELECT id, slug, name, ein, description, logo_url, city, state,"
	    " status, created_at FROM nonprofits WHERE id = ?"));
	db_int(q, number);
	(void)read_one(w, q, out);
}

enum err
nonprofit_find(struct work *w, const char *slug, struct nonprofit *out)
{
	int64_t	 ein = nonprofit_ein(slug);

	if (nonprofit_by_slug(w, slug, out) == OK)
		return OK;

	return ein < 0 ? ERR_NOT_FOUND : nonprofit_by_ein(w, ein, out);
}

enum err
nonprofit_receiver(struct work *w, const char *slug, struct nonprofit *out)
{
	if (nonprofit_find(w, slug, out) != OK)
		return ERR_NONPROFIT_NOT_FOUND;

	return out->status == NONPROFIT_ACTIVE ? OK : ERR_NONPROFIT_INACTIVE;
}

enum err
nonprofit_set_status(struct work *w, const char *slug,
    enum nonprofit_status status)
{
	struct nonprofit	 found;
	struct query		*q;
	enum err		 e;

	e = nonprofit_find(w, slug, &found);
	if (e != OK)
		return e;
	q = db_query(w->db, SQL(
	    "UPDATE nonprofits SET status = ? WHERE id = ?"));
	db_text(q, statuses[status]);
	db_int(q, found.number);
	db_run(q);
	if (found.status == (int)status)
		return OK;
	if (status == NONPROFIT_ACTIVE)
		nonprofit_words_add(w, found.number, found.name);
	else
		nonprofit_words_drop(w, found.number, found.name);

	return OK;
}
