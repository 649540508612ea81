/*
 * pool_request: partners ask for tokens, operators decide.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/pools/pool.h"
#include "lib/giving/pools/pool_request.h"
#include "lib/hooks/outbox.h"
#include "lib/ledger/ledger.h"

enum { PENDING, APPROVED, REJECTED, WITHDRAWN };
enum { MANUAL, AUTO };

const char *const pool_request_statuses[] = {
	[PENDING] = "PENDING", [APPROVED] = "APPROVED",
	[REJECTED] = "REJECTED", [WITHDRAWN] = "WITHDRAWN", NULL };
const char *const pool_request_kinds[] = {
	[MANUAL] = "MANUAL", [AUTO] = "AUTO", NULL };

const struct shape pool_request_out = SHAPE("TokenPoolRequest",
    struct pool_request,
	{ "requestId",      TEXT(struct pool_request, id),
	    .about = "our id of the request" },
	{ "tokenPoolId",    TEXT(struct pool_request, pool),
	    .about = "the pool that they are for" },
	{ "amount",         TOKENS(struct pool_request, amount),
	    .about = "how many tokens" },
	{ "reason",         TEXT(struct pool_request, reason),
	    .about = "as submitted" },
	{ "status",         TEXT(struct pool_request, status),
	    .about = "PENDING, APPROVED, REJECTED or WITHDRAWN" },
	{ "kind",           TEXT(struct pool_request, kind),
	    .about = "MANUAL, or AUTO where the pool asked for itself" },
	{ "decisionReason", TEXT(struct pool_request, decision), NULLS,
	    .about = "what your administrator says to it, or null" },
	{ "transactionId",  TEXT(struct pool_request, transaction), NULLS,
	    .about = "the ledger's transaction that put them in, or null" },
	{ "createdAt",      MOMENT(struct pool_request, created_at),
	    .about = "when it was submitted" },
	{ "decidedAt",      MOMENT(struct pool_request, decided_at), NULLS,
	    .about = "when its status became what it is, null if pending" });

const struct shape pool_request_list_out = SHAPE("TokenPoolRequestList",
    struct pool_request_list,
	{ "data",       LIST(struct pool_request_list, requests),
	    .each = &pool_request_out,
	    .about = "one page of requests, the newest first" },
	{ "pagination", OBJECT(struct pool_request_list, pagination),
	    .each = &page_out, .about = "where this page lies" });

/* The row at hand, without its pool's id, which takes another query. */
static void
read_row(struct work *w, struct query *q, void *row)
{
	struct pool_request	*r = row;
	int64_t			 number = db_col_int(q, "number");

	memset(r, 0, sizeof(*r));
	r->number = db_col_int(q, "id");
	r->pool_number = db_col_int(q, "pool");
	r->amount.units = db_col_int(q, "tokens");
	r->reason = db_col_text(q, w->arena, "reason");
	r->status = db_col_text(q, w->arena, "status");
	r->kind = pool_request_kinds[db_col_int(q, "auto") != 0];
	r->decision = db_col_text(q, w->arena, "decision");
	r->created_at.ms = db_col_int(q, "created_at");
	r->decided_at.ms = db_col_int(q, "decided_at");
	r->id = id_text(w->arena, ID_POOL_REQUEST,
	    (struct id){ w->tenant, r->number, r->created_at });
	if (number != 0)
		r->transaction = ledger_id(w, number, r->decided_at);
}

bool
pool_request_numbered(struct work *w, int64_t number, struct pool_request *r)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL(
	    "SELECT id, pool, tokens, reason, status, decision, number, auto,"
	    " created_at, decided_at FROM pool_requests"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, number);
	found = db_next(q);
	if (found)
		read_row(w, q, r);
	db_done(q);
	if (found)
		r->pool = pool_id(w, r->pool_number);

	return found;
}

enum err
pool_request_find(struct work *w, const char *id, struct pool_request *r)
{
	struct id	 read;

	if (!id_read(ID_POOL_REQUEST, id, &read) ||
	    read.tenant != w->tenant ||
	    !pool_request_numbered(w, read.number, r) ||
	    r->created_at.ms / 1000 != read.made.ms / 1000)
		return ERR_NOT_FOUND;

	return OK;
}

enum err
pool_request_make(struct work *w, const struct pool_ask *in,
    struct pool_request *out)
{
	struct query	*q;
	struct pool	 pool;
	int64_t		 number;
	enum err	 e = pool_find(w, in->pool, &pool);

	if (e != OK)
		return e;
	number = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM pool_requests WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));
	q = db_query(w->db, SQL(
	    "INSERT INTO pool_requests"
	    " (tenant, id, pool, tokens, reason, auto, created_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, number);
	db_int(q, pool.number);
	db_int(q, in->amount.units);
	db_text(q, in->reason);
	db_int(q, in->automatic);
	db_int(q, w->now.ms);
	db_run(q);
	outbox_add(w, EVENT_POOL_REQUEST_CREATED, number, NULL);

	*out = (struct pool_request){ .number = number,
		.pool_number = pool.number, .pool = pool.id,
		.amount = in->amount, .reason = in->reason,
		.status = pool_request_statuses[PENDING],
		.kind = pool_request_kinds[in->automatic],
		.created_at = w->now };
	out->id = id_text(w->arena, ID_POOL_REQUEST,
	    (struct id){ w->tenant, number, w->now });

	return OK;
}

/* Find one that can still be decided. */
static enum err
find_pending(struct work *w, const char *id, struct pool_request *r)
{
	enum err	 e = pool_request_find(w, id, r);

	if (e != OK || strcmp(r->status, "PENDING") == 0)
		return e;
	w->detail = arena_printf(w->arena, "The request is %s: only one that"
	    " is PENDING can be approved, rejected or withdrawn.", r->status);

	return ERR_INVALID_TRANSITION;
}

/* What became of it; `transaction` is a number, or 0. */
static void
decide(struct work *w, struct pool_request *r, int status, const char *why,
    int64_t transaction)
{
	struct query	*q;

	r->status = pool_request_statuses[status];
	r->decision = why;
	r->decided_at = w->now;
	if (transaction != 0)
		r->transaction = ledger_id(w, transaction, w->now);
	q = db_query(w->db, SQL(
	    "UPDATE pool_requests"
	    " SET status = ?, decision = ?, decided_at = ?, number = ?"
	    " WHERE tenant = ? AND id = ?"));
	db_text(q, r->status);
	db_text(q, why);
	db_int(q, w->now.ms);
	db_int_if(q, transaction != 0, transaction);
	db_int(q, w->tenant);
	db_int(q, r->number);
	db_run(q);
}

enum err
pool_request_withdraw(struct work *w, const char *id, struct pool_request *r)
{
	enum err	 e = find_pending(w, id, r);

	if (e == OK)
		decide(w, r, WITHDRAWN, NULL, 0);

	return e;
}

enum err
pool_request_reject(struct work *w, const char *id, const char *why,
    struct pool_request *r)
{
	enum err	 e = find_pending(w, id, r);

	if (e != OK)
		return e;
	decide(w, r, REJECTED, why, 0);
	outbox_add(w, EVENT_POOL_REQUEST_REJECTED, r->number, NULL);

	return OK;
}

enum err
pool_request_approve(struct work *w, const char *id, const char *why,
    struct pool_request *r)
{
	struct pool_allocation	 done;
	struct pool		 pool;
	enum err		 e = find_pending(w, id, r);

	if (e == OK)
		e = pool_find(w, r->pool, &pool);
	if (e == OK)
		e = pool_allocate(w, &pool, r->amount, r->reason, &done);
	if (e != OK)
		return e;
	decide(w, r, APPROVED, why, done.number);
	outbox_add(w, EVENT_POOL_REQUEST_APPROVED, r->number, NULL);

	return OK;
}

/* All of them, or those of one status: each is a walk along an index. */
#define MATCHING \
	" WHERE tenant = ? AND id < ? AND created_at BETWEEN ? AND ?" \
	" AND auto = coalesce(?, auto)"
#define ANY " FROM pool_requests" MATCHING " AND status = coalesce(?, status)"
#define OF_STATUS " FROM pool_requests INDEXED BY pool_requests_by_status" \
	MATCHING " AND status = ?"
#define PAGE "SELECT id, pool, tokens, reason, status, decision, number," \
	" auto, created_at, decided_at"
#define NEWEST " ORDER BY id DESC LIMIT ? OFFSET ?"
#define COUNT "SELECT count(*) AS n FROM (SELECT 1"

static struct query *
ask(struct work *w, const char *sql, const struct pool_request_filter *f,
    int64_t below)
{
	struct query	*q = db_query(w->db, sql);

	db_int(q, w->tenant);
	db_int(q, below);
	page_bind_times(q, f->from, f->to);
	db_int_if(q, f->kind >= 0, f->kind);
	db_text(q, f->status >= 0 ? pool_request_statuses[f->status] : NULL);

	return q;
}

static void
complete(struct work *w, void *row)
{
	struct pool_request	*r = row;

	r->pool = pool_id(w, r->pool_number);
}

static const struct page_rows rows = { sizeof(struct pool_request),
	offsetof(struct pool_request, id), read_row, complete };

enum err
pool_request_list(struct work *w, const struct pool_request_filter *f,
    struct pool_request_list *out)
{
	struct page_range	 range;

	if (page_range(w, &f->page, ID_POOL_REQUEST, &range) != OK)
		return ERR_INVALID_REQUEST;
	if (f->page.cursor == NULL)
		range.total = page_count(ask(w, f->status >= 0 ?
		    SQL(COUNT OF_STATUS " LIMIT ?)") :
		    SQL(COUNT ANY " LIMIT ?)"), f, INT64_MAX));

	return page_read(w, &range, ask(w, f->status >= 0 ?
	    SQL(PAGE OF_STATUS NEWEST) : SQL(PAGE ANY NEWEST),
	    f, range.below), &rows, &out->requests, &out->pagination);
}
