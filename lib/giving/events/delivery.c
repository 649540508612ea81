/*
 * delivery: what became of events for a webhook, attempt by attempt.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/events/delivery.h"
#include "lib/giving/events/event.h"
#include "lib/net/net.h"

#define ATTEMPTS	32	/* more than any policy has, and some by hand */

/* In the order of deliveries.status, from its first on. */
const char *const delivery_statuses[] = { "PENDING", "DELIVERED", "FAILED",
	"DROPPED", NULL };

static const struct shape attempt_out = SHAPE("DeliveryAttempt",
    struct delivery_attempt,
	{ "number",     INT(struct delivery_attempt, number),
	    .about = "1 for the first" },
	{ "at",         MOMENT(struct delivery_attempt, at),
	    .about = "when it was" },
	{ "outcome",    TEXT(struct delivery_attempt, outcome),
	    .about = "what became of it: answered, timeout, tls …" },
	{ "status",     INT(struct delivery_attempt, status), NULLS,
	    .about = "the HTTP status, or null if none came" },
	{ "durationMs", INT(struct delivery_attempt, duration_ms),
	    .about = "how long it took" },
	{ "answer",     TEXT(struct delivery_attempt, answer), NULLS,
	    .about = "the first KiB of the answer; where none came, why" });

const struct shape delivery_out = SHAPE("Delivery", struct delivery,
	{ "deliveryId", TEXT(struct delivery, id),
	    .about = "our id of the delivery" },
	{ "eventId",    TEXT(struct delivery, event),
	    .about = "the event that it tells of" },
	{ "eventType",  TEXT(struct delivery, event_type),
	    .about = "its type" },
	{ "status",     WORD(struct delivery, state),
	    .words = delivery_statuses, .about = "PENDING, DELIVERED, FAILED"
	    " for good, or DROPPED: its webhook was switched off" },
	{ "attempts",   LIST(struct delivery, attempts),
	    .each = &attempt_out,
	    .about = "each of them, the first first; of more"
	    " than 32 the last 32" },
	{ "nextAttemptAt", MOMENT(struct delivery, next_at), NULLS,
	    .about = "when it is tried next at the earliest, or null" },
	{ "createdAt",  MOMENT(struct delivery, created_at),
	    .about = "when it was queued" },
	{ "endedAt",    MOMENT(struct delivery, ended_at), NULLS,
	    .about = "when its status became what it is, null if pending" });

const struct shape delivery_list_out = SHAPE("DeliveryList",
    struct delivery_list,
	{ "data",       LIST(struct delivery_list, deliveries),
	    .each = &delivery_out,
	    .about = "one page of deliveries, the newest first" },
	{ "pagination", OBJECT(struct delivery_list, pagination),
	    .each = &page_out,
	    .about = "where this page lies; they are not counted" });

/*
 * The ways through a webhook's deliveries: those that failed for good are
 * few, and have an index of their own.
 */
#define ROW "SELECT d.id, d.event, d.status, d.due_at, d.created_at," \
	" d.ended_at, e.type, e.created_at AS happened_at FROM deliveries d"
#define EVENT " JOIN events e ON e.tenant = d.tenant AND e.id = d.event"
#define MATCHING \
	" WHERE d.tenant = ? AND d.webhook = ? AND d.id < ?" \
	" AND d.created_at BETWEEN ? AND ?" \
	" AND d.status = coalesce(?, d.status)" \
	" AND e.type = coalesce(?, e.type)"
#define NEWEST " ORDER BY d.id DESC LIMIT ? OFFSET ?"

static void
read_row(struct work *w, struct query *q, void *row)
{
	struct delivery	*d = row;

	memset(d, 0, sizeof(*d));
	d->number = db_col_int(q, "id");
	d->event_number = db_col_int(q, "event");
	d->state = (int)db_col_int(q, "status") - 1;
	d->next_at.ms = db_col_int(q, "due_at");
	d->created_at.ms = db_col_int(q, "created_at");
	d->ended_at.ms = db_col_int(q, "ended_at");
	d->event_type = outbox_word((enum event_type)db_col_int(q, "type"));
	d->event = event_id(w, d->event_number,
	    (struct moment){ db_col_int(q, "happened_at") });
	d->id = id_text(w->arena, ID_DELIVERY,
	    (struct id){ w->tenant, d->number, d->created_at });
}

static void
read_attempt(struct work *w, struct query *q, struct delivery_attempt *a)
{
	a->number = db_col_int(q, "number");
	a->at.ms = db_col_int(q, "at");
	a->outcome = net_word((enum net_outcome)db_col_int(q, "outcome"));
	a->status = db_col_int(q, "status");
	a->duration_ms = db_col_int(q, "duration_ms");
	a->answer = db_col_text(q, w->arena, "answer");
}

/* The last is read first. */
static void
read_attempts(struct work *w, void *row)
{
	struct delivery		*d = row;
	struct delivery_attempt	*each;
	struct query		*q;
	size_t			 at = ATTEMPTS;

	each = arena_array(w->arena, ATTEMPTS, sizeof(*each));
	q = db_query(w->db, SQL(
	    "SELECT number, at, outcome, status, duration_ms, answer"
	    " FROM attempts WHERE tenant = ? AND delivery = ?"
	    " ORDER BY number DESC LIMIT 32"));
	db_int(q, w->tenant);
	db_int(q, d->number);
	while (at > 0 && db_next(q))
		read_attempt(w, q, &each[--at]);
	db_done(q);
	d->attempts = (struct list){ each + at, ATTEMPTS - at };
}

enum err
delivery_numbered(struct work *w, const struct webhook *h, int64_t number,
    struct delivery *d)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL(ROW EVENT
	    " WHERE d.tenant = ? AND d.id = ? AND d.webhook = ?"));
	db_int(q, w->tenant);
	db_int(q, number);
	db_int(q, h->number);
	found = db_next(q);
	if (found)
		read_row(w, q, d);
	db_done(q);
	if (!found)
		return ERR_NOT_FOUND;
	read_attempts(w, d);

	return OK;
}

enum err
delivery_find(struct work *w, const struct webhook *h, const char *id,
    struct delivery *d)
{
	struct id	 read;

	if (!id_read(ID_DELIVERY, id, &read) || read.tenant != w->tenant ||
	    delivery_numbered(w, h, read.number, d) != OK ||
	    d->created_at.ms / 1000 != read.made.ms / 1000)
		return ERR_NOT_FOUND;

	return OK;
}

static struct query *
ask(struct work *w, const char *sql, const struct webhook *h,
    const struct delivery_filter *f, int64_t below)
{
	struct query	*q = db_query(w->db, sql);

	db_int(q, w->tenant);
	db_int(q, h->number);
	db_int(q, below);
	page_bind_times(q, f->from, f->to);
	db_int_if(q, f->status >= 0, f->status + 1);
	db_int_if(q, f->type >= 0, f->type + 1);

	return q;
}

static const struct page_rows rows = { sizeof(struct delivery),
	offsetof(struct delivery, id), read_row, read_attempts };

enum err
delivery_list(struct work *w, const struct delivery_filter *f,
    struct delivery_list *out)
{
	struct webhook	 h;
	struct page_range	 range;
	enum err	 e = webhook_find(w, f->webhook, &h);

	if (e == OK)
		e = page_range(w, &f->page, ID_DELIVERY, &range);
	if (e != OK)
		return e;
	range.total = PAGE_UNCOUNTED;

	return page_read(w, &range, ask(w, f->status >= 2 ?
	    SQL(ROW " INDEXED BY deliveries_lost" EVENT MATCHING
	    " AND d.status > 2" NEWEST) :
	    SQL(ROW " INDEXED BY deliveries_of_webhook" EVENT MATCHING
	    NEWEST), &h, f, range.below), &rows,
	    &out->deliveries, &out->pagination);
}
