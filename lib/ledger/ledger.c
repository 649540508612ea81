/*
 * ledger: the one place where tokens move.
 *
 * A journal is put together in memory by ledger_move(), then booked whole or
 * not at all by ledger_post().  Entries go in first and the transaction's row
 * closes them: the triggers of schema.sql carry each entry into its account
 * and refuse to close what does not add up to zero.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/ledger/chain.h"
#include "lib/ledger/hours.h"
#include "lib/ledger/ledger.h"

static const char *const account_words[] = {
	[ACCOUNT_MINT] = "mint",
	[ACCOUNT_POOL] = "pool",
	[ACCOUNT_WALLET] = "wallet",
	[ACCOUNT_SPENT] = "spent",
	[ACCOUNT_DEBT] = "debt",
	[ACCOUNT_CLAIM] = "claim",
	[ACCOUNT_EXPIRED] = "expired",
	[ACCOUNT_RETURN] = "return",
	[ACCOUNT_EXCHANGED] = "exchanged",
};

static const char *const transaction_words[] = {
	[TRANSACTION_ALLOCATION] = "allocation",
	[TRANSACTION_REWARD] = "reward",
	[TRANSACTION_REVERSAL] = "reversal",
	[TRANSACTION_REDEMPTION] = "redemption",
	[TRANSACTION_EXPIRY] = "expiry",
	[TRANSACTION_EXCHANGE] = "exchange",
	[TRANSACTION_EXCHANGE_REVERT] = "exchange-revert",
	[TRANSACTION_POINTS] = "points",
	[TRANSACTION_POINTS_REVERT] = "points-revert",
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char *
ledger_account_word(enum account_kind kind)
{
	return (size_t)kind < COUNT(account_words) ?
	    account_words[kind] : NULL;
}

const char *
ledger_transaction_word(enum transaction_kind kind)
{
	return (size_t)kind < COUNT(transaction_words) ?
	    transaction_words[kind] : NULL;
}

struct turnover
ledger_turnover(struct work *w, struct account a)
{
	struct turnover	 t = { 0 };
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT balance, received FROM accounts"
	    " WHERE tenant = ? AND kind = ? AND owner = ?"));
	db_int(q, w->tenant);
	db_int(q, a.kind);
	db_int(q, a.owner);
	if (db_next(q)) {
		t.balance.units = db_col_int(q, "balance");
		t.received.units = db_col_int(q, "received");
		t.exists = true;
	}
	db_done(q);

	return t;
}

struct tokens
ledger_balance(struct work *w, struct account a)
{
	return ledger_turnover(w, a).balance;
}

/* The mint creates tokens, and two kinds are the other side of notes. */
static bool
may_go_below(enum account_kind kind)
{
	return kind == ACCOUNT_MINT || kind == ACCOUNT_CLAIM ||
	    kind == ACCOUNT_RETURN;
}

static void
change(struct journal *j, struct account a, int64_t units)
{
	size_t	 i;

	for (i = 0; i < j->count; i++)
		if (j->postings[i].account.kind == a.kind &&
		    j->postings[i].account.owner == a.owner)
			break;
	if (i == j->count) {
		assert(j->count < LIMIT_POSTINGS);
		j->postings[j->count++] = (struct posting){ a, 0 };
	}
	j->postings[i].change += units;
}

void
ledger_move(struct journal *j, struct account from, struct account to,
    struct tokens amount)
{
	assert(amount.units > 0 && amount.units <= LIMIT_TOKENS);
	assert(from.kind != to.kind || from.owner != to.owner);

	change(j, from, -amount.units);
	change(j, to, amount.units);
}

/* Would it not fall below zero, nor out of what 64 bits may hold? */
static bool
can_take(const struct posting *p, struct turnover t)
{
	if (t.balance.units + p->change < 0 &&
	    !may_go_below(p->account.kind))
		return false;

	return llabs(t.balance.units + p->change) <= LIMIT_BOOKS &&
	    t.received.units <= LIMIT_BOOKS;
}

static int
by_account(const void *va, const void *vb)
{
	const struct posting	*a = va, *b = vb;

	if (a->account.kind != b->account.kind)
		return a->account.kind < b->account.kind ? -1 : 1;

	return (a->account.owner > b->account.owner) -
	    (a->account.owner < b->account.owner);
}

/* The postings that change something, in the order of the chain. */
static size_t
settle(const struct journal *j, struct posting *out)
{
	size_t	 n = 0;
	int64_t	 sum = 0;

	for (size_t i = 0; i < j->count; i++) {
		sum += j->postings[i].change;
		if (j->postings[i].change != 0)
			out[n++] = j->postings[i];
	}
	assert(sum == 0);
	qsort(out, n, sizeof(*out), by_account);

	return n;
}

static void
open_account(struct work *w, struct account a)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO accounts (tenant, kind, owner) VALUES (?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, a.kind);
	db_int(q, a.owner);
	db_run(q);
}

static void
write_entries(struct work *w, int64_t number, const struct posting *p,
    size_t n)
{
	struct query	*q;

	for (size_t i = 0; i < n; i++) {
		q = db_query(w->db, SQL(
		    "INSERT INTO entries"
		    " (tenant, kind, owner, number, change)"
		    " VALUES (?, ?, ?, ?, ?)"));
		db_int(q, w->tenant);
		db_int(q, p[i].account.kind);
		db_int(q, p[i].account.owner);
		db_int(q, number);
		db_int(q, p[i].change);
		db_run(q);
	}
}

static void
write_transaction(struct work *w, const struct journal *j,
    const struct transaction *t)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO transactions"
	    " (tenant, number, kind, refers, created_at, hash)"
	    " VALUES (?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, t->number);
	db_int(q, j->kind);
	db_int(q, j->refers);
	db_int(q, w->now.ms);
	db_bytes(q, t->hash, sizeof(t->hash));
	db_run(q);
}

static struct turnover
look(struct work *w, const struct journal *j, struct account a)
{
	if (j->known != NULL && j->known_of.kind == a.kind &&
	    j->known_of.owner == a.owner)
		return *j->known;

	return ledger_turnover(w, a);
}

enum err
ledger_post(struct work *w, const struct journal *j, struct transaction *t)
{
	struct posting	 postings[LIMIT_POSTINGS];
	struct turnover	 before[LIMIT_POSTINGS];
	struct chain	 head;
	size_t		 n;

	n = settle(j, postings);
	assert(n >= 2);
	for (size_t i = 0; i < n; i++) {
		before[i] = look(w, j, postings[i].account);
		if (!can_take(&postings[i], before[i]))
			return ERR_SHORT;
	}

	chain_head(w, &head);
	t->number = head.number + 1;
	chain_hash(t->hash, &head, &(struct link){ w->tenant, t->number,
	    j->kind, j->refers, w->now, postings, n });
	t->id = ledger_id(w, t->number, w->now);
	for (size_t i = 0; i < n; i++)
		if (!before[i].exists)
			open_account(w, postings[i].account);
	write_entries(w, t->number, postings, n);
	write_transaction(w, j, t);
	hours_add(w, HOURS_TRANSACTIONS, t->number, head.made);

	return OK;
}

const char *
ledger_id(struct work *w, int64_t number, struct moment made)
{
	return id_text(w->arena, ID_TRANSACTION,
	    (struct id){ w->tenant, number, made });
}
