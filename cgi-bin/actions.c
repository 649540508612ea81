/*
 * actions: tell us what your customer did; take it back when they return it.
 * doc/api.md describes it; etc/demo.sh walks through it.
 */
#include <string.h>

#include "lib/api/api.h"
#include "lib/api/problem.h"
#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/giving/rewards/action.h"
#include "lib/giving/rewards/bulk.h"
#include "lib/giving/rewards/reversal.h"
#include "lib/giving/rewards/submit.h"
#include "lib/giving/site/code.h"

static const struct shape	submit_in, bulk_in, bulk_out;
static const struct shape	show_in, list_in;
static const struct shape	reverse_in, reverse_out;

static enum err	submit(struct call *, const void *);
static enum err	bulk(struct call *, const void *);
static enum err	show(struct call *, const void *);
static enum err	list(struct call *, const void *);
static enum err	reverse(struct call *, const void *);

static const struct route routes[] = {
	{ "POST", "/v1/partner/actions/submit",
	    ACCESS_SECRET, "actions:write", &submit_in, &action_result_out,
	    submit, .keyed = true,
	    .refuses = REFUSES(ERR_IDEMPOTENT, ERR_INSUFFICIENT_POOL,
	    ERR_USER_NOT_FOUND, ERR_USER_CONFLICT, ERR_POOL_NOT_FOUND,
	    ERR_POOL_NOT_ELIGIBLE, ERR_NO_REWARD_RULE,
	    ERR_CAMPAIGN_NOT_FOUND, ERR_CAMPAIGN_NOT_ACTIVE,
	    ERR_CAMPAIGN_NOT_ELIGIBLE),
	    .name = "submitAction",
	    .about = "Reward what a customer did" },
	{ "POST", "/v1/partner/actions/bulk",
	    ACCESS_SECRET, "actions:write", &bulk_in, &bulk_out, bulk,
	    .keyed = true,
	    .refuses = REFUSES(ERR_INSUFFICIENT_POOL, ERR_USER_NOT_FOUND,
	    ERR_USER_CONFLICT, ERR_POOL_NOT_FOUND, ERR_POOL_NOT_ELIGIBLE,
	    ERR_NO_REWARD_RULE, ERR_CAMPAIGN_NOT_FOUND,
	    ERR_CAMPAIGN_NOT_ACTIVE, ERR_CAMPAIGN_NOT_ELIGIBLE),
	    .name = "submitActions",
	    .about = "Reward up to 100 at once" },
	{ "GET", "/v1/partner/actions",
	    ACCESS_SIGNED, "read", &list_in, &action_list_out, list,
	    .name = "listActions",
	    .about = "List actions, the newest first" },
	{ "GET", "/v1/partner/actions/{actionId}",
	    ACCESS_SIGNED, "read", &show_in, &action_out, show,
	    .name = "showAction",
	    .about = "Show one action" },
	{ "POST", "/v1/partner/actions/{actionId}/reverse",
	    ACCESS_SECRET, "actions:reverse", &reverse_in, &reverse_out,
	    reverse, .keyed = true,
	    .refuses = REFUSES(ERR_IDEMPOTENT, ERR_ALREADY_REVERSED),
	    .name = "reverseAction",
	    .about = "Take a reward back, whole or in part" },
	{ 0 }
};

/* submit: debit the pool, credit the stakeholders, queue the events. */

static const struct shape stakeholder_in = SHAPE("Stakeholder",
    struct stakeholder,
	{ "stakeholderTypeCode", TEXT(struct stakeholder, role), NEED,
	    1, 64, .form = &code_form, .about = "their part in it" },
	{ "partnerUserId", TEXT(struct stakeholder, user.external_id), NULLS,
	    1, LIMIT_USER_ID, .form = &user_id_form,
	    .about = "your own id of the person" },
	{ "userEmail",     TEXT(struct stakeholder, user.email), NULLS,
	    3, LIMIT_EMAIL, .form = &user_email_form,
	    .about = "their e-mail address" },
	{ "userFirstName", TEXT(struct stakeholder, user.first_name), NULLS,
	    0, LIMIT_NAME, .about = "their first name" },
	{ "userLastName",  TEXT(struct stakeholder, user.last_name), NULLS,
	    0, LIMIT_NAME, .about = "their last name" });

static const struct shape submit_in = SHAPE("ActionSubmission",
    struct submit,
	{ "idempotencyKey", TEXT(struct submit, key), NEED, 1, LIMIT_KEY,
	    .about = "unique for each thing that was done" },
	{ "actionType",     TEXT(struct submit, action_type), NEED, 1, 64,
	    .form = &code_form, .about = "what was done" },
	{ "amount",         DECIMAL(struct submit, amount), NULLS,
	    .about = "in major units, like 49.99; where the reward is by"
	    " amount" },
	{ "currency",       TEXT(struct submit, currency), NULLS, 3, 3,
	    .about = "ISO 4217 code of the amount" },
	{ "stakeholders",   LIST(struct submit, stakeholders), NEED,
	    1, LIMIT_STAKEHOLDERS, .each = &stakeholder_in,
	    .about = "who is rewarded; they share equally, or as the"
	    " campaign says" },
	{ "autoCreateUsers", BOOL(struct submit, create_users),
	    .about = "make users who are not known yet" },
	{ "campaignId",     TEXT(struct submit, campaign), NULLS, 24, 24,
	    .about = "the campaign that pays; else the one that matches" },
	{ "tokenPoolId",    TEXT(struct submit, pool), NULLS, 24, 24,
	    .about = "the pool that pays; else that of the campaign, or"
	    " the default pool" },
	{ "occurredAt",     MOMENT(struct submit, occurred_at), NULLS,
	    .about = "when it was done; else now" },
	{ "metadata",       RAW(struct submit, metadata), NULLS,
	    0, LIMIT_METADATA_KEYS, .about = "anything of yours, returned as"
	    " given" });

static enum err
submit(struct call *c, const void *input)
{
	const struct submit	*in = input;
	struct action		 done;
	enum err		 e;

	e = submit_action(api_work(c), in, api_digest(c, in), &done);
	if (e != OK && e != ERR_IDEMPOTENT)
		return e;

	return api_reply(c, e == OK ? 200 : 409, &action_result_out, &done);
}

/* bulk: many at once, each with a result of its own. */

static const struct shape bulk_in = SHAPE("ActionBatch", struct bulk,
	{ "actions", ITEMS(struct bulk, actions), NEED, 1, LIMIT_BULK,
	    .each = &submit_in, .about = "submissions, done in order" },
	{ "atomic",  BOOL(struct bulk, atomic),
	    .about = "all of them or none; else a bad one fails alone" });

/* A refusal of one of many, in the words of problem details. */
struct refused {
	const char	*code, *detail;
	struct decimal	 available, needed;
	struct list	 errors;	/* of struct fault */
};

static const struct shape refused_out = SHAPE("ActionRefusal",
    struct refused,
	{ "code",   TEXT(struct refused, code),
	    .about = "the stable word that programs branch on" },
	{ "detail", TEXT(struct refused, detail),
	    .about = "what to do about it" },
	{ "available", DECIMAL(struct refused, available), HIDE,
	    .about = "how many tokens there are, where that is too few" },
	{ "needed", DECIMAL(struct refused, needed), HIDE,
	    .about = "and how many it takes" },
	{ "errors", LIST(struct refused, errors), HIDE,
	    .each = &problem_fault_out,
	    .about = "every field that is wrong" });

struct bulk_row {
	struct bulk_result	 result;
	const void		*error;		/* struct refused */
};

static const struct shape row_out = SHAPE("ActionBatchResult",
    struct bulk_row,
	{ "index",    INT(struct bulk_row, result.index),
	    .about = "its place in the batch, from 0" },
	{ "status",   TEXT(struct bulk_row, result.status),
	    .about = "COMPLETED, DUPLICATE or FAILED" },
	{ "idempotencyKey", TEXT(struct bulk_row, result.key), NULLS,
	    .about = "as submitted, or null if it was not understood" },
	{ "actionId", TEXT(struct bulk_row, result.action), HIDE,
	    .about = "its action, unless it failed" },
	{ "tokensDistributed", TOKENS(struct bulk_row, result.tokens),
	    .about = "its reward; a duplicate's was given before" },
	{ "bodyMatches", MAYBE(struct bulk_row, result.body_matches), HIDE,
	    .about = "false: the key was used for something else" },
	{ "error",    OBJECT(struct bulk_row, error), HIDE,
	    .each = &refused_out, .about = "why it failed" });

static const struct shape summary_out = SHAPE("ActionBatchSummary",
    struct bulk_summary,
	{ "submitted",  INT(struct bulk_summary, submitted),
	    .about = "how many there were" },
	{ "completed",  INT(struct bulk_summary, completed),
	    .about = "how many were done now" },
	{ "duplicates", INT(struct bulk_summary, duplicates),
	    .about = "how many had been done before" },
	{ "failed",     INT(struct bulk_summary, failed),
	    .about = "how many were refused" },
	{ "tokensDistributed", TOKENS(struct bulk_summary, distributed),
	    .about = "what was given now, all together" });

struct bulk_reply {
	struct list	 results;	/* of struct bulk_row */
	const void	*summary;
};

static const struct shape bulk_out = SHAPE("ActionBatchOutcome",
    struct bulk_reply,
	{ "results", LIST(struct bulk_reply, results), .each = &row_out,
	    .about = "one for each, in order" },
	{ "summary", OBJECT(struct bulk_reply, summary),
	    .each = &summary_out, .about = "added up" });

static const void *
refused(struct work *w, const struct bulk_result *r)
{
	const struct problem	*p = problem_row(r->refusal);
	struct refused		*no = arena_alloc(w->arena, sizeof(*no));

	no->code = p->code;
	no->detail = r->detail != NULL ? r->detail : p->detail;
	problem_shortage(r->shortage, &no->available, &no->needed);
	no->errors = problem_faults(w->arena, &r->faults);

	return no;
}

static enum err
bulk(struct call *c, const void *input)
{
	const struct bulk	*in = input;
	struct work		*w = api_work(c);
	struct bulk_outcome	 done;
	struct bulk_row		*rows;
	enum err		 e;

	e = bulk_submit(w, in, &submit_in, &done);
	if (e != OK)
		return e;
	rows = arena_array(w->arena, in->actions.count, sizeof(*rows));
	for (size_t i = 0; i < in->actions.count; i++) {
		rows[i].result = done.results[i];
		if (strcmp(rows[i].result.status, "FAILED") == 0)
			rows[i].error = refused(w, &rows[i].result);
	}

	return api_reply(c, 200, &bulk_out, &(struct bulk_reply){
	    { rows, in->actions.count }, &done.summary });
}

/* show: one action as it stands now. */

struct show {
	const char	*action;
};

static const struct shape show_in = SHAPE("ActionName", struct show,
	{ "actionId", TEXT(struct show, action), PATH | NEED,
	    .about = "the id that the submission gave" });

static enum err
show(struct call *c, const void *input)
{
	const struct show	*in = input;
	struct action		 a;
	enum err		 e;

	e = action_find(api_work(c), in->action, &a);
	if (e != OK)
		return e;

	return api_reply(c, 200, &action_out, &a);
}

/* list: by page or by cursor, and by what is asked for. */

static const struct shape list_in = SHAPE("ActionFilter",
    struct action_filter,
	PAGE_FIELDS(struct action_filter, page),
	{ "status",     WORD(struct action_filter, status), QUERY,
	    .words = action_statuses, .about = "only these" },
	{ "actionType", TEXT(struct action_filter, action_type), QUERY,
	    1, 64, .form = &code_form, .about = "only this type" },
	{ "from",       MOMENT(struct action_filter, from), QUERY,
	    .about = "told to us then or later" },
	{ "to",         MOMENT(struct action_filter, to), QUERY,
	    .about = "told to us then or earlier" });

static enum err
list(struct call *c, const void *input)
{
	const struct action_filter	*in = input;
	struct action_list		 found;
	enum err			 e;

	e = action_list(api_work(c), in, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &action_list_out, &found);
}

/* reverse: take back what is left; what is not left becomes a debt. */

static const struct shape reverse_in = SHAPE("Reversal", struct reverse,
	{ "actionId",  TEXT(struct reverse, action), PATH | NEED,
	    .about = "the id that the submission gave" },
	{ "reversalPercentage", DECIMAL(struct reverse, percent), NULLS,
	    0, 100, .about = "above 0, at most 100; else all of it" },
	{ "reason",    TEXT(struct reverse, reason), NULLS, 0, LIMIT_REASON,
	    .about = "why, for people" },
	{ "refundIdempotencyKey", TEXT(struct reverse, key), NEED,
	    1, LIMIT_KEY, .about = "unique for each refund" });

static const struct shape reverse_out = SHAPE("ReversalResult",
    struct reversal,
	{ "reversalTransactionId", TEXT(struct reversal, transaction), NULLS,
	    .about = "the ledger's transaction, or null if nothing moved" },
	{ "tokensClawedBack", TOKENS(struct reversal, clawed_back),
	    .about = "what came back to the pool" },
	{ "debtsCreated", INT(struct reversal, debts),
	    .about = "how many stakeholders now owe" },
	{ "breakdown",    LIST(struct reversal, shares),
	    .each = &reversal_share_out, .about = "who gave what back" },
	{ "reversalId",   TEXT(struct reversal, id),
	    .about = "our id of the reversal" },
	{ "reversalPercentage", DECIMAL(struct reversal, percent),
	    .about = "how much of the action this took back" },
	{ "refundIdempotencyKey", TEXT(struct reversal, key),
	    .about = "as submitted" },
	{ "code",         TEXT(struct reversal, code), HIDE,
	    .about = "IDEMPOTENT, if this is the first answer again" },
	{ "bodyMatches",  MAYBE(struct reversal, body_matches), HIDE,
	    .about = "false: the key was used for something else" });

static enum err
reverse(struct call *c, const void *input)
{
	const struct reverse	*in = input;
	struct reversal		 done;
	enum err		 e;

	e = reversal_make(api_work(c), in, api_digest(c, in), &done);
	if (e != OK && e != ERR_IDEMPOTENT)
		return e;

	return api_reply(c, e == OK ? 200 : 409, &reverse_out, &done);
}

int
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
