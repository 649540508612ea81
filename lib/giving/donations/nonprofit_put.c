/*
 * nonprofit_put: nonprofits that are new, or known better than before.
 *
 * An import calls it for each of its lines, millions of times: two
 * statements for a line that is new, one for a line that says nothing new.
 */
#include <stdio.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/giving/donations/nonprofit_row.h"

/* Is it text that people can read, of up to `most` characters? */
static bool
is_line(const char *text, size_t most)
{
	if (!encode_is_utf8(text, strlen(text)) ||
	    encode_length(text) > most)
		return false;
	for (const char *s = text; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7F)
			return false;

	return true;
}

static bool
is_slug(const char *slug)
{
	size_t	 n = strlen(slug);

	if (n == 0 || n > LIMIT_SLUG || slug[0] == '-' ||
	    slug[n - 1] == '-' || strstr(slug, "--") != NULL)
		return false;

	return strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

/* A page shows it as an image: nothing but https, nothing that ends a quote. */
static bool
is_image(const char *url)
{
	return is_line(url, LIMIT_URL) && strncmp(url, "https://", 8) == 0 &&
	    url[8] != '\0' && strpbrk(url, " \"'<>\\") == NULL;
}

static void
check(struct work *w, const struct nonprofit_entry *in)
{
	const struct {
		const char	*pointer, *text;
		size_t		 most;
	} lines[] = {
		{ "/name", in->name, LIMIT_TITLE },
		{ "/description", in->description, LIMIT_DESCRIPTION },
		{ "/city", in->city, LIMIT_NAME },
		{ "/state", in->state, LIMIT_NAME },
	};

	if (in->name == NULL || in->name[0] == '\0')
		faults_add(w->faults, "/name", "A nonprofit needs one.");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (lines[i].text != NULL &&
		    !is_line(lines[i].text, lines[i].most))
			faults_add(w->faults, lines[i].pointer, "Must be at"
			    " most %zu characters of UTF-8 on one line.",
			    lines[i].most);
	if (in->slug != NULL && !is_slug(in->slug))
		faults_add(w->faults, "/slug", "Must be 1 to %d of a-z, 0-9"
		    " and single dashes between them.", LIMIT_SLUG);
	if (in->ein != NULL && nonprofit_ein(in->ein) < 0)
		faults_add(w->faults, "/ein", "Must be nine digits, as"
		    " 53-0196605 or 530196605.");
	if (in->logo_url != NULL && !is_image(in->logo_url))
		faults_add(w->faults, "/logoUrl",
		    "Must be an https:// address.");
}

static void
bind(struct query *q, const struct nonprofit_entry *in, int64_t ein)
{
	db_text(q, in->name);
	if (ein >= 0)
		db_int(q, ein);
	else
		db_null(q);
	db_text(q, in->description);
	db_text(q, in->logo_url);
	db_text(q, in->city);
	db_text(q, in->state);
}

static int64_t
next_number(struct work *w)
{
	struct query	*q;
	int64_t		 last;

	q = db_query(w->db, SQL(
	    "SELECT id FROM nonprofits ORDER BY id DESC LIMIT 1"));
	last = db_only_int(q);

	return last + 1;
}

/*
 * False if somebody has that slug.  Its number is not asked for with
 * RETURNING, which would be a savepoint for each row: at each of them FTS5
 * writes down all that it holds, and an import takes four times as long.
 */
static bool
insert(struct work *w, const struct nonprofit_entry *in, const char *slug,
    int64_t ein)
{
	struct query	*q;
	int64_t		 number = next_number(w);

	q = db_query(w->db, SQL(
	    "INSERT INTO nonprofits (name, ein, description, logo_url, city,"
	    " state, id, slug, created_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (slug) DO NOTHING"));
	bind(q, in, ein);
	db_int(q, number);
	db_text(q, slug);
	db_int(q, w->now.ms);
	if (db_run(q) == 0)
		return db_trouble(w->db) != DB_WELL;
	nonprofit_words_add(w, number, in->name);

	return true;
}

static bool
differs(const char *new, const char *old)
{
	return new != NULL && (old == NULL || strcmp(new, old) != 0);
}

static enum nonprofit_put
update(struct work *w, const struct nonprofit_entry *in, int64_t ein,
    const struct nonprofit *old)
{
	struct query	*q;

	if (!differs(in->name, old->name) &&
	    !differs(in->description, old->description) &&
	    !differs(in->logo_url, old->logo_url) &&
	    !differs(in->city, old->city) &&
	    !differs(in->state, old->state) &&
	    (ein < 0 || old->ein != NULL))
		return NONPROFIT_SAME;
	q = db_query(w->db, SQL(
	    "UPDATE nonprofits SET name = ?, ein = coalesce(?, ein),"
	    " description = coalesce(?, description),"
	    " logo_url = coalesce(?, logo_url), city = coalesce(?, city),"
	    " state = coalesce(?, state) WHERE id = ?"));
	bind(q, in, ein);
	db_int(q, old->number);
	db_run(q);
	if (old->status == NONPROFIT_ACTIVE && differs(in->name, old->name)) {
		nonprofit_words_drop(w, old->number, old->name);
		nonprofit_words_add(w, old->number, in->name);
	}

	return NONPROFIT_CHANGED;
}

/* The same slug with something behind it that makes it the only one. */
static void
insert_beside(struct work *w, const struct nonprofit_entry *in,
    const char *slug, int64_t ein)
{
	char	 other[LIMIT_SLUG + 24];
	int	 keep = LIMIT_SLUG - 21;	/* room for any number */

	if (ein >= 0) {
		snprintf(other, sizeof(other), "%.*s-%09lld", keep, slug,
		    (long long)ein);
		if (insert(w, in, other, ein))
			return;
	}
	for (long long i = 2;; i++) {
		snprintf(other, sizeof(other), "%.*s-%lld", keep, slug, i);
		if (insert(w, in, other, ein))
			return;
	}
}

/* Who it is about.  ERR_INVALID_REQUEST if two names lead to two of them. */
static enum err
find_old(struct work *w, const struct nonprofit_entry *in, int64_t ein,
    const char *slug, struct nonprofit *old)
{
	if (ein >= 0 && nonprofit_by_ein(w, ein, old) == OK) {
		if (in->slug == NULL || strcmp(in->slug, old->slug) == 0)
			return OK;
		faults_add(w->faults, "/slug", "The nonprofit with that EIN"
		    " is %s: a slug never changes.", old->slug);
		return ERR_INVALID_REQUEST;
	}
	if (ein >= 0 && in->slug == NULL)
		return ERR_NOT_FOUND;
	if (nonprofit_by_slug(w, slug, old) != OK)
		return ERR_NOT_FOUND;
	if (ein >= 0 && old->ein != NULL) {
		faults_add(w->faults, "/slug", "The nonprofit with the EIN"
		    " %s has it: choose another.", old->ein);
		return ERR_INVALID_REQUEST;
	}

	return OK;
}

enum err
nonprofit_put(struct work *w, const struct nonprofit_entry *in,
    enum nonprofit_put *done)
{
	struct nonprofit	 old;
	const char		*slug = in->slug;
	int64_t			 ein;
	enum err		 e;

	check(w, in);
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;
	ein = in->ein == NULL ? -1 : nonprofit_ein(in->ein);
	if (slug == NULL)
		slug = nonprofit_slug(w->arena, in->name);
	if (slug[0] == '\0')
		slug = "nonprofit";

	e = find_old(w, in, ein, slug, &old);
	if (e == ERR_INVALID_REQUEST)
		return e;
	if (e == OK) {
		*done = update(w, in, ein, &old);
		return OK;
	}
	*done = NONPROFIT_ADDED;
	if (!insert(w, in, slug, ein))
		insert_beside(w, in, slug, ein);

	return OK;
}
