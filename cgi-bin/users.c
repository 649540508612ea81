/*
 * users: the people whom a partner's actions reward, and what they hold.
 * doc/api.md describes it.
 */
#include "lib/api/api.h"
#include "lib/base/limits.h"
#include "lib/giving/redemption.h"
#include "lib/giving/user.h"

static const struct shape	show_in;
static const struct shape	redeem_in, redeem_out;

static enum err	create(struct call *, const void *);
static enum err	show(struct call *, const void *);
static enum err	balance(struct call *, const void *);
static enum err	redeem(struct call *, const void *);

static const struct route routes[] = {
	{ "POST", "/v1/partner/users",
	    ACCESS_SECRET, "users:write", &user_name_in, &user_out, create,
	    .about = "Make a user known" },
	{ "GET", "/v1/partner/users/{externalId}",
	    ACCESS_SIGNED, "read", &show_in, &user_out, show,
	    .about = "Show one user" },
	{ "GET", "/v1/partner/users/{externalId}/balance",
	    ACCESS_SIGNED, "read", &show_in, &user_balance_out, balance,
	    .about = "What a user holds, owes and ever earned" },
	{ "POST", "/v1/partner/users/{externalId}/redeem",
	    ACCESS_SECRET, "users:write", &redeem_in, &redeem_out, redeem,
	    .keyed = true, .about = "A user spends tokens" },
	{ 0 }
};

/* create: before the first action, or instead of autoCreateUsers. */

static enum err
create(struct call *c, const void *input)
{
	const struct user_name	*in = input;
	struct user		 u;
	enum err		 e;

	e = user_create(api_work(c), in, &u);
	if (e != OK)
		return e;

	return api_reply(c, 201, &user_out, &u);
}

/* show: by the partner's own id, or by e-mail. */

struct show {
	const char	*user;
};

static const struct shape show_in = SHAPE("UserName", struct show,
	{ "externalId", TEXT(struct show, user), PATH | NEED,
	    .about = "your own id of the person, or their e-mail" });

static enum err
show(struct call *c, const void *input)
{
	const struct show	*in = input;
	struct user		 u;
	enum err		 e;

	e = user_named(api_work(c), in->user, &u);
	if (e != OK)
		return e;

	return api_reply(c, 200, &user_out, &u);
}

/* balance: straight from the ledger's accounts. */

static enum err
balance(struct call *c, const void *input)
{
	const struct show	*in = input;
	struct user_balance	 b;
	struct user		 u;
	enum err		 e;

	e = user_named(api_work(c), in->user, &u);
	if (e != OK)
		return e;
	user_balance(api_work(c), &u, &b);

	return api_reply(c, 200, &user_balance_out, &b);
}

/* redeem: from the wallet into what was spent. */

static const struct shape redeem_in = SHAPE("Redemption", struct redeem,
	{ "externalId", TEXT(struct redeem, user), PATH | NEED,
	    .about = "your own id of the person, or their e-mail" },
	{ "tokens",     TOKENS(struct redeem, tokens), NEED,
	    1, LIMIT_TOKENS, .about = "how many" },
	{ "idempotencyKey", TEXT(struct redeem, key), NEED, 1, LIMIT_KEY,
	    .about = "unique for each redemption" },
	{ "reason",     TEXT(struct redeem, reason), NULLS,
	    0, LIMIT_REASON, .about = "for what, for people" });

static const struct shape redeem_out = SHAPE("RedemptionResult",
    struct redemption,
	{ "redemptionId",  TEXT(struct redemption, id),
	    .about = "our id of the redemption" },
	{ "externalId",    TEXT(struct redemption, external_id),
	    .about = "your own id of the person, or null" },
	{ "tokens",        TOKENS(struct redemption, tokens),
	    .about = "how many were spent" },
	{ "available",     TOKENS(struct redemption, available),
	    .about = "what the user had left then" },
	{ "transactionId", TEXT(struct redemption, transaction),
	    .about = "the ledger's transaction" },
	{ "idempotencyKey", TEXT(struct redemption, key),
	    .about = "as submitted" },
	{ "createdAt",     MOMENT(struct redemption, created_at),
	    .about = "when it was" },
	{ "code",          TEXT(struct redemption, code), HIDE,
	    .about = "IDEMPOTENT, if this is the first answer again" },
	{ "bodyMatches",   MAYBE(struct redemption, body_matches), HIDE,
	    .about = "false: the key was used for something else" });

static enum err
redeem(struct call *c, const void *input)
{
	const struct redeem	*in = input;
	struct redemption	 done;
	enum err		 e;

	e = redemption_make(api_work(c), in, api_digest(c, in), &done);
	if (e != OK && e != ERR_IDEMPOTENT)
		return e;

	return api_reply(c, e == OK ? 200 : 409, &redeem_out, &done);
}

int
main(void)
{
	return api_serve(routes);
}
