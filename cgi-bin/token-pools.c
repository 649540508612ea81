/*
 * token-pools: what a partner's rewards are paid from, and asking for more.
 * doc/api.md describes it.
 */
#include "lib/api/api.h"
#include "lib/base/limits.h"
#include "lib/giving/people/statement.h"
#include "lib/giving/pools/pool.h"
#include "lib/giving/pools/pool_balance.h"
#include "lib/giving/pools/pool_request.h"

static const struct shape	list_in, show_in, transactions_in;
static const struct shape	request_in, requests_in, one_request_in;

static enum err	list(struct call *, const void *);
static enum err	request(struct call *, const void *);
static enum err	requests(struct call *, const void *);
static enum err	show_request(struct call *, const void *);
static enum err	withdraw(struct call *, const void *);
static enum err	show(struct call *, const void *);
static enum err	balance(struct call *, const void *);
static enum err	transactions(struct call *, const void *);

/* What is said in so many words comes before what any id may stand for. */
static const struct route routes[] = {
	{ "GET", "/v1/partner/token-pools",
	    ACCESS_SIGNED, "read", &list_in, &pool_list_out, list,
	    .name = "listTokenPools",
	    .about = "List token pools, the newest first" },
	{ "POST", "/v1/partner/token-pools/request",
	    ACCESS_SECRET, "token-pools:request", &request_in,
	    &pool_request_out, request, .success = 201,
	    .refuses = REFUSES(ERR_POOL_NOT_FOUND),
	    .name = "requestTokens",
	    .about = "Ask for more tokens in a pool" },
	{ "GET", "/v1/partner/token-pools/requests",
	    ACCESS_SIGNED, "read", &requests_in, &pool_request_list_out,
	    requests, .name = "listTokenRequests",
	    .about = "List what was asked for, the newest first" },
	{ "GET", "/v1/partner/token-pools/requests/{requestId}",
	    ACCESS_SIGNED, "read", &one_request_in, &pool_request_out,
	    show_request, .name = "showTokenRequest",
	    .about = "Show what became of a request" },
	{ "DELETE", "/v1/partner/token-pools/requests/{requestId}",
	    ACCESS_SECRET, "token-pools:request", &one_request_in,
	    &pool_request_out, withdraw,
	    .refuses = REFUSES(ERR_INVALID_TRANSITION),
	    .name = "withdrawTokenRequest",
	    .about = "Withdraw a request that is pending" },
	{ "GET", "/v1/partner/token-pools/{tokenPoolId}",
	    ACCESS_SIGNED, "read", &show_in, &pool_out, show,
	    .name = "showTokenPool",
	    .about = "Show one token pool" },
	{ "GET", "/v1/partner/token-pools/{tokenPoolId}/balance",
	    ACCESS_SIGNED, "read", &show_in, &pool_balance_out, balance,
	    .name = "showTokenPoolBalance",
	    .about = "What a token pool has left" },
	{ "GET", "/v1/partner/token-pools/{tokenPoolId}/transactions",
	    ACCESS_SIGNED, "read", &transactions_in, &statement_out,
	    transactions, .name = "listTokenPoolTransactions",
	    .about = "What went into a token pool and out of it" },
	{ 0 }
};

/* list: by page or by cursor. */

static const struct shape list_in = SHAPE("TokenPoolFilter",
    struct pool_filter,
	PAGE_FIELDS(struct pool_filter, page),
	PAGE_TIMES(struct pool_filter));

static enum err
list(struct call *c, const void *input)
{
	const struct pool_filter	*in = input;
	struct pool_list		 found;
	enum err			 e;

	e = pool_list(api_work(c), in, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &pool_list_out, &found);
}

/* request: an operator decides on it; nothing moves until then. */

static const struct shape request_in = SHAPE("TokenPoolAsk",
    struct pool_ask,
	{ "amount",      TOKENS(struct pool_ask, amount), NEED,
	    1, LIMIT_TOKENS, .about = "how many tokens" },
	{ "reason",      TEXT(struct pool_ask, reason), NEED,
	    1, LIMIT_REASON, .about = "what for, for your administrator" },
	{ "tokenPoolId", TEXT(struct pool_ask, pool), NULLS, 24, 24,
	    .about = "the pool that they are for; else the default pool" });

static enum err
request(struct call *c, const void *input)
{
	const struct pool_ask	*in = input;
	struct pool_request	 made;
	enum err		 e;

	e = pool_request_make(api_work(c), in, &made);
	if (e != OK)
		return e;

	return api_reply(c, 201, &pool_request_out, &made);
}

/* requests: by page or by cursor, and by what is asked for. */

static const struct shape requests_in = SHAPE("TokenPoolRequestFilter",
    struct pool_request_filter,
	PAGE_FIELDS(struct pool_request_filter, page),
	{ "status", WORD(struct pool_request_filter, status), QUERY,
	    .words = pool_request_statuses, .about = "only these" },
	{ "kind",   WORD(struct pool_request_filter, kind), QUERY,
	    .words = pool_request_kinds, .about = "only these" },
	PAGE_TIMES(struct pool_request_filter));

static enum err
requests(struct call *c, const void *input)
{
	const struct pool_request_filter	*in = input;
	struct pool_request_list		 found;
	enum err				 e;

	e = pool_request_list(api_work(c), in, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &pool_request_list_out, &found);
}

/* show_request, withdraw: one of them. */

struct one_request {
	const char	*request;
};

static const struct shape one_request_in = SHAPE("TokenPoolRequestName",
    struct one_request,
	{ "requestId", TEXT(struct one_request, request), PATH | NEED,
	    .about = "the id that the request was given" });

static enum err
show_request(struct call *c, const void *input)
{
	const struct one_request	*in = input;
	struct pool_request		 found;
	enum err			 e;

	e = pool_request_find(api_work(c), in->request, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &pool_request_out, &found);
}

static enum err
withdraw(struct call *c, const void *input)
{
	const struct one_request	*in = input;
	struct pool_request		 gone;
	enum err			 e;

	e = pool_request_withdraw(api_work(c), in->request, &gone);
	if (e != OK)
		return e;

	return api_reply(c, 200, &pool_request_out, &gone);
}

/* show, balance, transactions: of one pool. */

struct show {
	const char	*pool;
};

static const struct shape show_in = SHAPE("TokenPoolName", struct show,
	{ "tokenPoolId", TEXT(struct show, pool), PATH | NEED,
	    .about = "our id of the pool" });

/* In an address, an unknown pool is a page that is not there. */
static enum err
find(struct call *c, const char *id, struct pool_balance *b)
{
	enum err	 e = pool_balance_find(api_work(c), id, b);

	return e == ERR_POOL_NOT_FOUND ? ERR_NOT_FOUND : e;
}

static enum err
show(struct call *c, const void *input)
{
	const struct show	*in = input;
	struct pool_balance	 b;
	enum err		 e;

	e = find(c, in->pool, &b);
	if (e != OK)
		return e;

	return api_reply(c, 200, &pool_out, &b.pool);
}

static enum err
balance(struct call *c, const void *input)
{
	const struct show	*in = input;
	struct pool_balance	 b;
	enum err		 e;

	e = find(c, in->pool, &b);
	if (e != OK)
		return e;

	return api_reply(c, 200, &pool_balance_out, &b);
}

struct transactions {
	const char		*pool;
	struct statement_filter	 filter;
};

static const struct shape transactions_in = SHAPE("TokenPoolHistory",
    struct transactions,
	{ "tokenPoolId", TEXT(struct transactions, pool), PATH | NEED,
	    .about = "our id of the pool" },
	STATEMENT_FIELDS(struct transactions, filter));

static enum err
transactions(struct call *c, const void *input)
{
	const struct transactions	*in = input;
	struct pool_balance		 b;
	struct statement		 found;
	enum err			 e;

	e = find(c, in->pool, &b);
	if (e == OK)
		e = statement_list(api_work(c), (struct account){
		    ACCOUNT_POOL, b.pool.number }, &in->filter, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &statement_out, &found);
}

int
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
