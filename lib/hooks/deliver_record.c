/*
 * deliver_record: what became of what was sent.
 *
 * Only a 2xx is a success.  What was our own fault is no attempt: the
 * delivery is due again soon, and the webhook is let rest.
 */
#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/limits.h"
#include "lib/crypto/random.h"
#include "lib/db/db.h"
#include "lib/hooks/delivering.h"
#include "lib/hooks/health.h"

/* deliveries.status. */
enum { PENDING = 1, DELIVERED, FAILED, DROPPED };

/* How a delivery goes on: `due_at` if it is pending, else it has ended. */
struct outcome {
	int	status;
	int64_t	due_at;
};

static int64_t
now_of(const struct round *r, const struct hook *h)
{
	return r->w->now.ms + h->ahead;
}

/* Unless it was decided otherwise meanwhile. */
static void
put(struct round *r, const struct parcel *p, int64_t attempts,
    struct outcome o)
{
	struct query	*q = db_query(r->w->db, SQL(
	    "UPDATE deliveries SET status = ?, attempts = ?, due_at = ?,"
	    " ended_at = ? WHERE tenant = ? AND id = ? AND status = 1"));

	db_int(q, o.status);
	db_int(q, attempts);
	if (o.status == PENDING) {
		db_int(q, o.due_at);
		db_null(q);
	} else {
		db_null(q);
		db_int(q, now_of(r, p->hook));
	}
	db_int(q, p->hook->tenant);
	db_int(q, p->id);
	db_run(q);
}

/*
 * How the answer began, as text: what is no UTF-8, or was cut off in the
 * middle of a character, is shown as question marks.
 */
static const char *
text_of(struct arena *arena, const struct net_answer *a)
{
	char	*text = arena_copy(arena, a->body, a->size);
	size_t	 width;

	for (size_t i = 0; i < a->size; i += width) {
		for (width = 1; width <= 4 && i + width <= a->size; width++)
			if (encode_is_utf8(text + i, width))
				break;
		if (text[i] == '\0' || width > 4 || i + width > a->size) {
			text[i] = '?';
			width = 1;
		}
	}

	return text;
}

/* Where nothing was answered, the sentence that says why stands there. */
static void
note(struct round *r, const struct parcel *p)
{
	const struct net_answer	*a = &p->answer;
	struct query		*q;

	/* There is one if another of us, long believed dead, sent it too. */
	q = db_query(r->w->db, SQL(
	    "INSERT INTO attempts (tenant, delivery, number, at, outcome,"
	    " status, duration_ms, answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (tenant, delivery, number) DO NOTHING"));
	db_int(q, p->hook->tenant);
	db_int(q, p->id);
	db_int(q, p->attempt);
	db_int(q, p->at.ms + p->hook->ahead);
	db_int(q, a->outcome);
	if (a->status != 0)
		db_int(q, a->status);
	else
		db_null(q);
	db_int(q, a->duration_ms);
	db_text(q, deliver_status(a) == 0 ? a->why : text_of(p->arena, a));
	db_run(q);
}

/* One success clears the clock. */
static void
clear(struct round *r, struct hook *h)
{
	struct query	*q;

	if (!h->failing)
		return;
	h->failing = false;
	q = db_query(r->w->db, SQL(
	    "UPDATE webhooks SET failing_since = NULL"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, h->tenant);
	db_int(q, h->id);
	db_run(q);
}

/* Since when it has failed and done nothing else. */
static int64_t
failing_since(struct round *r, struct hook *h)
{
	struct query	*q = db_query(r->w->db, SQL(
	    "UPDATE webhooks SET failing_since = coalesce(failing_since, ?)"
	    " WHERE tenant = ? AND id = ? RETURNING failing_since"));
	int64_t		 since = now_of(r, h);

	h->failing = true;
	db_int(q, since);
	db_int(q, h->tenant);
	db_int(q, h->id);
	if (db_next(q))
		since = db_col_int(q, "failing_since");
	db_done(q);

	return since;
}

/* Its partner's other webhooks are told; it is off by then. */
static void
disable(struct round *r, struct hook *h, const char *why)
{
	struct work	 w = *r->w;
	struct query	*q = db_query(w.db, SQL(
	    "UPDATE webhooks SET disabled_at = ?, disabled_why = ?"
	    " WHERE tenant = ? AND id = ? AND disabled_at IS NULL"));

	w.tenant = h->tenant;
	w.now.ms = now_of(r, h);
	db_int(q, w.now.ms);
	db_text(q, why);
	db_int(q, h->tenant);
	db_int(q, h->id);
	if (db_run(q) > 0)
		outbox_add(&w, EVENT_WEBHOOK_DISABLED, h->id, NULL);
	h->due = true;		/* so that the rest of it is dropped */
	r->look = true;
}

static struct outcome
try_again(struct round *r, const struct parcel *p)
{
	const struct net_answer	*a = &p->answer;
	int64_t			 after_s = -1, wait_ms;
	uint16_t		 chance;

	if (deliver_status(a) == 429 || deliver_status(a) == 503)
		after_s = a->retry_after_s;
	random_bytes(&chance, sizeof(chance));
	wait_ms = dialect_wait_ms(p->hook->policy, p->attempt, after_s,
	    chance % 1000);
	if (wait_ms < 0)
		return (struct outcome){ .status = FAILED };

	return (struct outcome){ PENDING, now_of(r, p->hook) + wait_ms };
}

static void
failed(struct round *r, struct parcel *p)
{
	struct hook	*h = p->hook;
	int64_t		 since = failing_since(r, h);
	struct outcome	 o = try_again(r, p);

	if (deliver_status(&p->answer) == 410) {
		o.status = FAILED;
		disable(r, h, "gone");
	} else if (now_of(r, h) - since >= LIMIT_FAILING_MS) {
		disable(r, h, "failing");
	}
	put(r, p, p->attempt, o);
}

static void
ended(struct round *r, struct parcel *p)
{
	const struct net_answer	*a = &p->answer;
	struct hook		*h = p->hook;

	if (deliver_is_ours(a)) {
		h->resting = true;
		put(r, p, p->attempt - 1, (struct outcome){
		    PENDING, now_of(r, h) + LIMIT_TROUBLE_MS });
		return;
	}
	h->usual_ms = a->duration_ms;
	note(r, p);
	health_note(r->w, &(struct health_attempt){ h->tenant, h->id,
	    { p->at.ms + h->ahead }, deliver_went_well(a), a->duration_ms });
	if (!deliver_went_well(a)) {
		failed(r, p);
		return;
	}
	clear(r, h);
	put(r, p, p->attempt, (struct outcome){ .status = DELIVERED });
}

size_t
deliver_record(struct round *r)
{
	size_t	 n = 0;

	for (struct parcel *p = r->done.first;
	    p != NULL && n < LIMIT_DELIVER_BATCH; p = p->next, n++) {
		switch (p->fate) {
		case FATE_ENDED:
			ended(r, p);
			break;
		case FATE_UNSENT:
			put(r, p, p->attempt - 1, (struct outcome){
			    PENDING, p->due_at });
			break;
		case FATE_VOID:
			put(r, p, p->attempt - 1, (struct outcome){
			    .status = DROPPED });
			break;
		case FATE_NONE:
		case FATE_CUT:
			break;
		}
	}

	return n;
}
