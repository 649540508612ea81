/*
 * points_event: from points elsewhere to tokens here, and back.
 *
 * A platform that exchanges its tokens for ours tells us by webhooks, each of
 * which may come twice, late, or before the one that it undoes.  Hashes of
 * transactions over there tell them apart.  What comes in is no reward: no
 * rule, no campaign and no condition of the pool has a say in it.
 */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/limits.h"
#include "lib/crypto/hmac.h"
#include "lib/db/db.h"
#include "lib/giving/inbound/inbound.h"
#include "lib/giving/inbound/points_event.h"
#include "lib/giving/people/debt.h"
#include "lib/giving/people/lot.h"
#include "lib/giving/people/user.h"
#include "lib/giving/pools/pool.h"
#include "lib/giving/pools/pool_balance.h"
#include "lib/giving/pools/pool_refill.h"
#include "lib/ledger/ledger.h"

enum { CREDIT, DEBIT };

static const char *const	ways[] = { "credit", "debit", NULL };

static bool
is_hash(const char *text)
{
	unsigned char	 bytes[SHA256_SIZE];

	return encode_unhex(bytes, sizeof(bytes), text);
}

static const struct form hash_form = { "64 hex digits",
	"^[0-9a-fA-F]{64}$", is_hash };

const struct shape points_event_in = SHAPE("PointsEvent",
    struct points_event,
	{ "amount", INT(struct points_event, amount), NEED,
	    1, LIMIT_TOKENS },
	{ "auth_id", TEXT(struct points_event, member), NEED,
	    1, LIMIT_MEMBER },
	{ "token_symbol", TEXT(struct points_event, token_symbol), NEED,
	    1, LIMIT_NAME },
	{ "transaction_type", WORD(struct points_event, way), NEED,
	    .words = ways },
	{ "tx_hash", TEXT(struct points_event, hash), NEED, 64, 64,
	    .form = &hash_form },
	{ "tx_hash_reverted", TEXT(struct points_event, hash_reverted),
	    NULLS, 64, 64, .form = &hash_form });

bool
points_event_fits(const char *secret, const void *with)
{
	const struct points_proof	*in = with;
	const char			*said = in->header, *right;
	unsigned char			 a[SHA256_SIZE], b[SHA256_SIZE];

	if (strncasecmp(said, "Basic ", 6) != 0)
		return false;
	said += 6;
	said += strspn(said, " ");
	right = encode_base64(in->arena, secret, strlen(secret));
	hmac_sha256(a, said, strlen(said));
	hmac_sha256(b, right, strlen(right));

	return hmac_equal(a, b, sizeof(a));
}

/* What we know of a transaction over there. */
struct credit {
	int64_t	number, user, pool, tokens, reverted_at;
};

static bool
find(struct work *w, const char *hash, struct credit *c)
{
	unsigned char	 bytes[SHA256_SIZE];
	struct query	*q;
	bool		 found;

	if (!encode_unhex(bytes, sizeof(bytes), hash))
		return false;
	q = db_query(w->db, SQL(
	    "SELECT id, user, pool, tokens, reverted_at FROM points"
	    " WHERE tenant = ? AND hash = ?"));
	db_int(q, w->tenant);
	db_bytes(q, bytes, sizeof(bytes));
	found = db_next(q);
	if (found)
		*c = (struct credit){ db_col_int(q, "id"),
			db_col_int(q, "user"), db_col_int(q, "pool"),
			db_col_int(q, "tokens"),
			db_col_int(q, "reverted_at") };
	db_done(q);

	return found;
}

static int64_t
next_number(struct work *w)
{
	return db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM points WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));
}

/* What is bound has to stay until the statement was run. */
static void
put_hash(struct work *w, struct query *q, const char *hash)
{
	unsigned char	*bytes = arena_alloc(w->arena, SHA256_SIZE);

	(void)encode_unhex(bytes, SHA256_SIZE, hash);
	db_bytes(q, bytes, SHA256_SIZE);
}

/* With the numbers; whoever told us tries again later. */
static enum err
refuse(struct work *w, const struct pool *pool, struct tokens needed)
{
	struct shortage	*s = arena_alloc(w->arena, sizeof(*s));

	*s = (struct shortage){ pool->available.units, needed.units };
	w->shortage = s;

	return ERR_INSUFFICIENT_POOL;
}

/* Pay it into the wallet, all or nothing.  ERR_SHORT: the pool cannot. */
static enum err
try(struct work *w, struct tokens amount, const struct pool *pool,
    int64_t user, struct journal *j, struct transaction *t)
{
	enum err	 e;

	*j = (struct journal){ .kind = TRANSACTION_POINTS,
		.refers = next_number(w) };
	db_mark(w->db);
	ledger_move(j, (struct account){ ACCOUNT_POOL, pool->number },
	    (struct account){ ACCOUNT_WALLET, user }, amount);
	(void)debt_pay(w, j, user, amount);
	e = ledger_post(w, j, t);
	if (e == OK)
		db_keep(w->db);
	else
		db_undo(w->db);

	return e;
}

/* What they owe may come back to this pool, so only trying shows. */
static enum err
pay(struct work *w, const struct points_event *in, struct pool *pool,
    int64_t user, struct journal *j, struct transaction *t)
{
	struct tokens	 amount = { in->amount };
	enum err	 e = try(w, amount, pool, user, j, t);

	if (e == ERR_SHORT && pool_refill_short(w, pool, amount))
		e = try(w, amount, pool, user, j, t);

	return e == ERR_SHORT ? refuse(w, pool, amount) : e;
}

static enum err
credit(struct work *w, const struct points_event *in)
{
	struct journal		 j;
	struct transaction	 t;
	struct credit		 known;
	struct query		*q;
	struct pool		 pool;
	struct user		 u;
	enum err		 e;

	if (find(w, in->hash, &known))
		return OK;
	e = user_named(w, in->member, &u);
	if (e == ERR_NOT_FOUND) {
		w->detail = "auth_id names nobody who is known.";
		return ERR_USER_NOT_FOUND;
	}
	if (e != OK)
		return e;
	/* What expired of theirs may go back to this very pool. */
	(void)lot_sweep(w, u.number);
	e = pool_find(w, NULL, &pool);
	if (e != OK)
		return e;
	e = pay(w, in, &pool, u.number, &j, &t);
	if (e != OK)
		return e;
	pool_balance_posted(w, &pool, &j);
	q = db_query(w->db, SQL(
	    "INSERT INTO points (tenant, id, hash, user, pool, tokens,"
	    " number, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, j.refers);
	put_hash(w, q, in->hash);
	db_int(q, u.number);
	db_int(q, pool.number);
	db_int(q, in->amount);
	db_int(q, t.number);
	db_int(q, w->now.ms);
	db_run(q);

	return OK;
}

/* When its credit is told of, it will be known already. */
static void
remember(struct work *w, const struct points_event *in)
{
	struct query	*q;
	int64_t		 number = next_number(w);

	q = db_query(w->db, SQL(
	    "INSERT INTO points (tenant, id, hash, tokens, revert_hash,"
	    " created_at, reverted_at) VALUES (?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, number);
	put_hash(w, q, in->hash_reverted);
	db_int(q, in->amount);
	put_hash(w, q, in->hash);
	db_int(q, w->now.ms);
	db_int(q, w->now.ms);
	db_run(q);
}

/* What the user can still spend goes back to the pool; the rest is owed. */
static enum err
take_back(struct work *w, const struct credit *c, struct transaction *t,
    struct tokens *debt)
{
	struct journal	 j = { .kind = TRANSACTION_POINTS_REVERT,
		.refers = c->number };
	struct account	 wallet = { ACCOUNT_WALLET, c->user };
	struct tokens	 held, all = { c->tokens };
	enum err	 e;

	(void)lot_sweep(w, c->user);
	held = tokens_min(all, lot_available(w, c->user,
	    ledger_balance(w, wallet)));
	debt->units = all.units - held.units;
	db_mark(w->db);
	lot_spend(w, c->user, held);
	if (held.units > 0)
		ledger_move(&j, wallet,
		    (struct account){ ACCOUNT_POOL, c->pool }, held);
	if (debt->units > 0)
		debt_add(w, &j, c->user, c->pool, 0, *debt);
	e = ledger_post(w, &j, t);
	if (e == OK)
		db_keep(w->db);
	else
		db_undo(w->db);

	return e;
}

static enum err
revert(struct work *w, const struct points_event *in)
{
	struct transaction	 t;
	struct tokens		 debt;
	struct credit		 known;
	struct query		*q;
	enum err		 e;

	if (!find(w, in->hash_reverted, &known)) {
		remember(w, in);
		return OK;
	}
	if (known.reverted_at != 0)
		return OK;
	if (known.tokens != in->amount) {
		faults_add(w->faults, "/amount", "What is taken back was %"
		    PRId64 ".", known.tokens);
		return ERR_INVALID_REQUEST;
	}
	e = take_back(w, &known, &t, &debt);
	if (e != OK)
		return e;
	q = db_query(w->db, SQL(
	    "UPDATE points SET revert_hash = ?, revert_number = ?, debt = ?,"
	    " reverted_at = ? WHERE tenant = ? AND id = ?"));
	put_hash(w, q, in->hash);
	db_int(q, t.number);
	db_int(q, debt.units);
	db_int(q, w->now.ms);
	db_int(q, w->tenant);
	db_int(q, known.number);
	db_run(q);

	return OK;
}

enum err
points_event_act(struct work *w, const struct points_event *in)
{
	if (!inbound_takes_token(w, in->token_symbol)) {
		w->detail = "token_symbol names no points of ours.";
		return ERR_PROGRAMME_NOT_FOUND;
	}
	if (in->hash_reverted == NULL && in->way == DEBIT)
		faults_add(w->faults, "/tx_hash_reverted",
		    "A debit names the credit that it takes back.");
	if (in->hash_reverted != NULL &&
	    strcasecmp(in->hash_reverted, in->hash) == 0)
		faults_add(w->faults, "/tx_hash_reverted",
		    "Nothing takes itself back.");
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;

	return in->hash_reverted != NULL ? revert(w, in) : credit(w, in);
}
