/*
 * event: an event by its number or its id, with all that it says.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/donations/donation_told.h"
#include "lib/giving/events/event.h"
#include "lib/giving/exchanges/exchange.h"

#define PREFIX		"evt_"
#define PREFIX_SIZE	(sizeof(PREFIX) - 1)

const struct shape event_out = SHAPE("Event", struct event,
	{ "id",        TEXT(struct event, id),
	    .about = "the event's id, the same in every delivery of it" },
	{ "type",      TEXT(struct event, type),
	    .about = "what kind of thing happened" },
	{ "createdAt", MOMENT(struct event, created_at),
	    .about = "when it happened" },
	{ "data",      RAW(struct event, data), NULLS,
	    .about = "what it is about, as it is now; null if that is"
	    " gone" });

const char *
event_id(struct work *w, int64_t number, struct moment made)
{
	return arena_printf(w->arena, PREFIX "%s", id_text(w->arena,
	    ID_EVENT, (struct id){ w->tenant, number, made }));
}

/* The row alone: what it says besides is still to be looked up. */
static bool
read_row(struct work *w, int64_t number, struct told *t, int64_t *refers)
{
	struct query	*q;
	bool		 found;

	memset(t, 0, sizeof(*t));
	q = db_query(w->db, SQL(
	    "SELECT type, refers, data, created_at FROM events"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, number);
	found = db_next(q);
	if (found) {
		t->type = (enum event_type)db_col_int(q, "type");
		t->created_at.ms = db_col_int(q, "created_at");
		t->data = db_col_text(q, w->arena, "data");
		*refers = db_col_int(q, "refers");
		t->id = event_id(w, number, t->created_at);
	}
	db_done(q);

	return found;
}

bool
event_told(struct work *w, int64_t number, struct told *t)
{
	int64_t	 refers;

	if (!read_row(w, number, t, &refers))
		return false;
	if (t->data == NULL)
		t->data = event_data(w, t->type, refers);
	if (t->type == EVENT_DONATION_PAYMENT_CONFIRMED)
		t->donation = donation_told_chuffed(w, refers);
	if (t->type == EVENT_EXCHANGE_COMPLETED ||
	    t->type == EVENT_EXCHANGE_REVERTED)
		t->points = exchange_points(w, refers,
		    t->type == EVENT_EXCHANGE_REVERTED);

	return t->data != NULL;
}

int64_t
event_number(struct work *w, const char *id)
{
	struct told	 t;
	struct id	 read;
	int64_t		 refers;

	if (strncmp(id, PREFIX, PREFIX_SIZE) != 0 ||
	    !id_read(ID_EVENT, id + PREFIX_SIZE, &read) ||
	    read.tenant != w->tenant ||
	    !read_row(w, read.number, &t, &refers) ||
	    t.created_at.ms / 1000 != read.made.ms / 1000)
		return 0;

	return read.number;
}

enum err
event_find(struct work *w, const char *id, struct event *e)
{
	struct told	 t;
	int64_t		 number = event_number(w, id);

	if (number == 0)
		return ERR_NOT_FOUND;
	(void)event_told(w, number, &t);
	*e = (struct event){ t.id, outbox_word(t.type), t.created_at,
		t.data };

	return OK;
}
