/*
 * webhooks: who wants to be told of events, and what became of that.
 * doc/api.md describes it.
 */
#include "lib/api/api.h"
#include "lib/base/limits.h"
#include "lib/giving/events/delivery.h"
#include "lib/giving/events/webhook.h"
#include "lib/giving/events/webhook_probe.h"
#include "lib/hooks/outbox.h"

#define SCOPE	"webhooks:write"

static const struct shape	list_in, create_in, show_in, change_in;
static const struct shape	rotate_in, deliveries_in, retry_in, again_in;

static enum err	list(struct call *, const void *);
static enum err	check_new(struct call *, const void *);
static void	resolve(struct call *, const void *);
static enum err	create(struct call *, const void *);
static enum err	show(struct call *, const void *);
static enum err	check_change(struct call *, const void *);
static enum err	change(struct call *, const void *);
static enum err	discard(struct call *, const void *);
static enum err	rotate(struct call *, const void *);
static enum err	probe(struct call *, const void *);
static void	probe_send(struct call *, const void *);
static enum err	probe_end(struct call *, const void *);
static enum err	deliveries(struct call *, const void *);
static enum err	retry(struct call *, const void *);
static enum err	again(struct call *, const void *);

static const struct route routes[] = {
	{ "GET", "/v1/partner/webhooks",
	    ACCESS_SIGNED, "read", &list_in, &webhook_list_out, list,
	    .name = "listWebhooks",
	    .about = "List webhooks, the newest first" },
	{ "POST", "/v1/partner/webhooks",
	    ACCESS_SECRET, SCOPE, &create_in, &webhook_out, check_new,
	    .calls = resolve, .ends = create, .secret_answer = true,
	    .success = 201, .refuses = REFUSES(ERR_WEBHOOK_LIMIT),
	    .name = "registerWebhook",
	    .about = "Register an address that is told of events" },
	{ "GET", "/v1/partner/webhooks/{webhookId}",
	    ACCESS_SIGNED, "read", &show_in, &webhook_out, show,
	    .name = "showWebhook",
	    .about = "Show one webhook" },
	{ "PATCH", "/v1/partner/webhooks/{webhookId}",
	    ACCESS_SECRET, SCOPE, &change_in, &webhook_out, check_change,
	    .calls = resolve, .ends = change,
	    .name = "changeWebhook",
	    .about = "Change a webhook, or switch it off or on again" },
	{ "DELETE", "/v1/partner/webhooks/{webhookId}",
	    ACCESS_SECRET, SCOPE, &show_in, NULL, discard, .success = 204,
	    .name = "removeWebhook",
	    .about = "Remove a webhook" },
	{ "POST", "/v1/partner/webhooks/{webhookId}/test",
	    ACCESS_SECRET, SCOPE, &show_in, &webhook_tried_out, probe,
	    .calls = probe_send, .ends = probe_end,
	    .refuses = REFUSES(ERR_INVALID_TRANSITION),
	    .name = "testWebhook",
	    .about = "Send it webhook.test, and see what it answers" },
	{ "POST", "/v1/partner/webhooks/{webhookId}/rotate-secret",
	    ACCESS_SECRET, SCOPE, &rotate_in, &webhook_out, rotate,
	    .secret_answer = true,
	    .name = "rotateWebhookSecret",
	    .about = "Give a webhook a new secret; the old one counts for a"
	    " while" },
	{ "GET", "/v1/partner/webhooks/{webhookId}/deliveries",
	    ACCESS_SIGNED, "read", &deliveries_in, &delivery_list_out,
	    deliveries, .name = "listDeliveries",
	    .about = "List deliveries with every attempt, the newest first" },
	{ "POST",
	    "/v1/partner/webhooks/{webhookId}/deliveries/{deliveryId}/retry",
	    ACCESS_SECRET, SCOPE, &retry_in, &delivery_out, retry,
	    .refuses = REFUSES(ERR_INVALID_TRANSITION),
	    .name = "retryDelivery",
	    .about = "Send one delivery again, now" },
	{ "POST", "/v1/partner/webhooks/{webhookId}/replay",
	    ACCESS_SECRET, SCOPE, &again_in, &delivery_replayed_out, again,
	    .refuses = REFUSES(ERR_INVALID_TRANSITION),
	    .name = "replayWebhook",
	    .about = "Send again what happened in a time" },
	{ 0 }
};

/* list: by page or by cursor. */

static const struct shape list_in = SHAPE("WebhookFilter",
    struct webhook_filter,
	PAGE_FIELDS(struct webhook_filter, page),
	{ "status",    WORD(struct webhook_filter, status), QUERY,
	    .words = webhook_statuses, .about = "only these" },
	{ "eventType", WORD(struct webhook_filter, type), QUERY,
	    .words = outbox_words, .about = "only those that are told of it" },
	PAGE_TIMES(struct webhook_filter));

static enum err
list(struct call *c, const void *input)
{
	const struct webhook_filter	*in = input;
	struct webhook_list		 found;
	enum err			 e;

	e = webhook_list(api_work(c), in, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &webhook_list_out, &found);
}

/* create: its address is looked up before it is written down. */

static const struct shape create_in = SHAPE("WebhookRegistration",
    struct webhook_wish,
	{ "url",          TEXT(struct webhook_wish, url), NEED, 1, LIMIT_URL,
	    .about = "https://, a name that resolves to public addresses" },
	WEBHOOK_FIELDS,
	{ "format",       WORD(struct webhook_wish, format), NULLS,
	    .words = webhook_formats, .about = "how it is told; else sir" },
	{ "maxPerSecond", INT(struct webhook_wish, max_per_second), NULLS,
	    0, LIMIT_PER_SECOND,
	    .about = "how many requests it takes; 0 for any number" },
	{ "secret",       TEXT(struct webhook_wish, secret), NULLS,
	    3, LIMIT_ELEMENT,
	    .about = "format qiibee alone: user:password of yours" });

/* What resolve() has to tell. */
struct resolved {
	struct net_rules	 rules;
	bool			 bad;
	char			 why[128];
};

static struct resolved *
resolved(struct call *c)
{
	return api_memory(c, sizeof(struct resolved));
}

static enum err
check_new(struct call *c, const void *input)
{
	webhook_rules(api_work(c), &resolved(c)->rules);

	return webhook_may_register(api_work(c), input);
}

static void
resolve(struct call *c, const void *input)
{
	const struct webhook_wish	*in = input;
	struct resolved			*r = resolved(c);

	r->bad = in->url != NULL && !net_url_resolved(&r->rules, in->url,
	    r->why, sizeof(r->why));
}

static enum err
check_resolved(struct call *c)
{
	const struct resolved	*r = resolved(c);

	if (!r->bad)
		return OK;
	faults_add(api_work(c)->faults, "/url", "It cannot be called: %s.",
	    r->why);

	return ERR_INVALID_REQUEST;
}

static enum err
create(struct call *c, const void *input)
{
	const struct webhook_wish	*in = input;
	struct webhook			 made;
	enum err			 e = check_resolved(c);

	if (e == OK)
		e = webhook_register(api_work(c), in, &made);
	if (e != OK)
		return e;

	return api_reply(c, 201, &webhook_out, &made);
}

/* show, discard, probe: of one webhook. */

struct show {
	const char	*webhook;
};

static const struct shape show_in = SHAPE("WebhookName", struct show,
	{ "webhookId", TEXT(struct show, webhook), PATH | NEED,
	    .about = "our id of the webhook" });

static enum err
show(struct call *c, const void *input)
{
	const struct show	*in = input;
	struct webhook		 found;
	enum err		 e;

	e = webhook_find(api_work(c), in->webhook, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &webhook_out, &found);
}

static enum err
discard(struct call *c, const void *input)
{
	const struct show	*in = input;
	enum err		 e;

	e = webhook_remove(api_work(c), in->webhook);
	if (e != OK)
		return e;

	return api_done(c);
}

static enum err
probe(struct call *c, const void *input)
{
	const struct show	*in = input;
	struct webhook_probe	*p = api_memory(c, sizeof(*p));

	return webhook_probe_begin(api_work(c), in->webhook, p);
}

static void
probe_send(struct call *c, const void *input)
{
	struct webhook_probe	*p = api_memory(c, sizeof(*p));

	(void)input;
	webhook_probe_send(api_work(c), p);
}

static enum err
probe_end(struct call *c, const void *input)
{
	struct webhook_probe	*p = api_memory(c, sizeof(*p));
	struct webhook_tried	 tried;

	(void)input;
	webhook_probe_end(api_work(c), p, &tried);

	return api_reply(c, 200, &webhook_tried_out, &tried);
}

/* change: what is not said stays as it is. */

static const struct shape change_in = SHAPE("WebhookChange",
    struct webhook_wish,
	{ "webhookId",    TEXT(struct webhook_wish, webhook), PATH | NEED,
	    .about = "our id of the webhook" },
	{ "url",          TEXT(struct webhook_wish, url), NULLS, 1, LIMIT_URL,
	    .about = "https://, a name that resolves to public addresses" },
	WEBHOOK_FIELDS,
	{ "maxPerSecond", INT(struct webhook_wish, max_per_second), NULLS,
	    0, LIMIT_PER_SECOND, .preset = -1,
	    .about = "how many requests it takes; 0 for any number" },
	{ "status",       WORD(struct webhook_wish, status), NULLS,
	    .words = webhook_statuses, .about = "ACTIVE: on, whatever it was"
	    " off for; DISABLED: off" });

static enum err
check_change(struct call *c, const void *input)
{
	webhook_rules(api_work(c), &resolved(c)->rules);

	return webhook_may_change(api_work(c), input);
}

static enum err
change(struct call *c, const void *input)
{
	const struct webhook_wish	*in = input;
	struct webhook			 now;
	enum err			 e = check_resolved(c);

	if (e == OK)
		e = webhook_change(api_work(c), in, &now);
	if (e != OK)
		return e;

	return api_reply(c, 200, &webhook_out, &now);
}

/* rotate: a new secret, told once. */

static const struct shape rotate_in = SHAPE("WebhookRotation",
    struct webhook_rotation,
	{ "webhookId",      TEXT(struct webhook_rotation, webhook),
	    PATH | NEED, .about = "our id of the webhook" },
	{ "overlapSeconds", INT(struct webhook_rotation, overlap_s), NULLS,
	    0, LIMIT_OVERLAP_S, .preset = LIMIT_REPLAY_S,
	    .about = "how long the old secret counts too; else a day" },
	{ "secret",         TEXT(struct webhook_rotation, secret), NULLS,
	    3, LIMIT_ELEMENT,
	    .about = "format qiibee alone: user:password of yours" });

static enum err
rotate(struct call *c, const void *input)
{
	const struct webhook_rotation	*in = input;
	struct webhook			 now;
	enum err			 e;

	e = webhook_rotate(api_work(c), in, &now);
	if (e != OK)
		return e;

	return api_reply(c, 200, &webhook_out, &now);
}

/* deliveries, retry, again: what was told, and telling it once more. */

static const struct shape deliveries_in = SHAPE("DeliveryFilter",
    struct delivery_filter,
	{ "webhookId", TEXT(struct delivery_filter, webhook), PATH | NEED,
	    .about = "our id of the webhook" },
	DELIVERY_FIELDS);

static enum err
deliveries(struct call *c, const void *input)
{
	const struct delivery_filter	*in = input;
	struct delivery_list		 found;
	enum err			 e;

	e = delivery_list(api_work(c), in, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &delivery_list_out, &found);
}

struct retry {
	const char	*webhook, *delivery;
};

static const struct shape retry_in = SHAPE("DeliveryName", struct retry,
	{ "webhookId",  TEXT(struct retry, webhook), PATH | NEED,
	    .about = "our id of the webhook" },
	{ "deliveryId", TEXT(struct retry, delivery), PATH | NEED,
	    .about = "our id of the delivery" });

static enum err
retry(struct call *c, const void *input)
{
	const struct retry	*in = input;
	struct delivery		 now;
	enum err		 e;

	e = delivery_retry(api_work(c), in->webhook, in->delivery, &now);
	if (e != OK)
		return e;

	return api_reply(c, 200, &delivery_out, &now);
}

static const struct shape again_in = SHAPE("WebhookReplayRequest",
    struct delivery_replay,
	{ "webhookId",  TEXT(struct delivery_replay, webhook), PATH | NEED,
	    .about = "our id of the webhook" },
	{ "from",       MOMENT(struct delivery_replay, from), NEED,
	    .about = "what happened then or later" },
	{ "to",         MOMENT(struct delivery_replay, to), NULLS,
	    .about = "then or earlier; else until now" },
	{ "eventTypes", LIST(struct delivery_replay, event_types), NULLS,
	    0, LIMIT_HOOK_EVENTS,
	    .about = "only these; else all that the webhook wants" },
	{ "onlyFailed", BOOL(struct delivery_replay, only_failed), NULLS,
	    .about = "not what it has got already" });

static enum err
again(struct call *c, const void *input)
{
	const struct delivery_replay	*in = input;
	struct delivery_replayed	 done;
	enum err			 e;

	e = delivery_again(api_work(c), in, &done);
	if (e != OK)
		return e;

	return api_reply(c, 200, &delivery_replayed_out, &done);
}

int
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
