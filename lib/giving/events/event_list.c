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

/* An event before what it is about is looked up. */
struct row {
	int64_t		 refers;
	enum event_type	 type;
};

static bool
is_rare(const struct event_filter *f)
{
	return f->type >= 0 && f->type + 1 != EVENT_ACTION_COMPLETED;
}

static void
bind(struct work *w, struct query *q, const struct event_filter *f,
    const struct page_range *range)
{
	db_int(q, w->tenant);
	db_int(q, range->from);
	db_int(q, range->below);
	db_int(q, f->from.ms);
	db_int(q, f->to.ms != 0 ? f->to.ms : INT64_MAX);
	if (f->type >= 0)
		db_int(q, f->type + 1);
	else
		db_null(q);
}

static int64_t
count(struct work *w, const struct event_filter *f,
    const struct page_range *range)
{
	struct query	*q;

	q = db_query(w->db, ways[is_rare(f)].count);
	bind(w, q, f, range);
	db_int(q, LIMIT_COUNT + 1);

	return page_total(db_only_int(q));
}

/* As many as there are, up to range->take. */
static size_t
read_rows(struct work *w, const struct event_filter *f,
    const struct page_range *range, struct row *rows, struct event *events)
{
	struct query	*q;
	size_t		 n = 0;

	q = db_query(w->db, f->after != NULL ?
	    ways[is_rare(f)].oldest : ways[is_rare(f)].newest);
	bind(w, q, f, range);
	db_int(q, range->take);
	db_int(q, range->skip);
	for (; (int64_t)n < range->take && db_next(q); n++) {
		rows[n].refers = db_col_int(q, "refers");
		rows[n].type = (enum event_type)db_col_int(q, "type");
		events[n].type = outbox_word(rows[n].type);
		events[n].data = db_col_text(q, w->arena, "data");
		events[n].created_at.ms = db_col_int(q, "created_at");
		events[n].id = event_id(w, db_col_int(q, "id"),
		    events[n].created_at);
	}
	db_done(q);

	return n;
}

/* Those that are shown, whole; *n is how many were there to be shown. */
static struct list
read_events(struct work *w, const struct event_filter *f,
    const struct page_range *range, size_t *n)
{
	struct row	*rows;
	struct event	*events;
	size_t		 shown;

	rows = arena_array(w->arena, (size_t)range->take, sizeof(*rows));
	events = arena_array(w->arena, (size_t)range->take,
	    sizeof(*events));
	*n = read_rows(w, f, range, rows, events);
	shown = (int64_t)*n > f->page.limit ? (size_t)f->page.limit : *n;
	for (size_t i = 0; i < shown; i++)
		if (events[i].data == NULL)
			events[i].data = event_data(w, rows[i].type,
			    rows[i].refers);

	return (struct list){ events, shown };
}

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
		number + 1 };

	return OK;
}

static enum err
list_after(struct work *w, const struct event_filter *f,
    struct event_list *out)
{
	struct page_range	 range;
	struct pagination	*pagination;
	const struct event	*events;
	size_t			 n;

	if (range_after(w, f, &range) != OK)
		return ERR_INVALID_REQUEST;
	page_between(w, PAGE_EVENTS, f->from, f->to, &range);
	out->events = read_events(w, f, &range, &n);
	events = out->events.items;
	pagination = arena_alloc(w->arena, sizeof(*pagination));
	*pagination = (struct pagination){ -1, f->page.limit, -1, -1, NULL };
	out->pagination = pagination;
	out->next_after = n > 0 ? events[n - 1].id : f->after;

	return OK;
}

enum err
event_list(struct work *w, const struct event_filter *f,
    struct event_list *out)
{
	struct page_range	 range;
	struct pagination	*pagination;
	const struct event	*events;
	int64_t			 total = -1;
	size_t			 n;

	if (f->after != NULL)
		return list_after(w, f, out);
	if (page_range(w, &f->page, ID_EVENT, &range) != OK)
		return ERR_INVALID_REQUEST;
	page_between(w, PAGE_EVENTS, f->from, f->to, &range);
	if (f->page.cursor == NULL)
		total = count(w, f, &range);
	if (page_reach(w, &f->page, total, &range) != OK)
		return ERR_INVALID_REQUEST;

	out->events = read_events(w, f, &range, &n);
	events = out->events.items;
	pagination = arena_alloc(w->arena, sizeof(*pagination));
	/* A cursor is an id without the prefix that says what it names. */
	page_say(&f->page, n, total, out->events.count > 0 ?
	    strchr(events[out->events.count - 1].id, '_') + 1 : NULL,
	    pagination);
	out->pagination = pagination;
	out->next_after = NULL;

	return OK;
}
