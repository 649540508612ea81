/*
 * ledger: check the books, write them out, add them up.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bin/command/cli.h"
#include "bin/command/ledger.h"
#include "lib/base/arena.h"
#include "lib/giving/partners/partner.h"
#include "lib/ledger/audit.h"
#include "lib/ledger/ledger.h"

static int	verify(struct cli *);
static int	export(struct cli *);
static int	balance(struct cli *);

static const struct option verify_options[] = {
	{ "partner", "SLUG", "only this partner's", false },
	{ "side", "test|live", "and only this side's", false },
	{ 0 }
};

static const struct option one_options[] = { TENANT_OPTIONS, { 0 } };

const struct command ledger_commands[] = {
	{ "ledger verify", "Check every law of the books, and every hash",
	    verify_options, verify },
	{ "ledger export", "Write a side's books as an hledger journal",
	    one_options, export },
	{ "ledger balance", "Add up a side's accounts, by kind",
	    one_options, balance },
	{ 0 }
};

struct verdict {
	const char	*partner, *side;
	bool		 clean;
	int64_t		 transactions, entries;
	const char	*head;
	int64_t		 failed;
	const char	*finding;
};

static const struct shape verdict_out = SHAPE("Verdict", struct verdict,
	{ "partner",      TEXT(struct verdict, partner) },
	{ "side",         TEXT(struct verdict, side) },
	{ "clean",        BOOL(struct verdict, clean) },
	{ "transactions", INT(struct verdict, transactions) },
	{ "entries",      INT(struct verdict, entries) },
	{ "head",         TEXT(struct verdict, head) },
	{ "firstBad",     INT(struct verdict, failed), NULLS, .preset = 0 },
	{ "finding",      TEXT(struct verdict, finding) });

static void
verify_side(struct cli *c, const struct partner *p, const char *side,
    struct verdict *v)
{
	struct audit	 a;

	c->work.tenant = strcmp(side, "live") == 0 ? p->live : p->test;
	audit_verify(&c->work, &a, print_progress);
	print_progress_end();
	*v = (struct verdict){ p->slug, side, a.finding == NULL,
		a.transactions, a.entries,
		arena_text(c->arena, a.head), a.failed, a.finding };
}

bool
ledger_sound(struct cli *c, int64_t *transactions, char *why, size_t size)
{
	static const char *const sides[] = { "test", "live" };
	struct list	 partners;
	struct verdict	 v;

	*transactions = 0;
	partner_list(&c->work, &partners);
	for (size_t i = 0; i < 2 * partners.count; i++) {
		verify_side(c, (const struct partner *)partners.items + i / 2,
		    sides[i % 2], &v);
		*transactions += v.transactions;
		if (v.clean)
			continue;
		snprintf(why, size, "the books of %s, %s side: transaction"
		    " %lld: %s", v.partner, v.side, (long long)v.failed,
		    v.finding);
		return false;
	}
	if (db_trouble(c->work.db) == DB_WELL)
		return true;
	snprintf(why, size, "the books cannot be read to their end: %s",
	    db_why(c->work.db));

	return false;
}

static bool
wanted(const struct cli *c, const char *option, const char *value)
{
	const char	*said = cli_value(c, option);

	return said == NULL || strcmp(said, value) == 0;
}

/* A slug that nobody has must not look like clean books. */
static int
nobody(struct cli *c)
{
	const char	*slug = cli_value(c, "partner");
	const char	*side = cli_value(c, "side");

	db_rollback(c->db);
	db_close(c->db);
	if (side != NULL && strcmp(side, "test") != 0 &&
	    strcmp(side, "live") != 0)
		cli_usage(c, "--side is test or live");
	fprintf(stderr, "almoner: there is no partner %s; almoner partner"
	    " list shows them\n", slug != NULL ? slug : "at all");

	return 1;
}

static int
verify(struct cli *c)
{
	static const char *const sides[] = { "test", "live" };
	const struct partner	*p;
	struct verdict		*all;
	struct list		 partners, found = { 0 };
	bool			 clean = true, whole;

	cli_open(c, DB_READ);
	partner_list(&c->work, &partners);
	all = arena_array(c->arena, partners.count * 2, sizeof(*all));
	found.items = all;
	for (size_t i = 0; i < partners.count; i++)
		for (size_t s = 0; s < 2; s++) {
			p = (const struct partner *)partners.items + i;
			if (!wanted(c, "partner", p->slug) ||
			    !wanted(c, "side", sides[s]))
				continue;
			verify_side(c, p, sides[s], &all[found.count]);
			clean = clean && all[found.count++].clean;
		}
	if (found.count == 0 && (cli_value(c, "partner") != NULL ||
	    cli_value(c, "side") != NULL))
		return nobody(c);
	whole = db_trouble(c->db) == DB_WELL;
	if (!whole)
		fprintf(stderr, "almoner: the books cannot be read to their"
		    " end: %s\n", db_why(c->db));
	print_list(c, &verdict_out, &found);
	if (!clean && whole)
		fprintf(stderr, "almoner: these books were changed.  Keep"
		    " the file as it is, stop the site, and see \"When"
		    " verify fails\" in doc/books.md.\n");
	db_rollback(c->db);
	db_close(c->db);

	return clean && whole ? 0 : 1;
}

static int
export(struct cli *c)
{
	struct audit	 a;

	cli_open(c, DB_READ);
	cli_tenant(c);
	audit_export(&c->work, stdout, &a, print_progress);
	print_progress_end();
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "almoner: the journal was not written to its"
		    " end: %s\n", strerror(errno));
		a.finding = "it was not written";
	} else if (a.finding != NULL)
		fprintf(stderr, "almoner: stopped before transaction %lld:"
		    " %s\n", (long long)a.failed, a.finding);

	return cli_close(c) == 0 && a.finding == NULL ? 0 : 1;
}

struct sum {
	const char	*kind;
	int64_t		 accounts, balance;
};

static const struct shape sum_out = SHAPE("AccountSum", struct sum,
	{ "kind",     TEXT(struct sum, kind) },
	{ "accounts", INT(struct sum, accounts) },
	{ "balance",  INT(struct sum, balance) });

static int
balance(struct cli *c)
{
	struct sum	 sums[16];
	struct list	 all = { sums, 0 };
	struct query	*q;

	cli_open(c, DB_READ);
	cli_tenant(c);
	q = db_query(c->db, SQL(
	    "SELECT kind, count(*) AS n, sum(balance) AS balance"
	    " FROM accounts WHERE tenant = ? GROUP BY kind ORDER BY kind"));
	db_int(q, c->work.tenant);
	while (all.count < 16 && db_next(q))
		sums[all.count++] = (struct sum){ ledger_account_word(
		    (enum account_kind)db_col_int(q, "kind")),
		    db_col_int(q, "n"), db_col_int(q, "balance") };
	db_done(q);
	print_list(c, &sum_out, &all);

	return cli_close(c);
}
