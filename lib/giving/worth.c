/*
 * worth: from what was said of an action to its reward.
 */
#include "lib/base/money.h"
#include "lib/giving/rule.h"
#include "lib/giving/worth.h"

/* Amount and currency into minor units, or a fault at what is wrong. */
static void
read_amount(struct work *w, const struct submit *in, bool needed,
    int64_t *minor)
{
	const struct currency	*c = NULL;

	*minor = 0;
	if (in->currency != NULL) {
		c = money_currency(in->currency);
		if (c == NULL)
			faults_add(w->faults, "/currency", "Not an ISO 4217"
			    " code in upper case, like USD.");
	} else if (needed || in->amount.said) {
		faults_add(w->faults, "/currency", "Required with an"
		    " amount: an ISO 4217 code, like USD.");
	}
	if (!in->amount.said && needed)
		faults_add(w->faults, "/amount", "Required: this action"
		    " type is rewarded by its amount.");
	if (c != NULL && in->amount.said &&
	    !money_minor(in->amount, c, minor))
		faults_add(w->faults, "/amount", "At least 0, at most"
		    " 10^15 minor units, and in %s at most %d digits after"
		    " the point.", c->code, c->exponent);
}

enum err
worth_of(struct work *w, const struct submit *in, struct worth *out)
{
	struct rule		 rule;
	enum err		 e = rule_find(w, in->action_type, &rule);

	if (e != OK)
		return e;
	read_amount(w, in, rule.by_amount, &out->minor);
	if (in->campaign != NULL)
		faults_add(w->faults, "/campaignId",
		    "There is no such campaign.");
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;

	out->reward = rule.flat;
	if (rule.by_amount && !money_reward(out->minor,
	    money_currency(in->currency),
	    (struct reward_rate){ rule.micro_per_unit, 1000 }, &out->reward)) {
		faults_add(w->faults, "/amount",
		    "Its reward is more than one action may give.");
		return ERR_INVALID_REQUEST;
	}

	return OK;
}
