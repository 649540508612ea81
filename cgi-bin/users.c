/*
 * users: the people whom a partner's actions reward, and what they hold.
 * doc/api.md describes it.
 */
#include "lib/api/api.h"
#include "lib/base/limits.h"
#include "lib/giving/people/redemption.h"
#include "lib/giving/people/statement.h"
#include "lib/giving/people/user.h"

static const struct shape	list_in, show_in, change_in;
static const struct shape	transactions_in;
static const struct shape	redeem_in, redeem_out;

static enum err	list(struct call *, const void *);
static enum err	create(struct call *, const void *);
static enum err	show(struct call *, const void *);
static enum err	change(struct call *, const void *);
static enum err	erase(struct call *, const void *);
static enum err	balance(struct call *, const void *);
static enum err	transactions(struct call *, const void *);
static enum err	redeem(struct call *, const void *);

static const struct route routes[] = {
	{ "GET", "/v1/partner/users",
	    ACCESS_SIGNED, "read", &list_in, &user_list_out, list,
	    .name = "listUsers",
	    .about = "List users, the newest first" },
	{ "POST", "/v1/partner/users",
	    ACCESS_SECRET, "users:write", &user_name_in, &user_out, create,
	    .success = 201,
	    .refuses = REFUSES(ERR_USER_CONFLICT),
	    .name = "createUser",
	    .about = "Make a user known" },
	{ "GET", "/v1/partner/users/{externalId}",
	    ACCESS_SIGNED, "read", &show_in, &user_out, show,
	    .name = "showUser",
	    .about = "Show one user" },
	{ "PATCH", "/v1/partner/users/{externalId}",
	    ACCESS_SECRET, "users:write", &change_in, &user_out, change,
	    .refuses = REFUSES(ERR_USER_CONFLICT),
	    .name = "changeUser",
	    .about = "Change what is known of a user" },
	{ "DELETE", "/v1/partner/users/{externalId}",
	    ACCESS_SECRET, "users:write", &show_in, NULL, erase,
	    .success = 204,
	    .name = "eraseUser",
	    .about = "Forget a person; their numbers stay in the books" },
	{ "GET", "/v1/partner/users/{externalId}/balance",
	    ACCESS_SIGNED, "read", &show_in, &user_balance_out, balance,
	    .name = "showUserBalance",
	    .about = "What a user holds, owes and ever earned" },
	{ "GET", "/v1/partner/users/{externalId}/transactions",
	    ACCESS_SIGNED, "read", &transactions_in, &statement_out,
	    transactions,
	    .name = "listUserTransactions",
	    .about = "What a user got and gave, the newest first" },
	{ "POST", "/v1/partner/users/{externalId}/redeem",
	    ACCESS_SECRET, "users:write", &redeem_in, &redeem_out, redeem,
	    .keyed = true,
	    .refuses = REFUSES(ERR_IDEMPOTENT, ERR_INSUFFICIENT_BALANCE),
	    .name = "redeemTokens",
	    .about = "A user spends tokens" },
	{ 0 }
};

/* list: by page or by cursor, and by what is asked for. */

static const struct shape list_in = SHAPE("UserFilter", struct user_filter,
	PAGE_FIELDS(struct user_filter, page),
	{ "email",      TEXT(struct user_filter, email), QUERY,
	    3, LIMIT_EMAIL, .form = &user_email_form,
	    .about = "only whose address this is" },
	{ "externalId", TEXT(struct user_filter, external_id), QUERY,
	    1, LIMIT_USER_ID, .form = &user_id_form,
	    .about = "only whom you call so" },
	{ "from",       MOMENT(struct user_filter, from), QUERY,
	    .about = "known to us since then or later" },
	{ "to",         MOMENT(struct user_filter, to), QUERY,
	    .about = "known to us since then or earlier" });

static enum err
list(struct call *c, const void *input)
{
	const struct user_filter	*in = input;
	struct user_list		 found;
	enum err			 e;

	e = user_list(api_work(c), in, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &user_list_out, &found);
}

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
	user_complete(api_work(c), &u);

	return api_reply(c, 200, &user_out, &u);
}

/* change: what is not said stays as it is, null empties it. */

static const struct shape change_in = SHAPE("UserChange", struct user_change,
	{ "externalId", TEXT(struct user_change, user), PATH | NEED,
	    .about = "your own id of the person, or their e-mail" },
	{ "email",      TEXT(struct user_change, email), CLEARS,
	    3, LIMIT_EMAIL, .form = &user_email_form,
	    .about = "their new e-mail address" },
	{ "firstName",  TEXT(struct user_change, first_name), CLEARS,
	    0, LIMIT_NAME, .about = "their first name" },
	{ "lastName",   TEXT(struct user_change, last_name), CLEARS,
	    0, LIMIT_NAME, .about = "their last name" },
	{ "metadata",   RAW(struct user_change, metadata), CLEARS,
	    0, LIMIT_METADATA_KEYS, .about = "members to add, to replace,"
	    " or with null, to remove" });

static enum err
change(struct call *c, const void *input)
{
	const struct user_change	*in = input;
	struct user			 u;
	enum err			 e;

	e = user_change(api_work(c), in, &u);
	if (e != OK)
		return e;

	return api_reply(c, 200, &user_out, &u);
}

/* erase: a person has a right to be forgotten. */

static enum err
erase(struct call *c, const void *input)
{
	const struct show	*in = input;
	enum err		 e;

	e = user_erase(api_work(c), in->user);
	if (e != OK)
		return e;

	return api_done(c);
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

/* transactions: the statement of the wallet. */

struct transactions {
	const char		*user;
	struct statement_filter	 filter;
};

static const struct shape transactions_in = SHAPE("UserTransactionFilter",
    struct transactions,
	{ "externalId", TEXT(struct transactions, user), PATH | NEED,
	    .about = "your own id of the person, or their e-mail" },
	STATEMENT_FIELDS(struct transactions, filter));

static enum err
transactions(struct call *c, const void *input)
{
	const struct transactions	*in = input;
	struct statement		 found;
	struct user			 u;
	enum err			 e;

	e = user_named(api_work(c), in->user, &u);
	if (e == OK)
		e = statement_list(api_work(c),
		    (struct account){ ACCOUNT_WALLET, u.number },
		    &in->filter, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &statement_out, &found);
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
	{ "externalId",    TEXT(struct redemption, external_id), NULLS,
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
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
