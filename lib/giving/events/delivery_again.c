/*
 * delivery_again: once more, one of them or all of a time.
 */
#include <inttypes.h>

#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "lib/giving/events/delivery.h"
#include "lib/giving/events/event.h"

const struct shape delivery_replayed_out = SHAPE("WebhookReplay",
    struct delivery_replayed,
	{ "deliveriesQueued", INT(struct delivery_replayed, queued),
	    .about = "how many events are told again" },
	{ "nextFrom", MOMENT(struct delivery_replayed, next_from), NULLS,
	    .about = "not all of them fitted: ask again with this as from;"
	    " else null" });

static enum err
check_on(struct work *w, const struct webhook *h)
{
	if (h->disabled_why == NULL)
		return OK;
	w->detail = "The webhook is switched off: switch it on first, with"
	    " PATCH and status ACTIVE.";

	return ERR_INVALID_TRANSITION;
}

/*
 * One that is claimed is due when its lease ends; one that waits for longer
 * than a lease is not in anybody's hands.
 */
static enum err
check_idle(struct work *w, const struct delivery *d)
{
	if (d->next_at.ms == 0 || d->next_at.ms > w->now.ms + LIMIT_LEASE_MS)
		return OK;
	w->detail = arena_printf(w->arena, "It is under way: it is tried now,"
	    " or within %d seconds.", LIMIT_LEASE_MS / 1000);

	return ERR_INVALID_TRANSITION;
}

enum err
delivery_retry(struct work *w, const char *webhook, const char *id,
    struct delivery *d)
{
	struct webhook	 h;
	struct query	*q;
	enum err	 e = webhook_find(w, webhook, &h);

	if (e == OK)
		e = delivery_find(w, &h, id, d);
	if (e == OK)
		e = check_on(w, &h);
	if (e == OK)
		e = check_idle(w, d);
	if (e != OK)
		return e;
	q = db_query(w->db, SQL(
	    "UPDATE deliveries SET status = 1, due_at = ?, ended_at = NULL"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, w->now.ms);
	db_int(q, w->tenant);
	db_int(q, d->number);
	db_run(q);
	w->told = true;

	return delivery_numbered(w, &h, d->number, d);
}

/* Which of the events it is about, as a mask. */
static int64_t
wanted(struct work *w, const struct delivery_replay *in,
    const struct webhook *h)
{
	const char	**words = in->event_types.items;
	int64_t		  mask = 0;

	for (size_t i = 0; i < in->event_types.count; i++) {
		enum event_type	 type = outbox_find(words[i]);

		if (type == 0)
			faults_add(w->faults, arena_printf(w->arena,
			    "/eventTypes/%zu", i),
			    "There is no such type of event.");
		else
			mask |= OUTBOX_BIT(type);
	}

	return in->event_types.count > 0 ? mask & h->events : h->events;
}

/* As many as there are, the oldest first; their numbers lie behind `last`. */
static int64_t
queue(struct work *w, const struct delivery_replay *in,
    const struct webhook *h, int64_t mask, int64_t last)
{
	struct page_range	 range = { .below = INT64_MAX };
	struct query		*q;

	page_between(w, PAGE_EVENTS, in->from, in->to, &range);
	q = db_query(w->db, SQL(
	    "INSERT INTO deliveries"
	    " (tenant, id, webhook, event, due_at, created_at)"
	    " SELECT ?1, ?2 + row_number() OVER (ORDER BY e.id), ?3, e.id,"
	    " ?4, ?4 FROM events e WHERE e.tenant = ?1 AND e.id >= ?5"
	    " AND e.id < ?6 AND e.created_at BETWEEN ?7 AND ?8"
	    " AND (?9 >> e.type) & 1 AND e.type <> ?10"
	    " AND NOT EXISTS (SELECT 1 FROM deliveries d"
	    " INDEXED BY deliveries_of_event WHERE d.tenant = ?1"
	    " AND d.event = e.id AND d.webhook = ?3"
	    " AND (d.status = 1 OR (d.status = 2 AND ?11)))"
	    " ORDER BY e.id LIMIT ?12"));
	db_int(q, w->tenant);
	db_int(q, last);
	db_int(q, h->number);
	db_int(q, w->now.ms);
	db_int(q, range.from);
	db_int(q, range.below);
	db_int(q, in->from.ms);
	db_int(q, in->to.ms != 0 ? in->to.ms : INT64_MAX);
	db_int(q, mask);
	db_int(q, EVENT_WEBHOOK_TEST);
	db_int(q, in->only_failed);
	db_int(q, LIMIT_AGAIN);

	return db_run(q);
}

/* When what the delivery tells of was. */
static struct moment
told_at(struct work *w, int64_t delivery)
{
	struct query	*q;
	struct moment	 at = { 0 };

	q = db_query(w->db, SQL(
	    "SELECT e.created_at FROM deliveries d"
	    " JOIN events e ON e.tenant = d.tenant AND e.id = d.event"
	    " WHERE d.tenant = ? AND d.id = ?"));
	db_int(q, w->tenant);
	db_int(q, delivery);
	if (db_next(q))
		at.ms = db_col_int(q, "created_at");
	db_done(q);

	return at;
}

enum err
delivery_again(struct work *w, const struct delivery_replay *in,
    struct delivery_replayed *out)
{
	struct webhook	 h;
	int64_t		 mask, last;
	enum err	 e = webhook_find(w, in->webhook, &h);

	if (e != OK)
		return e;
	mask = wanted(w, in, &h);
	if (in->to.ms != 0 && in->to.ms < in->from.ms)
		faults_add(w->faults, "/to", "Not before from.");
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;
	e = check_on(w, &h);
	if (e != OK)
		return e;
	last = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM deliveries WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1")) - 1;
	*out = (struct delivery_replayed){ queue(w, in, &h, mask, last),
		{ 0 } };
	if (out->queued > 0)
		w->told = true;
	if (out->queued == LIMIT_AGAIN)
		out->next_from = told_at(w, last + LIMIT_AGAIN);

	return OK;
}
