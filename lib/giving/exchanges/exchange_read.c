/*
 * exchange_read: exchanges as they are shown, listed and told.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/exchanges/exchange.h"
#include "lib/giving/people/user.h"
#include "lib/ledger/ledger.h"

enum { COMPLETED, REVERTED };

const char *const exchange_statuses[] = {
	[COMPLETED] = "COMPLETED", [REVERTED] = "REVERTED", NULL };

const struct shape exchange_out = SHAPE("Exchange", struct exchange,
	{ "exchangeId",    TEXT(struct exchange, id),
	    .about = "our id of the exchange" },
	{ "partnerUserId", TEXT(struct exchange, external_id), NULLS,
	    .about = "your own id of the person, or null" },
	{ "tokens",        TOKENS(struct exchange, tokens),
	    .about = "how many were exchanged" },
	{ "programme",     TEXT(struct exchange, programme),
	    .about = "for whose points" },
	{ "membershipId",  TEXT(struct exchange, member), NULLS,
	    .about = "who the person is over there, or null" },
	{ "points",        INT(struct exchange, points),
	    .about = "how many points they are" },
	{ "tokenName",     TEXT(struct exchange, token_name),
	    .about = "what the points are called" },
	{ "tokenSymbol",   TEXT(struct exchange, token_symbol),
	    .about = "the same in short" },
	{ "status",        TEXT(struct exchange, status),
	    .about = "COMPLETED or REVERTED" },
	{ "txHash",        TEXT(struct exchange, hash),
	    .about = "the hash of the ledger's transaction" },
	{ "transactionId", TEXT(struct exchange, transaction),
	    .about = "the ledger's transaction" },
	{ "revertTxHash",  TEXT(struct exchange, revert_hash), NULLS,
	    .about = "the hash of the transaction that took it back" },
	{ "revertTransactionId", TEXT(struct exchange, revert_transaction),
	    NULLS, .about = "that transaction, or null" },
	{ "debtOffset",    TOKENS(struct exchange, debt_offset),
	    .about = "how much of what came back paid debts" },
	{ "idempotencyKey", TEXT(struct exchange, key),
	    .about = "as submitted" },
	{ "createdAt",     MOMENT(struct exchange, created_at),
	    .about = "when it was" },
	{ "revertedAt",    MOMENT(struct exchange, reverted_at), NULLS,
	    .about = "when it was taken back, or null" },
	{ "code",          TEXT(struct exchange, code), HIDE,
	    .about = "IDEMPOTENT, if this is the first answer again" },
	{ "bodyMatches",   MAYBE(struct exchange, body_matches), HIDE,
	    .about = "false: the key was used for something else" });

const struct shape exchange_list_out = SHAPE("ExchangeList",
    struct exchange_list,
	{ "data",       LIST(struct exchange_list, exchanges),
	    .each = &exchange_out,
	    .about = "one page of exchanges, the newest first" },
	{ "pagination", OBJECT(struct exchange_list, pagination),
	    .each = &page_out, .about = "where this page lies" });

#define COLUMNS "SELECT x.id, x.idempotency_key, x.programme, x.member," \
	" x.token_name, x.token_symbol, x.tokens, x.points, x.number," \
	" x.revert_number, x.debt_offset, x.created_at, x.reverted_at," \
	" u.external_id, t.hash, r.hash AS revert_hash"
#define JOINS \
	" JOIN users u ON u.tenant = x.tenant AND u.id = x.user" \
	" JOIN transactions t ON t.tenant = x.tenant AND t.number = x.number" \
	" LEFT JOIN transactions r" \
	" ON r.tenant = x.tenant AND r.number = x.revert_number"

static const char *
read_hash(struct work *w, struct query *q, const char *column)
{
	size_t		 size;
	const void	*hash = db_col_bytes(q, w->arena, column, &size);
	char		*hex;

	if (hash == NULL || size != SHA256_SIZE)
		return NULL;
	hex = arena_alloc(w->arena, 2 * SHA256_SIZE + 1);
	encode_hex(hex, hash, SHA256_SIZE);

	return hex;
}

static void
read_row(struct work *w, struct query *q, void *row)
{
	struct exchange	*x = row;

	memset(x, 0, sizeof(*x));
	x->number = db_col_int(q, "id");
	x->key = db_col_text(q, w->arena, "idempotency_key");
	x->external_id = db_col_text(q, w->arena, "external_id");
	x->programme = db_col_text(q, w->arena, "programme");
	x->member = db_col_text(q, w->arena, "member");
	x->token_name = db_col_text(q, w->arena, "token_name");
	x->token_symbol = db_col_text(q, w->arena, "token_symbol");
	x->tokens.units = db_col_int(q, "tokens");
	x->points = db_col_int(q, "points");
	x->created_at.ms = db_col_int(q, "created_at");
	x->reverted_at.ms = db_col_int(q, "reverted_at");
	x->debt_offset.units = db_col_int(q, "debt_offset");
	x->hash = read_hash(w, q, "hash");
	x->revert_hash = read_hash(w, q, "revert_hash");
	x->transaction = ledger_id(w, db_col_int(q, "number"),
	    x->created_at);
	if (x->reverted_at.ms != 0)
		x->revert_transaction = ledger_id(w,
		    db_col_int(q, "revert_number"), x->reverted_at);
	x->status = exchange_statuses[
	    x->reverted_at.ms != 0 ? REVERTED : COMPLETED];
	x->id = id_text(w->arena, ID_EXCHANGE,
	    (struct id){ w->tenant, x->number, x->created_at });
}

bool
exchange_numbered(struct work *w, int64_t number, struct exchange *x)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL(COLUMNS " FROM exchanges x" JOINS
	    " WHERE x.tenant = ? AND x.id = ?"));
	db_int(q, w->tenant);
	db_int(q, number);
	found = db_next(q);
	if (found)
		read_row(w, q, x);
	db_done(q);

	return found;
}

enum err
exchange_find(struct work *w, const char *id, struct exchange *x)
{
	struct id	 read;

	if (!id_read(ID_EXCHANGE, id, &read) || read.tenant != w->tenant ||
	    !exchange_numbered(w, read.number, x) ||
	    x->created_at.ms / 1000 != read.made.ms / 1000)
		return ERR_NOT_FOUND;

	return OK;
}

const struct told_points *
exchange_points(struct work *w, int64_t number, bool reverted)
{
	struct told_points	*p;
	struct exchange		 x;

	if (!exchange_numbered(w, number, &x) || x.member == NULL ||
	    (reverted && x.revert_hash == NULL))
		return NULL;
	p = arena_alloc(w->arena, sizeof(*p));
	*p = (struct told_points){ .amount = x.points, .credit = !reverted,
		.token_name = x.token_name, .token_symbol = x.token_symbol,
		.hash = reverted ? x.revert_hash : x.hash,
		.hash_reverted = reverted ? x.hash : NULL,
		.member = x.member,
		.at = reverted ? x.reverted_at : x.created_at };

	return p;
}

/* All of them, or those of one user: each is a walk along an index. */
#define KEPT \
	" AND x.id < ? AND x.created_at BETWEEN ? AND ?" \
	" AND x.programme = coalesce(?, x.programme)" \
	" AND (x.reverted_at IS NOT NULL) =" \
	" coalesce(?, x.reverted_at IS NOT NULL)"
#define ANY " WHERE x.tenant = ?" KEPT
#define OF_USER " INDEXED BY exchanges_of_user"
#define ONE " WHERE x.tenant = ? AND x.user = ?" KEPT
#define NEWEST " ORDER BY x.id DESC LIMIT ? OFFSET ?"
#define COUNT "SELECT count(*) AS n FROM (SELECT 1 FROM exchanges x"

/* Whose are wanted: 0 for everybody's, -1 if nobody is called so. */
static int64_t
wanted(struct work *w, const struct exchange_filter *f)
{
	struct user	 u;

	if (f->external_id == NULL)
		return 0;

	return user_find(w, &(struct user_name){
	    .external_id = f->external_id }, &u) == OK ? u.number : -1;
}

static struct query *
ask(struct work *w, const char *sql, const struct exchange_filter *f,
    int64_t user, int64_t below)
{
	struct query	*q = db_query(w->db, sql);

	db_int(q, w->tenant);
	if (user != 0)
		db_int(q, user);
	db_int(q, below);
	page_bind_times(q, f->from, f->to);
	db_text(q, f->programme);
	db_int_if(q, f->status >= 0, f->status);

	return q;
}

static const struct page_rows rows = { sizeof(struct exchange),
	offsetof(struct exchange, id), read_row, NULL };

enum err
exchange_list(struct work *w, const struct exchange_filter *f,
    struct exchange_list *out)
{
	struct page_range	 range;
	int64_t		 user = wanted(w, f);

	if (page_range(w, &f->page, ID_EXCHANGE, &range) != OK)
		return ERR_INVALID_REQUEST;
	if (f->page.cursor == NULL)
		range.total = page_count(ask(w, user != 0 ?
		    SQL(COUNT OF_USER ONE " LIMIT ?)") :
		    SQL(COUNT ANY " LIMIT ?)"), f, user, INT64_MAX));

	return page_read(w, &range, ask(w, user != 0 ?
	    SQL(COLUMNS " FROM exchanges x" OF_USER JOINS ONE NEWEST) :
	    SQL(COLUMNS " FROM exchanges x" JOINS ANY NEWEST),
	    f, user, range.below), &rows,
	    &out->exchanges, &out->pagination);
}
