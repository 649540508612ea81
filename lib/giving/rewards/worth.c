/*
 * worth: from what was said of an action to its reward.
 */
#include "lib/base/money.h"
#include "lib/giving/rewards/worth.h"

/* Amount and currency into minor units, or a fault at what is wrong. */
static void
read_amount(struct work *w, const struct submit *in, bool needed,
    struct worth *out)
{
	const struct currency	*c = NULL;

	out->minor = 0;
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
	    !money_minor(in->amount, c, &out->minor))
		faults_add(w->faults, "/amount", "At least 0, at most"
		    " 10^15 minor units, and in %s at most %d digits after"
		    " the point.", c->code, c->exponent);
	out->currency = c;
}

bool
worth_times(const struct worth *worth, int64_t milli_times,
    struct tokens *out)
{
	static const struct currency	 whole = { "", 0 };
	const struct rule		*r = &worth->rule;

	if (r->by_amount)
		return money_reward(worth->minor, worth->currency,
		    (struct reward_rate){ r->micro_per_unit, milli_times },
		    out);

	/* A flat reward is so many units at a token each. */
	return money_reward(r->flat.units, &whole,
	    (struct reward_rate){ 1000000, milli_times }, out);
}

enum err
worth_of(struct work *w, const struct submit *in, bool unruled,
    struct worth *out)
{
	enum err	 e = rule_find(w, in->action_type, &out->rule);

	out->ruled = e == OK;
	out->reward.units = 0;
	if (!out->ruled && !unruled)
		return e;
	read_amount(w, in, out->rule.by_amount, out);
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;
	if (out->ruled && !worth_times(out, 1000, &out->reward)) {
		faults_add(w->faults, "/amount",
		    "Its reward is more than one action may give.");
		return ERR_INVALID_REQUEST;
	}

	return OK;
}
