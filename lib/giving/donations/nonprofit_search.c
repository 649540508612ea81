/*
 * nonprofit_search: nonprofits by the beginnings of their names' words.
 *
 * The index of words is SQLite's FTS5 (see nonprofit_words in schema.sql):
 * the one place where SQL of that engine alone stands outside lib/db.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/db/db.h"
#include "lib/giving/donations/nonprofit_row.h"

/* Find it from now on by the words of its name. */
void
nonprofit_words_add(struct work *w, int64_t number, const char *name)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO nonprofit_words (rowid, name) VALUES (?, ?)"));
	db_int(q, number);
	db_text(q, name);
	db_run(q);
}

/* No more, which takes the name that was added: it is FTS5's command. */
void
nonprofit_words_drop(struct work *w, int64_t number, const char *name)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO nonprofit_words (nonprofit_words, rowid, name)"
	    " VALUES ('delete', ?, ?)"));
	db_int(q, number);
	db_text(q, name);
	db_run(q);
}

/*
 * ASCII that is in no word; beyond ASCII the engine knows better, and finds
 * nothing in a word that turns out to be none.
 */
static bool
parts_words(char c)
{
	return (unsigned char)c < 0x80 && !(c >= '0' && c <= '9') &&
	    !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z');
}

/*
 * What FTS5 is asked: "red"* "cro"*, each word in quotes, so that nothing in
 * it is an operator.  NULL if there is no word; words beyond
 * LIMIT_SEARCH_WORDS are left out.
 */
static const char *
question(struct arena *arena, const char *q)
{
	struct buf	 b;
	size_t		 size;
	int		 words = 0;

	buf_init(&b, arena);
	while (words < LIMIT_SEARCH_WORDS) {
		while (*q != '\0' && parts_words(*q))
			q++;
		if (*q == '\0')
			break;
		for (size = 0; q[size] != '\0' && !parts_words(q[size]);)
			size++;
		buf_printf(&b, "%s\"%.*s\"*", words++ > 0 ? " " : "",
		    (int)size, q);
		q += size;
	}

	return words > 0 ? buf_str(&b) : NULL;
}

/* There are so many; from LIMIT_SEARCH_COUNT on nobody counts. */
static int64_t
count(struct query *q)
{
	int64_t	 n;

	db_int(q, LIMIT_SEARCH_COUNT + 1);
	n = db_only_int(q);

	return n > LIMIT_SEARCH_COUNT ? PAGE_UNCOUNTED : n;
}

static int64_t
count_matching(struct work *w, const char *match)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT count(*) AS n FROM (SELECT rowid FROM nonprofit_words"
	    " WHERE nonprofit_words MATCH ? LIMIT ?)"));
	db_text(q, match);

	return count(q);
}

static int64_t
count_all(struct work *w)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT count(*) AS n FROM (SELECT id FROM nonprofits"
	    " WHERE id > 0 AND status = 'ACTIVE' LIMIT ?)"));

	return count(q);
}

static struct query *
ask_matching(struct work *w, const char *match, int64_t from)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT n.id, slug, n.name, ein, description, logo_url, city,"
	    " state, status, created_at"
	    " FROM nonprofit_words JOIN nonprofits n"
	    " ON n.id = nonprofit_words.rowid"
	    " WHERE nonprofit_words MATCH ? AND nonprofit_words.rowid > ?"
	    " ORDER BY nonprofit_words.rowid LIMIT ? OFFSET ?"));
	db_text(q, match);
	db_int(q, from);

	return q;
}

static struct query *
ask_all(struct work *w, int64_t from)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT id, slug, name, ein, description, logo_url, city, state,"
	    " status, created_at FROM nonprofits"
	    " WHERE id > ? AND status = 'ACTIVE'"
	    " ORDER BY id LIMIT ? OFFSET ?"));
	db_int(q, from);

	return q;
}

/* What was asked for is a number: there is one, or none. */
static void
find_ein(struct work *w, int64_t ein, const struct page_range *range,
    struct nonprofit_list *out)
{
	struct nonprofit	*one = arena_alloc(w->arena, sizeof(*one));
	bool			 found;

	found = range->in->cursor == NULL &&
	    nonprofit_by_ein(w, ein, one) == OK &&
	    one->status == NONPROFIT_ACTIVE;
	page_one(w, range, found ? one : NULL, &out->rows, &out->pagination);
}

/* They are the site's and not a tenant's, and come in the order of numbers. */
static enum err
range_of(struct work *w, struct page_range *range)
{
	const struct page_in	*in = range->in;
	struct id		 last;

	if (in->cursor == NULL && range->total == PAGE_UNCOUNTED &&
	    range->skip + in->limit > LIMIT_SEARCH_COUNT) {
		faults_add(w->faults, "/page", "Beyond row %d only nextCursor"
		    " leads on: say more of the name, or begin without page.",
		    LIMIT_SEARCH_COUNT);
		return ERR_INVALID_REQUEST;
	}
	if (in->cursor == NULL)
		return OK;
	if (!id_read(ID_NONPROFIT, in->cursor, &last) || last.tenant != 0) {
		faults_add(w->faults, "/cursor", "Not a cursor of this list:"
		    " use nextCursor of the page before, unchanged.");
		return ERR_INVALID_REQUEST;
	}
	range->from = last.number;

	return OK;
}

static void
read_row(struct work *w, struct query *q, void *row)
{
	nonprofit_row(w, q, row);
}

static const struct page_rows rows = { sizeof(struct nonprofit),
	offsetof(struct nonprofit, id), read_row, NULL };

enum err
nonprofit_search(struct work *w, const struct nonprofit_filter *in,
    struct nonprofit_list *out)
{
	struct page_range	 range = { .take = in->page.limit + 1,
		.in = &in->page };
	const char		*match = NULL;

	if (in->page.cursor == NULL)
		range.skip = (in->page.page - 1) * in->page.limit;
	if (in->q != NULL && nonprofit_ein(in->q) >= 0) {
		find_ein(w, nonprofit_ein(in->q), &range, out);
		return OK;
	}
	if (in->q != NULL) {
		match = question(w->arena, in->q);
		if (match == NULL) {
			faults_add(w->faults, "/q", "Say a word of the name,"
			    " its beginning, or an EIN.");
			return ERR_INVALID_REQUEST;
		}
	}
	if (in->page.cursor == NULL)
		range.total = match != NULL ? count_matching(w, match) :
		    count_all(w);
	if (range_of(w, &range) != OK)
		return ERR_INVALID_REQUEST;

	return page_read(w, &range, match != NULL ?
	    ask_matching(w, match, range.from) :
	    ask_all(w, range.from), &rows, &out->rows, &out->pagination);
}
