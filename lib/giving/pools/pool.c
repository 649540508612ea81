/*
 * pool: token pools, and how tokens get into them.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/pools/pool.h"
#include "lib/giving/pools/pool_refill.h"
#include "lib/hooks/outbox.h"
#include "lib/ledger/ledger.h"

const struct shape pool_out = SHAPE("TokenPool", struct pool,
	{ "tokenPoolId",     TEXT(struct pool, id),
	    .about = "our id of the pool" },
	{ "name",            TEXT(struct pool, name),
	    .about = "what people call it" },
	{ "isDefault",       BOOL(struct pool, is_default),
	    .about = "pays where nothing else is said" },
	{ "totalAllocated",  TOKENS(struct pool, allocated),
	    .about = "all that was ever put in" },
	{ "availableBalance", TOKENS(struct pool, available),
	    .about = "what can still be given" },
	{ "distributed",     TOKENS(struct pool, distributed),
	    .about = "what users got and did not have to give back" },
	{ "lowBalanceThreshold", INT(struct pool, low_threshold),
	    .about = "below this an event warns you" },
	{ "percentRemaining", DECIMAL(struct pool, percent_remaining),
	    .about = "available of allocated, in percent" },
	{ "vestingDays",     INT(struct pool, vesting_days),
	    .about = "how long its rewards are pending" },
	{ "expiryDays",      INT(struct pool, expiry_days),
	    .about = "after how long the unspent comes back; 0 for never" },
	{ "actionTypes",     LIST(struct pool, action_types),
	    .about = "what it pays for; empty for anything" },
	{ "autoRefill",      OBJECT(struct pool, refill),
	    .each = &pool_refill_out,
	    .about = "how it is filled again by itself" },
	{ "createdAt",       MOMENT(struct pool, created_at),
	    .about = "when it was made" });

const struct shape pool_list_out = SHAPE("TokenPoolList", struct pool_list,
	{ "data",       LIST(struct pool_list, pools), .each = &pool_out,
	    .about = "one page of pools, the newest first" },
	{ "pagination", OBJECT(struct pool_list, pagination),
	    .each = &page_out, .about = "where this page lies" });

const struct shape pool_allocation_out = SHAPE("Allocation",
    struct pool_allocation,
	{ "transactionId", TEXT(struct pool_allocation, id),
	    .about = "the ledger's transaction" },
	{ "tokens",        TOKENS(struct pool_allocation, tokens),
	    .about = "how many were put in" },
	{ "availableBalance", TOKENS(struct pool_allocation, available),
	    .about = "what the pool has now" });

#define COLUMNS "SELECT id, name, is_default, allocated, low_threshold," \
	" vesting_days, expiry_days, action_types, refill_enabled," \
	" refill_threshold, refill_amount, refill_approval, refill_max," \
	" created_at"

static struct account
account(int64_t number)
{
	return (struct account){ ACCOUNT_POOL, number };
}

const char *
pool_id(struct work *w, int64_t number)
{
	struct query	*q;
	struct moment	 made = { 0 };

	q = db_query(w->db, SQL(
	    "SELECT created_at FROM token_pools"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, number);
	if (db_next(q))
		made.ms = db_col_int(q, "created_at");
	db_done(q);

	return id_text(w->arena, ID_POOL,
	    (struct id){ w->tenant, number, made });
}

/* "A B" into a list of words. */
static struct list
split(struct arena *arena, const char *text)
{
	const char	**words;
	struct list	 list = { NULL, 0 };
	size_t		 size;

	if (text == NULL)
		return list;
	words = arena_array(arena, LIMIT_POOL_TYPES, sizeof(*words));
	for (; list.count < LIMIT_POOL_TYPES; text += size) {
		text += strspn(text, " ");
		size = strcspn(text, " ");
		if (size == 0)
			break;
		words[list.count++] = arena_copy(arena, text, size);
	}
	list.items = words;

	return list;
}

bool
pool_pays_for(const struct pool *p, const char *action_type)
{
	const char	**types = p->action_types.items;

	for (size_t i = 0; i < p->action_types.count; i++)
		if (strcmp(types[i], action_type) == 0)
			return true;

	return p->action_types.count == 0;
}

static void
read_row(struct work *w, struct query *q, void *row)
{
	struct pool	*p = row;

	memset(p, 0, sizeof(*p));
	p->number = db_col_int(q, "id");
	p->name = db_col_text(q, w->arena, "name");
	p->is_default = db_col_int(q, "is_default") != 0;
	p->allocated.units = db_col_int(q, "allocated");
	p->low_threshold = db_col_int(q, "low_threshold");
	p->vesting_days = db_col_int(q, "vesting_days");
	p->expiry_days = db_col_int(q, "expiry_days");
	p->action_types = split(w->arena,
	    db_col_text(q, w->arena, "action_types"));
	p->refill = pool_refill_read(w->arena, q);
	p->created_at.ms = db_col_int(q, "created_at");
	p->id = id_text(w->arena, ID_POOL,
	    (struct id){ w->tenant, p->number, p->created_at });
}

/* What the ledger knows of it: after the query's row, not inside it. */
static void
add_balance(struct work *w, void *row)
{
	struct pool	*p = row;
	int64_t		 all = p->allocated.units;

	p->held = ledger_turnover(w, account(p->number));
	p->available = p->held.balance;
	p->distributed.units = all - p->available.units;
	p->percent_remaining.said = true;
	p->percent_remaining.scale = 2;
	p->percent_remaining.digits = all == 0 ? 0 : tokens_part(
	    (struct tokens){ 10000 }, p->available.units, all).units;
}

static enum err
read_one(struct work *w, struct query *q, struct moment made,
    struct pool *p)
{
	bool	 found = db_next(q);

	if (found)
		read_row(w, q, p);
	db_done(q);
	if (!found || (made.ms != 0 &&
	    made.ms / 1000 != p->created_at.ms / 1000))
		return ERR_POOL_NOT_FOUND;
	add_balance(w, p);

	return OK;
}

static enum err
find_default(struct work *w, struct pool *p)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    COLUMNS " FROM token_pools"
	    " WHERE tenant = ? AND is_default = 1"));
	db_int(q, w->tenant);

	return read_one(w, q, (struct moment){ 0 }, p);
}

enum err
pool_find(struct work *w, const char *id, struct pool *p)
{
	struct query	*q;
	struct id	 read;

	if (id == NULL)
		return find_default(w, p);
	if (!id_read(ID_POOL, id, &read) || read.tenant != w->tenant)
		return ERR_POOL_NOT_FOUND;
	q = db_query(w->db, SQL(
	    COLUMNS " FROM token_pools WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, read.number);

	return read_one(w, q, read.made, p);
}

static int64_t
count(struct work *w)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT count(*) AS n FROM token_pools WHERE tenant = ?"));
	db_int(q, w->tenant);

	return db_only_int(q);
}

#define MATCHING " FROM token_pools" \
	" WHERE tenant = ? AND id < ? AND created_at BETWEEN ? AND ?"

static struct query *
ask(struct work *w, const char *sql, const struct pool_filter *f,
    int64_t below)
{
	struct query	*q = db_query(w->db, sql);

	db_int(q, w->tenant);
	db_int(q, below);
	page_bind_times(q, f->from, f->to);

	return q;
}

static const struct page_rows rows = { sizeof(struct pool),
	offsetof(struct pool, id), read_row, add_balance };

enum err
pool_list(struct work *w, const struct pool_filter *f, struct pool_list *out)
{
	struct page_range	 range;

	if (page_range(w, &f->page, ID_POOL, &range) != OK)
		return ERR_INVALID_REQUEST;
	if (f->page.cursor == NULL)
		range.total = page_count(ask(w, SQL("SELECT count(*) AS n"
		    " FROM (SELECT 1" MATCHING " LIMIT ?)"), f, INT64_MAX));

	return page_read(w, &range, ask(w, SQL(COLUMNS MATCHING
	    " ORDER BY id DESC LIMIT ? OFFSET ?"), f, range.below),
	    &rows, &out->pools, &out->pagination);
}

enum err
pool_create(struct work *w, const char *name, bool is_default,
    struct pool *out)
{
	struct query	*q;
	int64_t		 number = count(w) + 1;

	if (is_default) {
		q = db_query(w->db, SQL(
		    "UPDATE token_pools SET is_default = 0"
		    " WHERE tenant = ? AND is_default = 1"));
		db_int(q, w->tenant);
		db_run(q);
	}
	q = db_query(w->db, SQL(
	    "INSERT INTO token_pools"
	    " (tenant, id, name, is_default, created_at)"
	    " VALUES (?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, number);
	db_text(q, name);
	db_int(q, is_default || number == 1);
	db_int(q, w->now.ms);
	db_run(q);

	return pool_find(w, pool_id(w, number), out);
}

static void
record(struct work *w, int64_t id, const struct pool *p,
    struct tokens tokens, const char *reason, int64_t number)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO allocations"
	    " (tenant, id, pool, tokens, reason, number, created_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, id);
	db_int(q, p->number);
	db_int(q, tokens.units);
	db_text(q, reason);
	db_int(q, number);
	db_int(q, w->now.ms);
	db_run(q);

	q = db_query(w->db, SQL(
	    "UPDATE token_pools SET allocated = allocated + ?"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, tokens.units);
	db_int(q, w->tenant);
	db_int(q, p->number);
	db_run(q);
}

enum err
pool_allocate(struct work *w, const struct pool *p, struct tokens tokens,
    const char *reason, struct pool_allocation *out)
{
	struct journal		 j = { .kind = TRANSACTION_ALLOCATION };
	struct transaction	 t;
	enum err		 e;

	j.refers = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM allocations WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));
	ledger_move(&j, (struct account){ ACCOUNT_MINT, 0 },
	    account(p->number), tokens);
	e = ledger_post(w, &j, &t);
	if (e != OK)
		return e;
	record(w, j.refers, p, tokens, reason, t.number);
	outbox_add(w, EVENT_POOL_REFILLED, j.refers, NULL);

	out->id = t.id;
	out->number = t.number;
	out->row = j.refers;
	out->tokens = tokens;
	out->available = ledger_balance(w, account(p->number));

	return OK;
}
