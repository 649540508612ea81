/*
 * request: what partners ask for, and the operator's yes or no.
 */
#include <string.h>

#include "bin/command/cli.h"
#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/crypto/id.h"
#include "lib/giving/partners/partner.h"
#include "lib/giving/pools/pool_request.h"

static int	list(struct cli *);
static int	approve(struct cli *);
static int	reject(struct cli *);

static const struct option list_options[] = {
	{ "partner", "SLUG", "only this partner's", false },
	{ "side", "test|live", "only this side's", false },
	{ "status", "STATUS", "PENDING, APPROVED, REJECTED or WITHDRAWN",
	    false },
	{ 0 }
};

static const struct option decide_options[] = {
	{ "request", "REQUEST_ID", "which", true },
	{ "reason", "TEXT", "why, for the partner to read", false },
	{ 0 }
};

const struct command request_commands[] = {
	{ "request list", "List what partners ask for", list_options, list },
	{ "request approve", "Put what was asked for into the pool",
	    decide_options, approve },
	{ "request reject", "Say no to it", decide_options, reject },
	{ 0 }
};

/* A request, and whose it is. */
struct row {
	const char		*partner, *side;
	struct pool_request	 r;
};

static const struct shape row_out = SHAPE("Request", struct row,
	{ "requestId",      TEXT(struct row, r.id) },
	{ "partner",        TEXT(struct row, partner) },
	{ "side",           TEXT(struct row, side) },
	{ "tokenPoolId",    TEXT(struct row, r.pool) },
	{ "amount",         TOKENS(struct row, r.amount) },
	{ "status",         TEXT(struct row, r.status) },
	{ "createdAt",      MOMENT(struct row, r.created_at) },
	{ "decidedAt",      MOMENT(struct row, r.decided_at) },
	{ "transactionId",  TEXT(struct row, r.transaction) },
	{ "reason",         TEXT(struct row, r.reason) },
	{ "decisionReason", TEXT(struct row, r.decision) });

/* Rows of all sides, one after another. */
struct rows {
	struct row	*rows;
	size_t		 count, room;
};

static void
add(struct cli *c, struct rows *to, const struct row *row)
{
	struct row	*more;

	if (to->count == to->room) {
		to->room = 2 * to->room + LIMIT_PAGE;
		more = arena_array(c->arena, to->room, sizeof(*more));
		if (to->count > 0)
			memcpy(more, to->rows, to->count * sizeof(*more));
		to->rows = more;
	}
	to->rows[to->count++] = *row;
}

/* All requests of the work's tenant, page by page. */
static enum err
add_side(struct cli *c, struct rows *to, const char *partner,
    const char *side, int status)
{
	struct pool_request_filter	 f = { { 1, LIMIT_PAGE, NULL },
		status };
	struct pool_request_list	 page;
	const struct pool_request	*r;
	enum err			 e;

	do {
		e = pool_request_list(&c->work, &f, &page);
		if (e != OK)
			return e;
		r = page.requests.items;
		for (size_t i = 0; i < page.requests.count; i++)
			add(c, to, &(struct row){ partner, side, r[i] });
		f.page.cursor = ((const struct pagination *)
		    page.pagination)->next_cursor;
	} while (f.page.cursor != NULL);

	return OK;
}

static int
status_of(struct cli *c)
{
	const char	*text = cli_value(c, "status");

	if (text == NULL)
		return -1;
	for (int i = 0; pool_request_statuses[i] != NULL; i++)
		if (strcmp(pool_request_statuses[i], text) == 0)
			return i;
	cli_usage(c, "--status is PENDING, APPROVED, REJECTED or WITHDRAWN");
}

/* Is this what an option asks for, if it does? */
static bool
meant(struct cli *c, const char *option, const char *is)
{
	const char	*value = cli_value(c, option);

	return value == NULL || strcmp(value, is) == 0;
}

static int
list(struct cli *c)
{
	static const char *const sides[] = { "test", "live" };
	int			 status = status_of(c);
	const struct partner	*p;
	struct partner		 one;
	struct rows		 all = { 0 };
	struct list		 partners;
	enum err		 e = OK;

	if (!meant(c, "side", "test") && !meant(c, "side", "live"))
		cli_usage(c, "--side is test or live");
	cli_open(c, DB_READ);
	if (cli_value(c, "partner") != NULL)
		e = partner_find(&c->work, cli_value(c, "partner"), &one);
	partner_list(&c->work, &partners);
	p = partners.items;
	for (size_t i = 0; i < 2 * partners.count && e == OK; i++) {
		if (!meant(c, "partner", p[i / 2].slug) ||
		    !meant(c, "side", sides[i % 2]))
			continue;
		c->work.tenant = i % 2 == 0 ? p[i / 2].test : p[i / 2].live;
		e = add_side(c, &all, p[i / 2].slug, sides[i % 2], status);
	}
	if (e != OK)
		return cli_refuse(c, e);
	print_list(c, &row_out, &(struct list){ all.rows, all.count });

	return cli_close(c);
}

/* Whose request is it?  An id that cannot be one is nobody's. */
static enum err
find_owner(struct cli *c, const char *id, struct row *row)
{
	const struct partner	*p;
	struct list		 partners;
	struct id		 read;

	if (!id_read(ID_POOL_REQUEST, id, &read))
		return ERR_NOT_FOUND;
	c->work.tenant = read.tenant;
	partner_list(&c->work, &partners);
	p = partners.items;
	for (size_t i = 0; i < partners.count; i++) {
		if (p[i].test != read.tenant && p[i].live != read.tenant)
			continue;
		row->partner = p[i].slug;
		row->side = p[i].live == read.tenant ? "live" : "test";
		return OK;
	}

	return ERR_NOT_FOUND;
}

static int
decide(struct cli *c, enum err (*how)(struct work *, const char *,
    const char *, struct pool_request *))
{
	const char	*id = cli_value(c, "request");
	const char	*why = cli_value(c, "reason");
	struct row	 row = { 0 };
	enum err	 e;

	if (why != NULL && encode_length(why) > LIMIT_REASON)
		cli_usage(c, "--reason has at most %d characters",
		    LIMIT_REASON);
	cli_open(c, DB_WRITE);
	e = find_owner(c, id, &row);
	cli_own_time(c);
	if (e == OK)
		e = how(&c->work, id, why, &row.r);
	if (e == ERR_NOT_FOUND)
		c->work.detail = "There is no such request: almoner request"
		    " list shows them.";
	if (e != OK)
		return cli_refuse(c, e);
	print_one(c, &row_out, &row);

	return cli_close(c);
}

static int
approve(struct cli *c)
{
	return decide(c, pool_request_approve);
}

static int
reject(struct cli *c)
{
	return decide(c, pool_request_reject);
}
