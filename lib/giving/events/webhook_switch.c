/*
 * webhook_switch: on and off, by who owns it or by the operator.
 */
#include "lib/db/db.h"
#include "lib/giving/events/webhook.h"

/* What was before counts for nothing. */
static void
switch_on(struct work *w, const struct webhook *h)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE webhooks SET disabled_at = NULL, disabled_why = NULL,"
	    " failing_since = NULL WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, h->number);
	db_run(q);
}

/* If it was off already, what it is off for stays. */
static void
switch_off(struct work *w, const struct webhook *h)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE webhooks SET disabled_at = ?, disabled_why = 'partner'"
	    " WHERE tenant = ? AND id = ? AND disabled_at IS NULL"));
	db_int(q, w->now.ms);
	db_int(q, w->tenant);
	db_int(q, h->number);
	db_run(q);
}

void
webhook_switch(struct work *w, const struct webhook *h, bool on)
{
	if (on)
		switch_on(w, h);
	else
		switch_off(w, h);
}
