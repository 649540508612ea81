/*
 * exchanges: a user's tokens become points of another programme, and come
 * back.  doc/exchanges.md describes it.
 */
#include "lib/api/api.h"
#include "lib/base/limits.h"
#include "lib/giving/exchanges/exchange.h"
#include "lib/giving/people/user.h"
#include "lib/giving/site/code.h"

static const struct shape	make_in, list_in, show_in, revert_in;

static enum err	make(struct call *, const void *);
static enum err	list(struct call *, const void *);
static enum err	show(struct call *, const void *);
static enum err	revert(struct call *, const void *);

static const struct route routes[] = {
	{ "POST", "/v1/partner/exchanges",
	    ACCESS_SECRET, "exchanges:write", &make_in, &exchange_out, make,
	    .keyed = true, .success = 201,
	    .refuses = REFUSES(ERR_IDEMPOTENT, ERR_PROGRAMME_NOT_FOUND,
	    ERR_PROGRAMME_INACTIVE, ERR_USER_NOT_FOUND,
	    ERR_INSUFFICIENT_BALANCE),
	    .name = "exchangeTokens",
	    .about = "Exchange a user's tokens for points elsewhere" },
	{ "GET", "/v1/partner/exchanges",
	    ACCESS_SIGNED, "read", &list_in, &exchange_list_out, list,
	    .name = "listExchanges",
	    .about = "List exchanges, the newest first" },
	{ "GET", "/v1/partner/exchanges/{exchangeId}",
	    ACCESS_SIGNED, "read", &show_in, &exchange_out, show,
	    .name = "showExchange",
	    .about = "Show one exchange" },
	{ "POST", "/v1/partner/exchanges/{exchangeId}/revert",
	    ACCESS_SECRET, "exchanges:write", &revert_in, &exchange_out,
	    revert, .keyed = true,
	    .refuses = REFUSES(ERR_IDEMPOTENT, ERR_ALREADY_REVERSED),
	    .name = "revertExchange",
	    .about = "Take an exchange back; the programme is told" },
	{ 0 }
};

/* make: out of the wallet, and the programme is told by a webhook. */

static const struct shape make_in = SHAPE("ExchangeWish",
    struct exchange_wish,
	{ "partnerUserId", TEXT(struct exchange_wish, external_id), NEED,
	    1, LIMIT_USER_ID, .form = &user_id_form,
	    .about = "your own id of the person" },
	{ "tokens",        TOKENS(struct exchange_wish, tokens), NEED,
	    1, LIMIT_TOKENS, .about = "how many" },
	{ "programme",     TEXT(struct exchange_wish, programme), NEED,
	    1, CODE_SIZE, .form = &code_form,
	    .about = "for whose points, as your administrator named it" },
	{ "membershipId",  TEXT(struct exchange_wish, member), NEED,
	    1, LIMIT_MEMBER, .about = "who the person is over there" },
	{ "idempotencyKey", TEXT(struct exchange_wish, key), NEED,
	    1, LIMIT_KEY, .about = "unique for each exchange" });

static enum err
make(struct call *c, const void *input)
{
	const struct exchange_wish	*in = input;
	struct exchange			 made;
	enum err			 e;

	e = exchange_make(api_work(c), in, api_digest(c, in), &made);
	if (e != OK && e != ERR_IDEMPOTENT)
		return e;

	return api_reply(c, e == OK ? 201 : 409, &exchange_out, &made);
}

/* list: by page or by cursor, and by what is asked for. */

static const struct shape list_in = SHAPE("ExchangeFilter",
    struct exchange_filter,
	PAGE_FIELDS(struct exchange_filter, page),
	{ "status",        WORD(struct exchange_filter, status), QUERY,
	    .words = exchange_statuses, .about = "only these" },
	{ "programme",     TEXT(struct exchange_filter, programme), QUERY,
	    1, CODE_SIZE, .form = &code_form,
	    .about = "only for its points" },
	{ "partnerUserId", TEXT(struct exchange_filter, external_id), QUERY,
	    1, LIMIT_USER_ID, .form = &user_id_form,
	    .about = "only this person's" },
	PAGE_TIMES(struct exchange_filter));

static enum err
list(struct call *c, const void *input)
{
	const struct exchange_filter	*in = input;
	struct exchange_list		 found;
	enum err			 e;

	e = exchange_list(api_work(c), in, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &exchange_list_out, &found);
}

/* show: one of them. */

struct show {
	const char	*exchange;
};

static const struct shape show_in = SHAPE("ExchangeName", struct show,
	{ "exchangeId", TEXT(struct show, exchange), PATH | NEED,
	    .about = "our id of the exchange" });

static enum err
show(struct call *c, const void *input)
{
	const struct show	*in = input;
	struct exchange		 found;
	enum err		 e;

	e = exchange_find(api_work(c), in->exchange, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &exchange_out, &found);
}

/* revert: the tokens come back, whole and once. */

static const struct shape revert_in = SHAPE("ExchangeRevert",
    struct exchange_back,
	{ "exchangeId", TEXT(struct exchange_back, exchange), PATH | NEED,
	    .about = "our id of the exchange" },
	{ "idempotencyKey", TEXT(struct exchange_back, key), NEED,
	    1, LIMIT_KEY, .about = "unique for each revert" });

static enum err
revert(struct call *c, const void *input)
{
	const struct exchange_back	*in = input;
	struct exchange			 back;
	enum err			 e;

	e = exchange_revert(api_work(c), in, api_digest(c, in), &back);
	if (e != OK && e != ERR_IDEMPOTENT)
		return e;

	return api_reply(c, e == OK ? 200 : 409, &exchange_out, &back);
}

int
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
