/*
 * webhook_probe: trying a webhook while its partner waits.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/db/db.h"
#include "lib/giving/events/delivery.h"
#include "lib/giving/events/event.h"
#include "lib/giving/events/webhook_probe.h"
#include "lib/hooks/health.h"
#include "lib/hooks/outbox.h"

#define OURS	2	/* headers, beside the format's and the partner's */

const struct shape webhook_tried_out = SHAPE("WebhookTest",
    struct webhook_tried,
	{ "deliveryId", TEXT(struct webhook_tried, delivery),
	    .about = "our id of the delivery that it was" },
	{ "delivered",  BOOL(struct webhook_tried, delivered),
	    .about = "was the answer a 2xx?" },
	{ "outcome",    TEXT(struct webhook_tried, outcome),
	    .about = "what became of it: answered, timeout, tls …" },
	{ "status",     INT(struct webhook_tried, status), NULLS,
	    .about = "the HTTP status, or null if none came" },
	{ "durationMs", INT(struct webhook_tried, duration_ms),
	    .about = "how long it took" },
	{ "answer",     TEXT(struct webhook_tried, answer), NULLS,
	    .about = "the first KiB of the answer; where none came, why" });

/* "A: b\nC: d", behind those that are there; how many there are then. */
static size_t
add_lines(struct arena *arena, struct net_header *to, size_t n,
    const char *lines)
{
	const char	*colon;

	while (lines != NULL && (colon = strchr(lines, ':')) != NULL) {
		to[n].name = arena_copy(arena, lines,
		    (size_t)(colon - lines));
		colon += strspn(colon, ": ");
		to[n++].value = arena_copy(arena, colon,
		    strcspn(colon, "\n"));
		lines = strchr(colon, '\n');
		lines += lines != NULL;
	}

	return n;
}

/* Signed now, since the time is a part of it. */
static void
write_wish(struct work *w, struct webhook_probe *p, const char *id,
    const char *secrets[2])
{
	const struct dialect	*d = dialect_get(p->hook.dialect);
	struct dialect_seal	 seal = { .id = id, .at = p->at,
		.body = p->wish.body, .size = p->wish.size,
		.secrets = { secrets[0], secrets[1] } };
	struct dialect_header	 proof[DIALECT_HEADERS];
	struct net_header	*all;
	size_t			 n = 0, proofs;

	all = arena_array(w->arena, OURS + DIALECT_HEADERS +
	    LIMIT_HOOK_HEADERS, sizeof(*all));
	all[n++] = (struct net_header){ "Content-Type", "application/json" };
	all[n++] = (struct net_header){ "User-Agent", "Almoner" };
	proofs = d->sign(w->arena, &seal, proof);
	for (size_t i = 0; i < proofs; i++)
		all[n++] = (struct net_header){ proof[i].name,
			proof[i].value };
	p->wish.method = "POST";
	p->wish.url = p->hook.url;
	p->wish.headers = all;
	p->wish.header_count = add_lines(w->arena, all, n, p->hook.headers);
	p->wish.timeout_ms = d->timeout_ms;
	p->wish.keep = LIMIT_ANSWER_KEPT;
}

static enum err
refuse(struct work *w, const struct webhook *h)
{
	w->detail = arena_printf(w->arena, "The format %s has no words for a"
	    " test: only for events of its own.", h->format);

	return ERR_INVALID_TRANSITION;
}

enum err
webhook_probe_begin(struct work *w, const char *id, struct webhook_probe *p)
{
	const char	*secrets[2], *body;
	struct delivery	 d;
	struct told	 told;
	enum err	 e = webhook_find(w, id, &p->hook);

	if (e != OK)
		return e;
	if ((dialect_get(p->hook.dialect)->events &
	    OUTBOX_BIT(EVENT_WEBHOOK_TEST)) == 0)
		return refuse(w, &p->hook);
	if (!webhook_secrets(w, &p->hook, secrets))
		return ERR_INTERNAL;
	p->delivery = outbox_add_for(w, EVENT_WEBHOOK_TEST, p->hook.number,
	    LIMIT_LEASE_MS);
	if (delivery_numbered(w, &p->hook, p->delivery, &d) != OK ||
	    !event_told(w, d.event_number, &told))
		return ERR_INTERNAL;
	body = dialect_get(p->hook.dialect)->body(w->arena, &told);
	if (body == NULL)
		return refuse(w, &p->hook);
	p->at = clock_now();
	p->wish.body = body;
	p->wish.size = strlen(body);
	write_wish(w, p, told.id, secrets);
	webhook_rules(w, &p->rules);

	return OK;
}

/* As text: what is no UTF-8 is shown as question marks. */
static char *
text_of(struct arena *arena, const struct net_answer *a)
{
	char	*text = arena_copy(arena, a->body, a->size);
	bool	 good = encode_is_utf8(text, a->size);

	for (size_t i = 0; i < a->size; i++)
		if (text[i] == '\0' || (!good && (text[i] & 0x80) != 0))
			text[i] = '?';

	return text;
}

void
webhook_probe_send(struct work *w, struct webhook_probe *p)
{
	struct net	*net = net_open(&p->rules);

	p->answer = (struct net_answer){ .outcome = NET_FAILED,
		.body = "" };
	if (net == NULL)
		return;
	net_start(net, &p->wish);
	while (net_running(net) > 0)
		if (net_next(net, 1000, &p->answer)) {
			p->answer.body = text_of(w->arena, &p->answer);
			break;
		}
	net_close(net);
}

static void
note(struct work *w, const struct webhook_probe *p, const char *answer)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO attempts (tenant, delivery, number, at, outcome,"
	    " status, duration_ms, answer) VALUES (?, ?, 1, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (tenant, delivery, number) DO NOTHING"));
	db_int(q, w->tenant);
	db_int(q, p->delivery);
	db_int(q, w->now.ms);
	db_int(q, p->answer.outcome);
	if (p->answer.status != 0)
		db_int(q, p->answer.status);
	else
		db_null(q);
	db_int(q, p->answer.duration_ms);
	db_text(q, answer);
	db_run(q);
}

void
webhook_probe_end(struct work *w, const struct webhook_probe *p,
    struct webhook_tried *out)
{
	const struct net_answer	*a = &p->answer;
	struct delivery		 d = { .id = NULL };
	struct query		*q;

	*out = (struct webhook_tried){ .status = a->status,
		.outcome = net_word(a->outcome),
		.answer = a->status != 0 ? a->body : a->why,
		.delivered = a->status >= 200 && a->status <= 299 &&
		    (a->outcome == NET_ANSWERED ||
		    a->outcome == NET_TOO_LARGE),
		.duration_ms = a->duration_ms };
	note(w, p, out->answer);
	health_note(w, &(struct health_attempt){ w->tenant, p->hook.number,
	    w->now, out->delivered, a->duration_ms });
	q = db_query(w->db, SQL(
	    "UPDATE deliveries SET status = ?, attempts = 1, due_at = NULL,"
	    " ended_at = ? WHERE tenant = ? AND id = ?"));
	db_int(q, out->delivered ? 2 : 3);
	db_int(q, w->now.ms);
	db_int(q, w->tenant);
	db_int(q, p->delivery);
	db_run(q);
	(void)delivery_numbered(w, &p->hook, p->delivery, &d);
	out->delivery = d.id;
}
