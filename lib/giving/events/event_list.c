/*
 * event_list: events by the page, the newest first; or what came after one,
 * the oldest first, for those who were away.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/events/event.h"

const struct shape event_list_out = SHAPE("EventList", struct event_list,
	{ "data",       LIST(struct event_list, events), .each = &event_out,
	    .about = "one page of events" },
	{ "pagination", OBJECT(struct event_list, pagination),
	    .each = &page_out, .about = "where this page lies" },
	{ "nextAfter",  TEXT(struct event_list, next_after), HIDE,
	    .about = "what to say in after the next time" });

/*
 * Of actions that were completed there are many, of the rest few: those are
 * found by an index of their own.
 */
#define MATCHING \
	" WHERE tenant = ? AND id >= ? AND id < ?" \
	" AND created_at BETWEEN ? AND ?"
#define ANY " FROM events" MATCHING " AND type = coalesce(?, type)"
#define RARE " FROM events INDEXED BY events_rare" MATCHING \
	" AND type = ? AND type <> 1"
#define ROW "SELECT id, type, refers, data, created_at"
#define NEWEST " ORDER BY id DESC LIMIT ? OFFSET ?"
#define OLDEST " ORDER BY id LIMIT ? OFFSET ?"
#define COUNT "SELECT count(*) AS n FROM (SELECT 1"

static const struct {
	const char	*newest, *oldest, *count;
} ways[] = {
	{ SQL(ROW ANY NEWEST), SQL(ROW ANY OLDEST),
	    SQL(COUNT ANY " LIMIT ?)") },
	{ SQL(ROW RARE NEWEST), SQL(ROW RARE OLDEST),
	    SQL(COUNT RARE " LIMIT ?)") },
};

static bool
is_rare(const struct event_filter *f)
{
	return f->type >= 0 && f->type + 1 != EVENT_ACTION_COMPLETED;
}

static struct query *
ask(struct work *w, const char *sql, const struct event_filter *f,
    const struct page_range *range)
{
	struct query	*q = db_query(w->db, sql);

	db_int(q, w->tenant);
	db_int(q, range->from);
	db_int(q, range->below);
	page_bind_times(q, f->from, f->to);
	db_int_if(q, f->type >= 0, f->type + 1);

	return q;
}

static void
read_row(struct work *w, struct query *q, void *row)
{
	struct event	*e = row;

	e->refers = db_col_int(q, "refers");
	e->kind = (enum event_type)db_col_int(q, "type");
	e->type = outbox_word(e->kind);
	e->data = db_col_text(q, w->arena, "data");
	e->created_at.ms = db_col_int(q, "created_at");
	e->id = event_id(w, db_col_int(q, "id"), e->created_at);
}

static void
complete(struct work *w, void *row)
{
	struct event	*e = row;

	if (e->data == NULL)
		e->data = event_data(w, e->kind, e->refers);
}

static const struct page_rows rows = { sizeof(struct event),
	offsetof(struct event, id), read_row, complete };

/* The range that lies behind an event; numbers are given without a gap. */
static enum err
range_after(struct work *w, const struct event_filter *f,
    struct page_range *range)
{
	int64_t	 number = event_number(w, f->after);

	if (f->page.cursor != NULL || f->page.page != 1)
		faults_add(w->faults, "/after",
		    "Give after without page and cursor.");
	else if (number == 0 && strcmp(f->after, EVENT_NONE) != 0)
		faults_add(w->faults, "/after", "Not an event of yours: use"
		    " nextAfter of the answer before, unchanged, or "
		    EVENT_NONE " for the first time.");
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;
	*range = (struct page_range){ INT64_MAX, 0, f->page.limit,
		number + 1, &f->page, PAGE_UNCOUNTED };

	return OK;
}

static enum err
list_after(struct work *w, const struct event_filter *f,
    struct event_list *out)
{
	struct page_range	 range;
	struct pagination	*pagination;
	const struct event	*events;
	const void		*by_number;

	if (range_after(w, f, &range) != OK)
		return ERR_INVALID_REQUEST;
	page_between(w, PAGE_EVENTS, f->from, f->to, &range);
	(void)page_read(w, &range, ask(w, ways[is_rare(f)].oldest, f, &range),
	    &rows, &out->events, &by_number);
	events = out->events.items;
	pagination = arena_alloc(w->arena, sizeof(*pagination));
	*pagination = (struct pagination){ -1, f->page.limit, -1, -1, NULL };
	out->pagination = pagination;
	out->next_after = out->events.count > 0 ?
	    events[out->events.count - 1].id : f->after;

	return OK;
}

enum err
event_list(struct work *w, const struct event_filter *f,
    struct event_list *out)
{
	struct page_range	 range;

	if (f->after != NULL)
		return list_after(w, f, out);
	if (page_range(w, &f->page, ID_EVENT, &range) != OK)
		return ERR_INVALID_REQUEST;
	page_between(w, PAGE_EVENTS, f->from, f->to, &range);
	if (f->page.cursor == NULL)
		range.total = page_count(ask(w, ways[is_rare(f)].count, f,
		    &range));
	out->next_after = NULL;

	return page_read(w, &range, ask(w, ways[is_rare(f)].newest, f, &range),
	    &rows, &out->events, &out->pagination);
}
