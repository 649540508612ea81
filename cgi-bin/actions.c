/*
 * actions: tell us what your customer did; take it back when they return it.
 * doc/api.md describes it; etc/demo.sh walks through it.
 */
#include "lib/api/api.h"
#include "lib/base/limits.h"
#include "lib/giving/action.h"
#include "lib/giving/reversal.h"
#include "lib/giving/submit.h"

static const struct shape	submit_in, submit_out;
static const struct shape	show_in, action_out;
static const struct shape	list_in, list_out;
static const struct shape	reverse_in, reverse_out;

static enum err	submit(struct call *, const void *);
static enum err	show(struct call *, const void *);
static enum err	list(struct call *, const void *);
static enum err	reverse(struct call *, const void *);

static const struct route routes[] = {
	{ "POST", "/v1/partner/actions/submit",
	    ACCESS_SECRET, "actions:write", &submit_in, &submit_out, submit,
	    .keyed = true, .about = "Reward what a customer did" },
	{ "GET", "/v1/partner/actions",
	    ACCESS_SIGNED, "read", &list_in, &list_out, list,
	    .about = "List actions, the newest first" },
	{ "GET", "/v1/partner/actions/{actionId}",
	    ACCESS_SIGNED, "read", &show_in, &action_out, show,
	    .about = "Show one action" },
	{ "POST", "/v1/partner/actions/{actionId}/reverse",
	    ACCESS_SECRET, "actions:reverse", &reverse_in, &reverse_out,
	    reverse, .keyed = true,
	    .about = "Take a reward back, whole or in part" },
	{ 0 }
};

/* Words that partners choose: action types and stakeholder types. */

static bool
is_code(const char *text)
{
	if (*text < 'A' || *text > 'Z')
		return false;
	for (; *text != '\0'; text++)
		if ((*text < 'A' || *text > 'Z') &&
		    (*text < '0' || *text > '9') && *text != '_')
			return false;

	return true;
}

static const struct form code_form = {
	"a word like PURCHASE: A to Z, digits, _", "^[A-Z][A-Z0-9_]{0,63}$",
	is_code };

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
	    .about = "who is rewarded; they share equally" },
	{ "autoCreateUsers", BOOL(struct submit, create_users),
	    .about = "make users who are not known yet" },
	{ "campaignId",     TEXT(struct submit, campaign), NULLS, 24, 24,
	    .about = "the campaign that multiplies the reward" },
	{ "tokenPoolId",    TEXT(struct submit, pool), NULLS, 24, 24,
	    .about = "the pool that pays; else the default pool" },
	{ "occurredAt",     MOMENT(struct submit, occurred_at), NULLS,
	    .about = "when it was done; else now" },
	{ "metadata",       RAW(struct submit, metadata), NULLS,
	    0, LIMIT_METADATA_KEYS, .about = "anything of yours, returned as"
	    " given" });

static const struct shape share_out = SHAPE("ActionShare", struct share,
	{ "stakeholderTypeCode", TEXT(struct share, role),
	    .about = "their part in it" },
	{ "partnerUserId", TEXT(struct share, external_id),
	    .about = "your own id of the person, or null" },
	{ "tokens",        TOKENS(struct share, tokens),
	    .about = "what they earned" },
	{ "debtOffset",    TOKENS(struct share, debt_offset),
	    .about = "how much of it went to pay their debt" },
	{ "transactionId", TEXT(struct share, transaction),
	    .about = "the ledger's transaction, or null if nothing moved" });

static const struct shape submit_out = SHAPE("ActionResult", struct action,
	{ "actionId",          TEXT(struct action, id),
	    .about = "keep it: a refund needs it" },
	{ "idempotencyKey",    TEXT(struct action, key),
	    .about = "as submitted" },
	{ "status",            TEXT(struct action, status),
	    .about = "COMPLETED" },
	{ "tokensDistributed", TOKENS(struct action, tokens),
	    .about = "the reward, all shares together" },
	{ "transactionIds",    LIST(struct action, transactions),
	    .about = "the ledger's transactions" },
	{ "campaignId",        TEXT(struct action, campaign),
	    .about = "the campaign that was used, or null" },
	{ "breakdown",         LIST(struct action, shares),
	    .each = &share_out, .about = "who earned what" },
	{ "code",              TEXT(struct action, code), HIDE,
	    .about = "IDEMPOTENT, if this is the first answer again" },
	{ "bodyMatches",       MAYBE(struct action, body_matches), HIDE,
	    .about = "false: the key was used for something else" });

static enum err
submit(struct call *c, const void *input)
{
	const struct submit	*in = input;
	struct action		 done;
	enum err		 e;

	e = submit_action(api_work(c), in, api_digest(c, in), &done);
	if (e != OK && e != ERR_IDEMPOTENT)
		return e;

	return api_reply(c, e == OK ? 200 : 409, &submit_out, &done);
}

/* show: one action as it stands now. */

struct show {
	const char	*action;
};

static const struct shape show_in = SHAPE("ActionName", struct show,
	{ "actionId", TEXT(struct show, action), PATH | NEED,
	    .about = "the id that the submission gave" });

static const struct shape action_out = SHAPE("Action", struct action,
	{ "actionId",          TEXT(struct action, id),
	    .about = "our id of the action" },
	{ "idempotencyKey",    TEXT(struct action, key),
	    .about = "as submitted" },
	{ "actionType",        TEXT(struct action, action_type),
	    .about = "what was done" },
	{ "status",            TEXT(struct action, status),
	    .about = "COMPLETED, PARTIALLY_REVERSED or REVERSED" },
	{ "amount",            DECIMAL(struct action, amount),
	    .about = "in major units, or null" },
	{ "currency",          TEXT(struct action, currency),
	    .about = "ISO 4217 code of the amount, or null" },
	{ "tokensDistributed", TOKENS(struct action, tokens),
	    .about = "the reward, all shares together" },
	{ "reversedPercentage", DECIMAL(struct action, reversed_percent),
	    .about = "how much of it was taken back" },
	{ "transactionIds",    LIST(struct action, transactions),
	    .about = "the ledger's transactions" },
	{ "campaignId",        TEXT(struct action, campaign),
	    .about = "the campaign that was used, or null" },
	{ "tokenPoolId",       TEXT(struct action, pool),
	    .about = "the pool that paid" },
	{ "breakdown",         LIST(struct action, shares),
	    .each = &share_out, .about = "who earned what" },
	{ "occurredAt",        MOMENT(struct action, occurred_at),
	    .about = "when it was done" },
	{ "createdAt",         MOMENT(struct action, created_at),
	    .about = "when it was told to us" },
	{ "metadata",          RAW(struct action, metadata),
	    .about = "as submitted, or null" });

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

static const struct shape list_out = SHAPE("ActionList",
    struct action_list,
	{ "data",       LIST(struct action_list, actions),
	    .each = &action_out, .about = "one page of actions" },
	{ "pagination", OBJECT(struct action_list, pagination),
	    .each = &page_out, .about = "where this page lies" });

static enum err
list(struct call *c, const void *input)
{
	const struct action_filter	*in = input;
	struct action_list		 found;
	enum err			 e;

	e = action_list(api_work(c), in, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &list_out, &found);
}

/* reverse: take back what is left; what is not left becomes a debt. */

static const struct shape reverse_in = SHAPE("Reversal", struct reverse,
	{ "actionId",  TEXT(struct reverse, action), PATH | NEED,
	    .about = "the id that the submission gave" },
	{ "reversalPercentage", DECIMAL(struct reverse, percent), NULLS,
	    .about = "above 0, at most 100; else all of it" },
	{ "reason",    TEXT(struct reverse, reason), NULLS, 0, LIMIT_REASON,
	    .about = "why, for people" },
	{ "refundIdempotencyKey", TEXT(struct reverse, key), NEED,
	    1, LIMIT_KEY, .about = "unique for each refund" });

static const struct shape clawback_out = SHAPE("Clawback", struct clawback,
	{ "stakeholderTypeCode", TEXT(struct clawback, role),
	    .about = "their part in the action" },
	{ "expected",   TOKENS(struct clawback, expected),
	    .about = "what should come back from them" },
	{ "clawedBack", TOKENS(struct clawback, clawed_back),
	    .about = "what did" },
	{ "debt",       TOKENS(struct clawback, debt),
	    .about = "what they now owe" });

static const struct shape reverse_out = SHAPE("ReversalResult",
    struct reversal,
	{ "reversalTransactionId", TEXT(struct reversal, transaction),
	    .about = "the ledger's transaction, or null if nothing moved" },
	{ "tokensClawedBack", TOKENS(struct reversal, clawed_back),
	    .about = "what came back to the pool" },
	{ "debtsCreated", INT(struct reversal, debts),
	    .about = "how many stakeholders now owe" },
	{ "breakdown",    LIST(struct reversal, shares),
	    .each = &clawback_out, .about = "who gave what back" },
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
main(void)
{
	return api_serve(routes);
}
