/*
 * problem: what each refusal is called outside.
 *
 * Problem details are RFC 9457.  doc/api.md has the same rows, and a test
 * holds the two together.
 */
#include <assert.h>
#include <string.h>

#include "lib/api/call.h"
#include "lib/api/page.h"
#include "lib/api/problem.h"
#include "lib/base/arena.h"

/* The same words for both: a stranger learns nothing from them. */
#define NOT_KNOWN "Check the key, the signing secret, and that what is sent" \
	" is byte for byte what was signed: timestamp, method, path with" \
	" query, and the SHA-256 of the body."

static const struct problem problems[] = {
	[ERR_MALFORMED_JSON] = { 400, "MALFORMED_JSON",
	    "The body is not JSON",
	    "Send one JSON object in UTF-8; errors says where it breaks." },
	[ERR_INVALID_REQUEST] = { 400, "INVALID_REQUEST",
	    "Some fields are missing or wrong",
	    "Mend the fields that errors names, then send it again." },
	[ERR_INCOMPLETE_BODY] = { 400, "INCOMPLETE_BODY",
	    "The body ended too early",
	    "It is shorter than Content-Length says: send it again." },
	[ERR_NOT_FOUND] = { 404, "NOT_FOUND", "There is no such thing",
	    "Check the address, the id, and that the key is of the same"
	    " environment: test and live share nothing." },
	[ERR_METHOD_NOT_ALLOWED] = { 405, "METHOD_NOT_ALLOWED",
	    "This address does not take that method",
	    "The Allow header names those it takes." },
	[ERR_PAYLOAD_TOO_LARGE] = { 413, "PAYLOAD_TOO_LARGE",
	    "The body is too large", "Send at most 1 MiB at once." },
	[ERR_UNSUPPORTED_MEDIA_TYPE] = { 415, "UNSUPPORTED_MEDIA_TYPE",
	    "The body is of another type",
	    "Send JSON, with Content-Type: application/json." },
	[ERR_MISSING_CREDENTIALS] = { 401, "MISSING_CREDENTIALS",
	    "The request does not say who asks",
	    "Send X-Partner-Key; for a signed endpoint X-Timestamp and"
	    " X-Signature too." },
	[ERR_INVALID_KEY] = { 401, "INVALID_KEY",
	    "The request is not authenticated", NOT_KNOWN },
	[ERR_KEY_EXPIRED] = { 401, "KEY_EXPIRED", "The key has expired",
	    "Ask your administrator for a new key." },
	[ERR_TIMESTAMP_OUT_OF_RANGE] = { 401, "TIMESTAMP_OUT_OF_RANGE",
	    "The timestamp is not of now",
	    "X-Timestamp is unix seconds, at most 300 from our clock: set"
	    " your clock, and sign each request when you send it." },
	[ERR_INVALID_SIGNATURE] = { 401, "INVALID_SIGNATURE",
	    "The request is not authenticated", NOT_KNOWN },
	[ERR_INSUFFICIENT_SCOPE] = { 403, "INSUFFICIENT_SCOPE",
	    "The key may not do that",
	    "Ask your administrator for a key with the scope it needs." },
	[ERR_SECRET_KEY_REQUIRED] = { 403, "SECRET_KEY_REQUIRED",
	    "A publishable key cannot do that",
	    "Sign it on your back-end, with the secret key (sk_) in"
	    " X-Partner-Key." },
	[ERR_PARTNER_SUSPENDED] = { 403, "PARTNER_SUSPENDED",
	    "The partner is suspended", "Ask your administrator why." },
	[ERR_PARTNER_NOT_APPROVED] = { 403, "PARTNER_NOT_APPROVED",
	    "The partner is not approved yet",
	    "Until it is, only its test keys work." },
	[ERR_IP_NOT_ALLOWED] = { 403, "IP_NOT_ALLOWED",
	    "The key may not be used from this address",
	    "Call from a network that the key lists, or have it changed." },
	[ERR_ORIGIN_NOT_ALLOWED] = { 403, "ORIGIN_NOT_ALLOWED",
	    "The key may not be used on this site",
	    "Have the page's origin added to the key's list." },
	[ERR_INVALID_CREDENTIALS] = { 401, "INVALID_CREDENTIALS",
	    "E-mail and password do not fit",
	    "Type both again; an administrator can set another password." },
	[ERR_INVALID_TOKEN] = { 401, "INVALID_TOKEN",
	    "The token is none of ours",
	    "Send Authorization: Bearer with the accessToken, or as"
	    " refreshToken the one, of the last answer that had them." },
	[ERR_SESSION_EXPIRED] = { 401, "SESSION_EXPIRED",
	    "The token's time is over",
	    "Ask POST /v1/auth/refresh for another, or log in again." },
	[ERR_RATE_LIMITED] = { 429, "RATE_LIMITED",
	    "Too many requests", "Wait as long as Retry-After says." },
	[ERR_SANDBOX_ONLY] = { 403, "SANDBOX_ONLY",
	    "Only a sandbox does that",
	    "Use a test key: live data has no such endpoint." },
	[ERR_IDEMPOTENT] = { 409, "IDEMPOTENT",
	    "This was done before", "This is the first answer." },
	[ERR_IDEMPOTENCY_KEY_REUSED] = { 422, "IDEMPOTENCY_KEY_REUSED",
	    "That Idempotency-Key was used for another request",
	    "Use a new key for each operation, the same for its retries." },
	[ERR_IN_PROGRESS] = { 409, "IN_PROGRESS",
	    "The same request is still under way",
	    "Wait as long as Retry-After says, then send it again: it gets"
	    " the answer of the first." },
	[ERR_INSUFFICIENT_POOL] = { 402, "INSUFFICIENT_POOL",
	    "The token pool cannot pay this",
	    "Request more tokens, then send the same request again." },
	[ERR_INSUFFICIENT_BALANCE] = { 402, "INSUFFICIENT_BALANCE",
	    "The user does not have that many tokens",
	    "Redeem no more than is available." },
	[ERR_SHORT] = { 402, "INSUFFICIENT_BALANCE",
	    "An account holds less than that",
	    "Move no more than is available." },
	[ERR_USER_NOT_FOUND] = { 422, "USER_NOT_FOUND",
	    "A stakeholder is not known",
	    "Create the user first, or send autoCreateUsers: true." },
	[ERR_USER_CONFLICT] = { 409, "USER_CONFLICT",
	    "That id and e-mail belong to different users",
	    "Two users are never merged: name the one that is meant." },
	[ERR_POOL_NOT_FOUND] = { 422, "POOL_NOT_FOUND",
	    "There is no such token pool",
	    "Name one of GET /v1/partner/token-pools, or none for the"
	    " default pool." },
	[ERR_POOL_NOT_ELIGIBLE] = { 422, "POOL_NOT_ELIGIBLE",
	    "That token pool does not pay for such actions",
	    "Name another pool in tokenPoolId, or have actionType added to"
	    " those that it pays for." },
	[ERR_CAMPAIGN_NOT_FOUND] = { 422, "CAMPAIGN_NOT_FOUND",
	    "There is no such campaign",
	    "Name one of GET /v1/partner/campaigns/active, or none for the"
	    " one that matches." },
	[ERR_CAMPAIGN_NOT_ACTIVE] = { 422, "CAMPAIGN_NOT_ACTIVE",
	    "That campaign does not run now",
	    "Activate it, wait for its startDate, or send the action without"
	    " campaignId." },
	[ERR_CAMPAIGN_NOT_ELIGIBLE] = { 422, "CAMPAIGN_NOT_ELIGIBLE",
	    "That campaign is not for such an action",
	    "It has other actionTypes, another tokenPoolId or no tier for"
	    " the amount: send the action without campaignId." },
	[ERR_NO_REWARD_RULE] = { 422, "NO_REWARD_RULE",
	    "Nothing says what such an action is worth",
	    "Check actionType, or have a reward rule set for it." },
	[ERR_ALREADY_REVERSED] = { 409, "ALREADY_REVERSED",
	    "There is not that much left to take back",
	    "Reversals of one action add up to at most 100 percent." },
	[ERR_INVALID_TRANSITION] = { 409, "INVALID_TRANSITION",
	    "Its state does not allow that",
	    "Look at its status first: it may have changed meanwhile." },
	[ERR_WEBHOOK_LIMIT] = { 409, "WEBHOOK_LIMIT",
	    "There are as many webhooks as there may be",
	    "Remove one that is not needed: there can be 50." },
	[ERR_NONPROFIT_NOT_FOUND] = { 422, "NONPROFIT_NOT_FOUND",
	    "There is no such nonprofit",
	    "Name the slug of one of GET /v1/partner/organizations." },
	[ERR_NONPROFIT_INACTIVE] = { 422, "NONPROFIT_INACTIVE",
	    "That nonprofit takes no donations now",
	    "Choose another, or ask your administrator why." },
	[ERR_APPEAL_NOT_FOUND] = { 422, "APPEAL_NOT_FOUND",
	    "There is no such appeal",
	    "Check the id, and that the key is of the same environment." },
	[ERR_PERK_NOT_FOUND] = { 422, "PERK_NOT_FOUND",
	    "The appeal has no such perk",
	    "Name one of the perks of GET /v1/partner/appeals/{id}." },
	[ERR_PERK_SOLD_OUT] = { 409, "PERK_SOLD_OUT",
	    "Fewer of that perk are left",
	    "Choose another perk, or give without one." },
	[ERR_FUNDRAISER_NOT_FOUND] = { 422, "FUNDRAISER_NOT_FOUND",
	    "The appeal has no such fundraiser",
	    "Name one of the fundraisers of GET /v1/partner/appeals/{id}." },
	[ERR_NO_EXCHANGE_RATE] = { 422, "NO_EXCHANGE_RATE",
	    "That currency cannot be converted",
	    "Give in the appeal's currency, or have a rate set." },
	[ERR_PROVIDER_NOT_CONFIGURED] = { 422, "PROVIDER_NOT_CONFIGURED",
	    "That payment provider takes no donations here",
	    "Name another provider, or have this one set up." },
	[ERR_PROVIDER_UNAVAILABLE] = { 502, "PROVIDER_UNAVAILABLE",
	    "The payment provider could not be reached",
	    "Nothing was paid.  Try again in a moment." },
	[ERR_PROGRAMME_NOT_FOUND] = { 422, "PROGRAMME_NOT_FOUND",
	    "There is no such programme of points",
	    "Check its name, or have your administrator set it up." },
	[ERR_PROGRAMME_INACTIVE] = { 422, "PROGRAMME_INACTIVE",
	    "Nothing can be exchanged with that programme now",
	    "Choose another, or ask your administrator why." },
	[ERR_UNAVAILABLE] = { 503, "UNAVAILABLE",
	    "The books cannot be opened now",
	    "Nothing was booked.  Try again after Retry-After." },
	[ERR_OUTCOME_UNKNOWN] = { 500, "OUTCOME_UNKNOWN",
	    "Nobody knows whether that was booked",
	    "Send the same request again, with the same keys: it is booked"
	    " once at most." },
	[ERR_INTERNAL] = { 500, "INTERNAL", "We failed",
	    "Nothing was booked.  Send the same request again; if it stays"
	    " so, tell us the request id." },
};

static_assert(sizeof(problems) / sizeof(problems[0]) == ERR__MAX,
    "the last word of enum err has a row");

const struct problem *
problem_row(enum err e)
{
	return &problems[e];
}

struct details {
	const char	*type, *title;
	int64_t		 status;
	const char	*code, *detail, *request;
	struct decimal	 available, needed;
	struct list	 errors;	/* of struct fault */
};

const struct shape problem_fault_out = SHAPE("Flaw", struct fault,
	{ "pointer", TEXT(struct fault, pointer),
	    .about = "which field: a JSON pointer into the body" },
	{ "detail",  TEXT(struct fault, detail),
	    .about = "what to do about it" });

const struct shape problem_out = SHAPE("Problem", struct details,
	{ "type",   TEXT(struct details, type),
	    .about = "a name for this kind of problem" },
	{ "title",  TEXT(struct details, title),
	    .about = "the kind in a few words" },
	{ "status", INT(struct details, status),
	    .about = "the HTTP status again" },
	{ "code",   TEXT(struct details, code),
	    .about = "the stable word that programs branch on" },
	{ "detail", TEXT(struct details, detail),
	    .about = "what to do about it" },
	{ "requestId", TEXT(struct details, request),
	    .about = "what to name when you ask us" },
	{ "available", DECIMAL(struct details, available), HIDE,
	    .about = "how many tokens there are, where that is too few" },
	{ "needed", DECIMAL(struct details, needed), HIDE,
	    .about = "and how many it takes" },
	{ "errors", LIST(struct details, errors), HIDE,
	    .each = &problem_fault_out,
	    .about = "every field that is wrong" });

struct list
problem_faults(struct arena *arena, const struct faults *faults)
{
	struct fault	*rows;
	struct list	 list = { NULL, 0 };

	rows = arena_array(arena, faults->count, sizeof(*rows));
	for (struct fault *f = faults->first; f != NULL; f = f->next)
		rows[list.count++] = *f;
	list.items = rows;

	return list;
}

void
problem_shortage(const struct shortage *s, struct decimal *available,
    struct decimal *needed)
{
	if (s == NULL)
		return;
	*available = (struct decimal){ s->available, 0, true };
	*needed = (struct decimal){ s->needed, 0, true };
}

/* By the page itself, if it had got so far. */
static void
tell_people(struct call *c, const struct problem *p, const char *detail)
{
	if (c->route->again != NULL && c->memory != NULL)
		c->route->again(c, c->input, detail);
	else
		page_problem(c, p, detail);
}

void
problem_answer(struct call *c, enum err e)
{
	const struct problem	*p = &problems[e];
	struct details		 d = { 0 };

	assert(e > OK && e < ERR__MAX && p->status != 0);
	d.errors = problem_faults(c->work.arena, &c->faults);
	d.type = arena_printf(c->work.arena, "urn:almoner:problem:%s",
	    p->code);
	d.title = p->title;
	d.status = p->status;
	d.code = p->code;
	d.detail = c->work.detail != NULL ? c->work.detail : p->detail;
	d.request = c->id;
	problem_shortage(c->work.shortage, &d.available, &d.needed);

	c->refusal = e;
	c->status = p->status;
	c->location = NULL;
	c->body.size = 0;
	if (c->route != NULL && c->route->page) {
		tell_people(c, p, d.detail);
		return;
	}
	c->content_type = "application/problem+json";
	shape_write(&c->body, &problem_out, &d);
}
