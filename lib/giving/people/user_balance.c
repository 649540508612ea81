/*
 * user_balance: what a user holds, owes, and ever got and gave.
 */
#include <string.h>

#include "lib/giving/people/lot.h"
#include "lib/giving/people/user.h"
#include "lib/ledger/ledger.h"

const struct shape user_balance_out = SHAPE("UserBalance",
    struct user_balance,
	{ "externalId", TEXT(struct user_balance, external_id), NULLS,
	    .about = "your own id of the person, or null" },
	{ "available",  TOKENS(struct user_balance, available),
	    .about = "what they can spend now" },
	{ "pending",    TOKENS(struct user_balance, pending),
	    .about = "earned, but not yet vested" },
	{ "debt",       TOKENS(struct user_balance, debt),
	    .about = "what later earnings pay first" },
	{ "lifetimeEarned", TOKENS(struct user_balance, earned),
	    .about = "all rewards that were ever given" },
	{ "lifetimeSpent", TOKENS(struct user_balance, spent),
	    .about = "all that was ever spent, and exchanged for points" },
	{ "lifetimeClawedBack", TOKENS(struct user_balance, clawed_back),
	    .about = "all that reversals took back, debts paid included" },
	{ "expiringSoon", TOKENS(struct user_balance, expiring_soon),
	    .about = "what expires within 30 days" });

static struct turnover
turnover(struct work *w, const struct user *u, enum account_kind kind)
{
	return ledger_turnover(w, (struct account){ kind, u->number });
}

/*
 * What was ever earned is what came into the wallet, plus what went to pay
 * debts before it could, less what came from exchanges that were reverted;
 * what was taken back is all of it that is not there, and neither was spent
 * nor exchanged nor expired.
 */
void
user_balance(struct work *w, const struct user *u, struct user_balance *b)
{
	struct turnover	 wallet, spent, debt, expired, exchanged;
	struct lot_sums	 lots;
	int64_t		 paid;

	wallet = turnover(w, u, ACCOUNT_WALLET);
	spent = turnover(w, u, ACCOUNT_SPENT);
	debt = turnover(w, u, ACCOUNT_DEBT);
	expired = turnover(w, u, ACCOUNT_EXPIRED);
	exchanged = turnover(w, u, ACCOUNT_EXCHANGED);
	lot_sums(w, u->number, &lots);
	paid = debt.received.units - debt.balance.units;

	memset(b, 0, sizeof(*b));
	b->external_id = u->external_id;
	b->pending = lots.pending;
	b->expiring_soon = lots.soon;
	b->available.units = wallet.balance.units - lots.pending.units -
	    lots.due.units;
	b->debt = debt.balance;
	b->spent.units = spent.balance.units + exchanged.balance.units;
	b->earned.units = wallet.received.units + paid -
	    (exchanged.received.units - exchanged.balance.units);
	b->clawed_back.units = b->earned.units - wallet.balance.units -
	    b->spent.units - expired.balance.units;
}
