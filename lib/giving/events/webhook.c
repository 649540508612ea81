/*
 * webhook: finding webhooks, and taking them away.  What they may be is in
 * webhook_wish.c, making and changing them in webhook_change.c.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/events/webhook.h"
#include "lib/hooks/outbox.h"

#define COLUMNS "SELECT id, url, description, format, policy, events," \
	" headers, max_per_second, disabled_at, disabled_why," \
	" failing_since, old_until, created_at"

static struct list
event_types(struct arena *arena, int64_t mask)
{
	const char	**words;
	size_t		 n = 0;

	words = arena_array(arena, EVENT__MAX, sizeof(*words));
	for (int type = 1; type < EVENT__MAX; type++)
		if ((mask & OUTBOX_BIT(type)) != 0)
			words[n++] = outbox_word((enum event_type)type);

	return (struct list){ words, n };
}

/* "A: b\nC: d" has the names A and C. */
static struct list
header_names(struct arena *arena, const char *lines)
{
	const char	**names;
	size_t		 n = 0;

	names = arena_array(arena, LIMIT_HOOK_HEADERS, sizeof(*names));
	while (lines != NULL && *lines != '\0' && n < LIMIT_HOOK_HEADERS) {
		names[n++] = arena_copy(arena, lines, strcspn(lines, ":"));
		lines += strcspn(lines, "\n");
		lines += *lines == '\n';
	}

	return (struct list){ names, n };
}

static void
read_row(struct work *w, struct query *q, void *row)
{
	struct arena	*arena = w->arena;
	struct webhook	*h = row;

	memset(h, 0, sizeof(*h));
	h->number = db_col_int(q, "id");
	h->url = db_col_text(q, arena, "url");
	h->description = db_col_text(q, arena, "description");
	h->dialect = (enum dialect_name)db_col_int(q, "format");
	h->gaps = (enum dialect_name)db_col_int(q, "policy");
	h->format = webhook_formats[h->dialect - 1];
	h->policy = webhook_formats[h->gaps - 1];
	h->events = db_col_int(q, "events");
	h->receive_all = h->events == OUTBOX_ALL;
	h->event_types = event_types(arena, h->events);
	h->headers = db_col_text(q, arena, "headers");
	h->header_names = header_names(arena, h->headers);
	h->max_per_second = db_col_int(q, "max_per_second");
	h->disabled_at.ms = db_col_int(q, "disabled_at");
	h->disabled_why = db_col_text(q, arena, "disabled_why");
	h->status = webhook_statuses[h->disabled_why != NULL];
	h->failing_since.ms = db_col_int(q, "failing_since");
	h->old_until.ms = db_col_int(q, "old_until");
	if (h->old_until.ms <= w->now.ms)
		h->old_until.ms = 0;
	h->created_at.ms = db_col_int(q, "created_at");
	h->id = id_text(arena, ID_WEBHOOK,
	    (struct id){ w->tenant, h->number, h->created_at });
}

bool
webhook_numbered(struct work *w, int64_t number, struct webhook *h)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL(COLUMNS " FROM webhooks"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, number);
	found = db_next(q);
	if (found)
		read_row(w, q, h);
	db_done(q);

	return found;
}

static bool
is_removed(struct work *w, int64_t number)
{
	struct query	*q;
	bool		 removed;

	q = db_query(w->db, SQL(
	    "SELECT 1 FROM webhooks WHERE tenant = ? AND id = ?"
	    " AND removed_at IS NOT NULL"));
	db_int(q, w->tenant);
	db_int(q, number);
	removed = db_next(q);
	db_done(q);

	return removed;
}

enum err
webhook_find(struct work *w, const char *id, struct webhook *h)
{
	struct id	 read;

	if (!id_read(ID_WEBHOOK, id, &read) || read.tenant != w->tenant ||
	    !webhook_numbered(w, read.number, h) ||
	    h->created_at.ms / 1000 != read.made.ms / 1000 ||
	    is_removed(w, read.number))
		return ERR_NOT_FOUND;

	return OK;
}

#define MATCHING " FROM webhooks" \
	" WHERE tenant = ? AND id < ? AND removed_at IS NULL" \
	" AND created_at BETWEEN ? AND ?" \
	" AND (disabled_at IS NOT NULL) =" \
	" coalesce(?, disabled_at IS NOT NULL)" \
	" AND coalesce(events & ? <> 0, 1)"

static struct query *
ask(struct work *w, const char *sql, const struct webhook_filter *f,
    int64_t below)
{
	struct query	*q = db_query(w->db, sql);

	db_int(q, w->tenant);
	db_int(q, below);
	page_bind_times(q, f->from, f->to);
	db_int_if(q, f->status >= 0, f->status);
	db_int_if(q, f->type >= 0, OUTBOX_BIT(f->type + 1));

	return q;
}

static const struct page_rows rows = { sizeof(struct webhook),
	offsetof(struct webhook, id), read_row, NULL };

enum err
webhook_list(struct work *w, const struct webhook_filter *f,
    struct webhook_list *out)
{
	struct page_range	 range;

	if (page_range(w, &f->page, ID_WEBHOOK, &range) != OK)
		return ERR_INVALID_REQUEST;
	if (f->page.cursor == NULL)
		range.total = page_count(ask(w, SQL("SELECT count(*) AS n"
		    " FROM (SELECT 1" MATCHING " LIMIT ?)"), f, INT64_MAX));

	return page_read(w, &range, ask(w, SQL(COLUMNS MATCHING
	    " ORDER BY id DESC LIMIT ? OFFSET ?"), f, range.below),
	    &rows, &out->webhooks, &out->pagination);
}

enum err
webhook_remove(struct work *w, const char *id)
{
	struct webhook	 h;
	struct query	*q;
	enum err	 e = webhook_find(w, id, &h);

	if (e != OK)
		return e;
	q = db_query(w->db, SQL(
	    "UPDATE webhooks SET removed_at = ?"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, w->now.ms);
	db_int(q, w->tenant);
	db_int(q, h.number);
	db_run(q);

	return OK;
}
