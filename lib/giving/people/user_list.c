/*
 * user_list: users by the page, the newest first.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/email.h"
#include "lib/db/db.h"
#include "lib/giving/people/user.h"
#include "lib/giving/people/user_row.h"

const struct shape user_list_out = SHAPE("UserList", struct user_list,
	{ "data",       LIST(struct user_list, users), .each = &user_out,
	    .about = "one page of users" },
	{ "pagination", OBJECT(struct user_list, pagination),
	    .each = &page_out, .about = "where this page lies" });

/* Of those who were erased nothing is left to list. */
#define MATCHING \
	" FROM users WHERE tenant = ? AND id >= ? AND id < ?" \
	" AND created_at BETWEEN ? AND ? AND erased_at IS NULL"

static void
bind(struct work *w, struct query *q, const struct user_filter *f,
    const struct page_range *range)
{
	db_int(q, w->tenant);
	db_int(q, range->from);
	db_int(q, range->below);
	db_int(q, f->from.ms);
	db_int(q, f->to.ms != 0 ? f->to.ms : INT64_MAX);
}

/* Numbers have no gaps: the last one, less those who were erased. */
static int64_t
count_all(struct work *w)
{
	struct query	*q;
	int64_t		 last, erased = 0;

	last = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM users WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1")) - 1;
	q = db_query(w->db, SQL(
	    "SELECT count(*) AS n FROM users"
	    " WHERE tenant = ? AND erased_at IS NOT NULL"));
	db_int(q, w->tenant);
	if (db_next(q))
		erased = db_col_int(q, "n");
	db_done(q);

	return last - erased;
}

static int64_t
count(struct work *w, const struct user_filter *f,
    const struct page_range *range)
{
	struct query	*q;

	if (f->from.ms == 0 && f->to.ms == 0)
		return count_all(w);
	q = db_query(w->db, SQL(
	    "SELECT count(*) AS n FROM (SELECT 1" MATCHING " LIMIT ?)"));
	bind(w, q, f, range);
	db_int(q, LIMIT_COUNT + 1);

	return page_total(db_only_int(q));
}

static size_t
read_rows(struct work *w, const struct user_filter *f,
    const struct page_range *range, struct user *rows)
{
	struct query	*q;
	size_t		 n = 0;

	q = db_query(w->db, SQL("SELECT " USER_COLUMNS MATCHING
	    " ORDER BY id DESC LIMIT ? OFFSET ?"));
	bind(w, q, f, range);
	db_int(q, range->take);
	db_int(q, range->skip);
	while ((int64_t)n < range->take && db_next(q))
		user_row_read(w, q, &rows[n++]);
	db_done(q);

	return n;
}

/* An id or an e-mail is one person's, if anybody's. */
static size_t
find_named(struct work *w, const struct user_filter *f,
    const struct page_range *range, struct user *u)
{
	const struct user_name	 name = { .external_id = f->external_id,
		.email = f->email };

	if (user_find(w, &name, u) != OK ||
	    u->number >= range->below || u->created_at.ms < f->from.ms ||
	    (f->to.ms != 0 && u->created_at.ms > f->to.ms))
		return 0;
	if (f->external_id != NULL && (u->external_id == NULL ||
	    strcmp(u->external_id, f->external_id) != 0))
		return 0;
	if (f->email != NULL && (u->email == NULL ||
	    strcmp(u->email, email_fold(w->arena, f->email)) != 0))
		return 0;

	return 1;
}

enum err
user_list(struct work *w, const struct user_filter *f, struct user_list *out)
{
	bool			 named;
	struct page_range	 range;
	struct pagination	*pagination;
	struct user		*rows;
	int64_t			 total = -1;
	size_t			 n, shown;

	if (page_range(w, &f->page, ID_USER, &range) != OK)
		return ERR_INVALID_REQUEST;
	rows = arena_array(w->arena, (size_t)range.take, sizeof(*rows));
	named = f->external_id != NULL || f->email != NULL;
	if (named)
		n = find_named(w, f, &range, rows);
	else
		page_between(w, PAGE_USERS, f->from, f->to, &range);
	if (f->page.cursor == NULL)
		total = named ? (int64_t)n : count(w, f, &range);
	if (page_reach(w, &f->page, total, &range) != OK)
		return ERR_INVALID_REQUEST;

	if (!named)
		n = read_rows(w, f, &range, rows);
	else if (range.skip > 0)
		n = 0;
	shown = (int64_t)n > f->page.limit ? (size_t)f->page.limit : n;
	for (size_t i = 0; i < shown; i++)
		user_complete(w, &rows[i]);
	pagination = arena_alloc(w->arena, sizeof(*pagination));
	page_say(&f->page, n, total,
	    shown > 0 ? rows[shown - 1].id : NULL, pagination);
	*out = (struct user_list){ { rows, shown }, pagination };

	return OK;
}
