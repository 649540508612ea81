/*
 * audit: add everything up again.
 *
 * Two walks.  The first follows the chain: transactions by number, with their
 * entries beside them, each hash made anew.  The second follows accounts: the
 * entries of each, against the balance that is kept.  What the walks read is
 * one moment of the database, so a busy site can be audited.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/db/db.h"
#include "lib/ledger/audit.h"
#include "lib/ledger/chain.h"

#define EVERY 4096	/* transactions between two calls of progress */

/* A transaction as it is read back. */
struct page {
	struct link	 link;
	struct posting	 postings[LIMIT_POSTINGS];
	unsigned char	 hash[SHA256_SIZE];
};

/* Two queries side by side: transactions, and entries in the same order. */
struct reader {
	struct work	*work;
	struct query	*transactions, *entries;
	bool		 have;		/* entries stands on a row … */
	int64_t		 number;	/* … of this transaction */
	struct arena	*arena;		/* emptied for each transaction */
};

static void
next_entry(struct reader *r)
{
	r->have = db_next(r->entries);
	r->number = r->have ? db_col_int(r->entries, "number") : 0;
}

static void
reader_open(struct reader *r, struct work *w)
{
	r->work = w;
	r->arena = arena_new();
	r->transactions = db_query(w->db, SQL(
	    "SELECT number, kind, refers, created_at, hash"
	    " FROM transactions WHERE tenant = ? ORDER BY number"));
	db_int(r->transactions, w->tenant);
	/* sorts: entries lie by account, and the chain is by number. */
	r->entries = db_query(w->db, SQL(
	    "SELECT number, kind, owner, change FROM entries"
	    " WHERE tenant = ? ORDER BY number, kind, owner"));
	db_int(r->entries, w->tenant);
	next_entry(r);
}

static void
reader_close(struct reader *r)
{
	db_done(r->transactions);
	db_done(r->entries);
	arena_free(r->arena);
}

/* The entries of transaction `number`; those of an earlier one are strays. */
static const char *
read_entries(struct reader *r, struct page *p)
{
	struct posting	*to;

	while (r->have && r->number <= p->link.number) {
		if (r->number < p->link.number)
			return "an entry belongs to no transaction";
		if (p->link.count == LIMIT_POSTINGS)
			return "it has more entries than can be";
		to = &p->postings[p->link.count++];
		to->account.kind =
		    (enum account_kind)db_col_int(r->entries, "kind");
		to->account.owner = db_col_int(r->entries, "owner");
		to->change = db_col_int(r->entries, "change");
		if (ledger_account_word(to->account.kind) == NULL)
			return "an entry has an unknown kind of account";
		next_entry(r);
	}

	return NULL;
}

/* False at the end.  *finding: the page cannot be what was written. */
static bool
read_page(struct reader *r, struct page *p, const char **finding)
{
	struct query	*q = r->transactions;
	const void	*hash;
	size_t		 size;

	memset(p, 0, sizeof(*p));
	if (!db_next(q))
		return false;

	p->link.tenant = r->work->tenant;
	p->link.number = db_col_int(q, "number");
	p->link.kind = (enum transaction_kind)db_col_int(q, "kind");
	p->link.refers = db_col_int(q, "refers");
	p->link.made.ms = db_col_int(q, "created_at");
	p->link.postings = p->postings;
	arena_reset(r->arena);
	hash = db_col_bytes(q, r->arena, "hash", &size);
	if (size != sizeof(p->hash) ||
	    ledger_transaction_word(p->link.kind) == NULL)
		*finding = "it is of no known form";
	else
		memcpy(p->hash, hash, size);
	if (*finding == NULL)
		*finding = read_entries(r, p);

	return true;
}

/* What is wrong with a page that follows `before`, or NULL. */
static const char *
check_page(const struct chain *before, const struct page *p)
{
	unsigned char	 hash[SHA256_SIZE];
	int64_t		 sum = 0;

	if (p->link.number != before->number + 1)
		return "a transaction before it was removed";
	for (size_t i = 0; i < p->link.count; i++)
		if (__builtin_add_overflow(sum, p->postings[i].change,
		    &sum))
			return "its entries do not add up to zero";
	if (sum != 0)
		return "its entries do not add up to zero";
	chain_hash(hash, before, &p->link);
	if (memcmp(hash, p->hash, sizeof(hash)) != 0)
		return "its hash is not that of its content and of the"
		    " transaction before it";

	return NULL;
}

/* Walk the chain; `each` is shown every page that was found good. */
static void
walk_chain(struct work *w, struct audit *a,
    void (*each)(const struct page *, void *), void *with,
    void (*progress)(int64_t, int64_t))
{
	struct reader	 r;
	struct chain	 at = { 0 }, head;
	struct page	 p;

	chain_head(w, &head);
	reader_open(&r, w);
	while (a->finding == NULL && read_page(&r, &p, &a->finding)) {
		if (a->finding == NULL)
			a->finding = check_page(&at, &p);
		if (a->finding != NULL) {
			a->failed = at.number + 1;
			break;
		}
		at.number = p.link.number;
		memcpy(at.hash, p.hash, sizeof(at.hash));
		a->transactions++;
		a->entries += (int64_t)p.link.count;
		if (each != NULL)
			each(&p, with);
		if (progress != NULL && at.number % EVERY == 0)
			progress(at.number, head.number);
	}
	if (db_trouble(w->db) != DB_WELL) {
		a->failed = at.number + 1;
		a->finding = "the file cannot be read to its end";
	} else if (a->finding == NULL && (r.have || at.number != head.number ||
	    memcmp(at.hash, head.hash, sizeof(at.hash)) != 0)) {
		a->failed = at.number + 1;
		a->finding = "the chain does not end at its recorded head";
	}
	encode_hex(a->head, at.hash, sizeof(at.hash));
	reader_close(&r);
}

/*
 * The first transaction of an account whose kept numbers are not what its
 * entries say; 0 if all are right.  An account without entries has none.
 */
static int64_t
check_accounts(struct work *w)
{
	struct query	*q;
	int64_t		 number;

	/* sorts: only the accounts that are wrong. */
	q = db_query(w->db, SQL(
	    "SELECT coalesce(min(e.number), 1) AS number"
	    " FROM accounts a LEFT JOIN entries e ON e.tenant = a.tenant"
	    " AND e.kind = a.kind AND e.owner = a.owner"
	    " WHERE a.tenant = ? GROUP BY a.tenant, a.kind, a.owner"
	    " HAVING a.balance <> coalesce(sum(e.change), 0)"
	    " OR a.received <> coalesce(sum(max(e.change, 0)), 0)"
	    " OR (a.balance < 0 AND a.kind NOT IN (1, 6, 8))"
	    " ORDER BY 1 LIMIT 1"));
	db_int(q, w->tenant);
	number = db_only_int(q);
	if (number != 0)
		return number;

	q = db_query(w->db, SQL(
	    "SELECT min(e.number) AS number FROM entries e"
	    " WHERE e.tenant = ? AND NOT EXISTS (SELECT 1 FROM accounts a"
	    " WHERE a.tenant = e.tenant AND a.kind = e.kind"
	    " AND a.owner = e.owner)"));
	db_int(q, w->tenant);
	if (db_next(q) && !db_col_null(q, "number"))
		number = db_col_int(q, "number");
	db_done(q);

	return number;
}

/* Between two transactions nothing is out of balance. */
static bool
is_balanced(struct work *w)
{
	struct query	*q;
	bool		 yes;

	q = db_query(w->db, SQL(
	    "SELECT 1 FROM tenants WHERE id = ? AND unbalanced = 0"));
	db_int(q, w->tenant);
	yes = db_next(q);
	db_done(q);

	return yes;
}

void
audit_verify(struct work *w, struct audit *a,
    void (*progress)(int64_t, int64_t))
{
	memset(a, 0, sizeof(*a));
	walk_chain(w, a, NULL, NULL, progress);
	if (a->finding != NULL)
		return;

	a->failed = check_accounts(w);
	if (a->failed == 0 && !is_balanced(w)) {
		a->failed = a->transactions + 1;
		a->finding = "its tenant's unbalanced is not zero";
	} else if (a->failed != 0)
		a->finding = "a balance kept for one of its accounts is not"
		    " the sum of that account's entries";
}

/* Export: a journal for hledger and ledger-cli. */

struct export {
	struct work	*work;
	FILE		*to;
};

static void
export_page(const struct page *p, void *with)
{
	struct export	*x = with;
	const char	*when;
	char		 hash[2 * SHA256_SIZE + 1];
	struct arena	*arena = arena_new();

	when = clock_format(arena, p->link.made);
	encode_hex(hash, p->hash, sizeof(p->hash));
	fprintf(x->to, "%.10s * (%" PRId64 ") %s %" PRId64 "\n",
	    when, p->link.number, ledger_transaction_word(p->link.kind),
	    p->link.refers);
	fprintf(x->to, "    ; at: %s\n    ; hash: %s\n", when, hash);
	for (size_t i = 0; i < p->link.count; i++)
		fprintf(x->to, "    %s:%" PRId64 "  %" PRId64 " SIR\n",
		    ledger_account_word(p->postings[i].account.kind),
		    p->postings[i].account.owner, p->postings[i].change);
	fputc('\n', x->to);
	arena_free(arena);
}

void
audit_export(struct work *w, FILE *to, struct audit *a,
    void (*progress)(int64_t, int64_t))
{
	struct export	 x = { w, to };

	memset(a, 0, sizeof(*a));
	walk_chain(w, a, export_page, &x, progress);
}
