/*
 * webhook_shape: what a webhook looks like outside.
 */
#include "lib/giving/events/webhook.h"

const char *const webhook_formats[] = {
	[DIALECT_SIR - 1] = "sir",
	[DIALECT_STANDARD - 1] = "standard",
	[DIALECT_CHUFFED - 1] = "chuffed",
	[DIALECT_QIIBEE - 1] = "qiibee",
	[DIALECT__MAX - 1] = NULL
};

const char *const webhook_statuses[] = { "ACTIVE", "DISABLED", NULL };

const struct shape webhook_out = SHAPE("Webhook", struct webhook,
	{ "webhookId",    TEXT(struct webhook, id),
	    .about = "our id of the webhook" },
	{ "url",          TEXT(struct webhook, url),
	    .about = "what is called" },
	{ "description",  TEXT(struct webhook, description), NULLS,
	    .about = "what it is for, or null" },
	{ "eventTypes",   LIST(struct webhook, event_types),
	    .about = "what it is told of" },
	{ "receiveAllEvents", BOOL(struct webhook, receive_all),
	    .about = "of everything, and of types that are yet to come" },
	{ "headers",      LIST(struct webhook, header_names),
	    .about = "the names of your own headers; values may be secrets"
	    " and are not shown" },
	{ "format",       TEXT(struct webhook, format),
	    .about = "how it is told: sir, standard, chuffed or qiibee" },
	{ "retryPolicy",  TEXT(struct webhook, policy),
	    .about = "whose times of trying again it has" },
	{ "maxPerSecond", INT(struct webhook, max_per_second),
	    .about = "how many requests it takes; 0 for any number" },
	{ "status",       TEXT(struct webhook, status),
	    .about = "ACTIVE or DISABLED" },
	{ "disabledReason", TEXT(struct webhook, disabled_why), NULLS,
	    .about = "partner: you did; gone: it answered 410; failing: days"
	    " of nothing but failures; null if it is active" },
	{ "disabledAt",   MOMENT(struct webhook, disabled_at), NULLS,
	    .about = "when, or null" },
	{ "failingSince", MOMENT(struct webhook, failing_since), NULLS,
	    .about = "the first failure since its last success, or null" },
	{ "oldSecretUntil", MOMENT(struct webhook, old_until), NULLS,
	    .about = "until when the secret before still counts, or null" },
	{ "createdAt",    MOMENT(struct webhook, created_at),
	    .about = "when it was registered" },
	{ "secret",       TEXT(struct webhook, secret), HIDE,
	    .about = "what proves that it is us; shown only now" });

const struct shape webhook_told_out = SHAPE("WebhookTold", struct webhook,
	{ "webhookId",    TEXT(struct webhook, id),
	    .about = "our id of the webhook" },
	{ "url",          TEXT(struct webhook, url),
	    .about = "what is called" },
	{ "description",  TEXT(struct webhook, description), NULLS,
	    .about = "what it is for, or null" },
	{ "status",       TEXT(struct webhook, status),
	    .about = "ACTIVE or DISABLED" },
	{ "disabledReason", TEXT(struct webhook, disabled_why), NULLS,
	    .about = "why, or null" },
	{ "disabledAt",   MOMENT(struct webhook, disabled_at), NULLS,
	    .about = "when, or null" });

const struct shape webhook_list_out = SHAPE("WebhookList",
    struct webhook_list,
	{ "data",       LIST(struct webhook_list, webhooks),
	    .each = &webhook_out,
	    .about = "one page of webhooks, the newest first" },
	{ "pagination", OBJECT(struct webhook_list, pagination),
	    .each = &page_out, .about = "where this page lies" });

const struct shape webhook_header_in = SHAPE("WebhookHeader",
    struct webhook_header,
	{ "name",  TEXT(struct webhook_header, name), NEED,
	    1, LIMIT_HOOK_NAME, .about = "the header's name" },
	{ "value", TEXT(struct webhook_header, value), NEED,
	    0, LIMIT_HOOK_VALUE, .about = "its value, printable ASCII" });
