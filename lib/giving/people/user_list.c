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

static struct query *
ask(struct work *w, const char *sql, const struct user_filter *f,
    const struct page_range *range)
{
	struct query	*q = db_query(w->db, sql);

	db_int(q, w->tenant);
	db_int(q, range->from);
	db_int(q, range->below);
	page_bind_times(q, f->from, f->to);

	return q;
}

/* Numbers have no gaps: the last one, less those who were erased. */
static int64_t
count_all(struct work *w)
{
	struct query	*q;
	int64_t		 last;

	last = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM users WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1")) - 1;
	q = db_query(w->db, SQL(
	    "SELECT count(*) AS n FROM users"
	    " WHERE tenant = ? AND erased_at IS NOT NULL"));
	db_int(q, w->tenant);

	return last - db_only_int(q);
}

static void
read_row(struct work *w, struct query *q, void *row)
{
	user_row_read(w, q, row);
}

static void
complete(struct work *w, void *row)
{
	user_complete(w, row);
}

static const struct page_rows rows = { sizeof(struct user),
	offsetof(struct user, id), read_row, complete };

/* An id or an e-mail is one person's, if anybody's; else NULL. */
static struct user *
find_named(struct work *w, const struct user_filter *f, int64_t below)
{
	const struct user_name	 name = { .external_id = f->external_id,
		.email = f->email };
	struct user		*u = arena_alloc(w->arena, sizeof(*u));

	if (user_find(w, &name, u) != OK ||
	    u->number >= below || u->created_at.ms < f->from.ms ||
	    (f->to.ms != 0 && u->created_at.ms > f->to.ms))
		return NULL;
	if (f->external_id != NULL && (u->external_id == NULL ||
	    strcmp(u->external_id, f->external_id) != 0))
		return NULL;
	if (f->email != NULL && (u->email == NULL ||
	    strcmp(u->email, email_fold(w->arena, f->email)) != 0))
		return NULL;
	user_complete(w, u);

	return u;
}

enum err
user_list(struct work *w, const struct user_filter *f, struct user_list *out)
{
	struct page_range	 range;

	if (page_range(w, &f->page, ID_USER, &range) != OK)
		return ERR_INVALID_REQUEST;
	if (f->external_id != NULL || f->email != NULL) {
		page_one(w, &range, find_named(w, f, range.below),
		    &out->users, &out->pagination);
		return OK;
	}
	page_between(w, PAGE_USERS, f->from, f->to, &range);
	if (f->page.cursor == NULL)
		range.total = f->from.ms == 0 && f->to.ms == 0 ? count_all(w) :
		    page_count(ask(w, SQL("SELECT count(*) AS n"
		    " FROM (SELECT 1" MATCHING " LIMIT ?)"), f, &range));

	return page_read(w, &range, ask(w, SQL("SELECT " USER_COLUMNS MATCHING
	    " ORDER BY id DESC LIMIT ? OFFSET ?"), f, &range), &rows,
	    &out->users, &out->pagination);
}
