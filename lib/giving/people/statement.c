/*
 * statement: the history of one account, from its entries and the
 * transactions that made them.
 */
#include <assert.h>

#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/people/statement.h"

/* In the order of enum transaction_kind. */
const char *const statement_types[] = { "ALLOCATION", "REWARD", "REVERSAL",
	"REDEMPTION", "EXPIRY", "EXCHANGE", "EXCHANGE_REVERT", "POINTS",
	"POINTS_REVERT", NULL };

#define TYPES (sizeof(statement_types) / sizeof(statement_types[0]) - 1)

static const struct shape line_out = SHAPE("StatementLine",
    struct statement_line,
	{ "transactionId", TEXT(struct statement_line, transaction),
	    .about = "the ledger's transaction" },
	{ "type",          TEXT(struct statement_line, type),
	    .about = "why it was" },
	{ "tokens",        INT(struct statement_line, tokens),
	    .about = "how many came in, or below zero, went out" },
	{ "createdAt",     MOMENT(struct statement_line, created_at),
	    .about = "when it was" },
	{ "actionId",      TEXT(struct statement_line, action), NULLS, NULLS,
	    .about = "the action that was rewarded or reversed, or null" },
	{ "reversalId",    TEXT(struct statement_line, reversal), HIDE,
	    .about = "the reversal, if it was one" },
	{ "redemptionId",  TEXT(struct statement_line, redemption), HIDE,
	    .about = "the redemption, if it was one" },
	{ "exchangeId",    TEXT(struct statement_line, exchange), HIDE,
	    .about = "the exchange that was made or reverted" });

const struct shape statement_out = SHAPE("Statement", struct statement,
	{ "data",       LIST(struct statement, lines), .each = &line_out,
	    .about = "one page of the account's transactions, the newest"
	    " first" },
	{ "pagination", OBJECT(struct statement, pagination),
	    .each = &page_out, .about = "where this page lies" });

/*
 * Two ways to the same lines.  An account's own entries lead there, and that
 * costs what is passed over; so in a pool, most of whose entries are rewards,
 * the few transactions that are not are looked for first.  The engine does
 * not know which of them are many, so the order is said.
 */
#define BY_ENTRY \
	" FROM entries e CROSS JOIN transactions t" \
	" WHERE e.tenant = ? AND e.kind = ? AND e.owner = ?" \
	" AND e.number >= ? AND e.number < ?" \
	" AND t.tenant = e.tenant AND t.number = e.number" \
	" AND t.created_at BETWEEN ? AND ?" \
	" AND t.kind = coalesce(?, t.kind)"
#define BY_KIND \
	" FROM transactions t INDEXED BY transactions_rare" \
	" CROSS JOIN entries e" \
	" WHERE t.tenant = ? AND e.kind = ? AND e.owner = ?" \
	" AND t.number >= ? AND t.number < ?" \
	" AND e.tenant = t.tenant AND e.number = t.number" \
	" AND t.created_at BETWEEN ? AND ?" \
	" AND t.kind = ? AND t.kind <> 2"

static bool
is_by_kind(struct account a, const struct statement_filter *f)
{
	return a.kind == ACCOUNT_POOL && f->type >= 0 &&
	    f->type + 1 != TRANSACTION_REWARD;
}

static struct query *
ask(struct work *w, const char *sql, struct account a,
    const struct statement_filter *f, const struct page_range *range)
{
	struct query	*q = db_query(w->db, sql);

	db_int(q, w->tenant);
	db_int(q, a.kind);
	db_int(q, a.owner);
	db_int(q, range->from);
	db_int(q, range->below);
	page_bind_times(q, f->from, f->to);
	db_int_if(q, f->type >= 0, f->type + 1);

	return q;
}

/* All entries of the account, whatever was behind them. */
static struct query *
of_account(struct work *w, struct account a)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT count(*) AS n FROM (SELECT 1 FROM entries"
	    " WHERE tenant = ? AND kind = ? AND owner = ? LIMIT ?)"));
	db_int(q, w->tenant);
	db_int(q, a.kind);
	db_int(q, a.owner);

	return q;
}

static int64_t
count(struct work *w, struct account a, const struct statement_filter *f,
    const struct page_range *range)
{
	if (f->type < 0 && f->from.ms == 0 && f->to.ms == 0)
		return page_count(of_account(w, a));

	return page_count(ask(w, is_by_kind(a, f) ?
	    SQL("SELECT count(*) AS n FROM (SELECT 1" BY_KIND " LIMIT ?)") :
	    SQL("SELECT count(*) AS n FROM (SELECT 1" BY_ENTRY " LIMIT ?)"),
	    a, f, range));
}

/* The id of something that came into being with its transaction. */
static const char *
id_of(struct work *w, enum id_kind kind, int64_t number, struct moment made)
{
	return id_text(w->arena, kind, (struct id){ w->tenant, number, made });
}

/* An exchange is older than its own reverting. */
static const char *
reverted_exchange(struct work *w, int64_t exchange)
{
	struct query	*q;
	const char	*id = NULL;

	q = db_query(w->db, SQL("SELECT created_at FROM exchanges"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, exchange);
	if (db_next(q))
		id = id_of(w, ID_EXCHANGE, exchange,
		    (struct moment){ db_col_int(q, "created_at") });
	db_done(q);

	return id;
}

/* An action is older than its reversal, and its id says when it was made. */
static const char *
reversed_action(struct work *w, int64_t reversal)
{
	struct query	*q;
	const char	*id = NULL;

	q = db_query(w->db, SQL(
	    "SELECT a.id, a.created_at FROM reversals r"
	    " JOIN actions a ON a.tenant = r.tenant AND a.id = r.action"
	    " WHERE r.tenant = ? AND r.id = ?"));
	db_int(q, w->tenant);
	db_int(q, reversal);
	if (db_next(q))
		id = id_of(w, ID_ACTION, db_col_int(q, "id"),
		    (struct moment){ db_col_int(q, "created_at") });
	db_done(q);

	return id;
}

static void
read_row(struct work *w, struct query *q, void *row)
{
	struct statement_line	*line = row;

	line->kind = (int)db_col_int(q, "kind");
	assert(line->kind >= 1 && (size_t)line->kind <= TYPES);
	line->type = statement_types[line->kind - 1];
	line->refers = db_col_int(q, "refers");
	line->tokens = db_col_int(q, "change");
	line->created_at.ms = db_col_int(q, "created_at");
	line->transaction = ledger_id(w, db_col_int(q, "number"),
	    line->created_at);
}

/* The ids of what was behind it. */
static void
complete(struct work *w, void *row)
{
	struct statement_line	*to = row;
	struct moment		 made = to->created_at;
	int64_t			 refers = to->refers;

	switch (to->kind) {
	case TRANSACTION_REWARD:
		to->action = id_of(w, ID_ACTION, refers, made);
		break;
	case TRANSACTION_REVERSAL:
		to->reversal = id_of(w, ID_REVERSAL, refers, made);
		to->action = reversed_action(w, refers);
		break;
	case TRANSACTION_REDEMPTION:
		to->redemption = id_of(w, ID_REDEMPTION, refers, made);
		break;
	case TRANSACTION_EXCHANGE:
		to->exchange = id_of(w, ID_EXCHANGE, refers, made);
		break;
	case TRANSACTION_EXCHANGE_REVERT:
		to->exchange = reverted_exchange(w, refers);
		break;
	default:
		break;
	}
}

static const struct page_rows rows = { sizeof(struct statement_line),
	offsetof(struct statement_line, transaction), read_row, complete };

enum err
statement_list(struct work *w, struct account a,
    const struct statement_filter *f, struct statement *out)
{
	struct page_range	 range;

	if (page_range(w, &f->page, ID_TRANSACTION, &range) != OK)
		return ERR_INVALID_REQUEST;
	page_between(w, PAGE_TRANSACTIONS, f->from, f->to, &range);
	if (f->page.cursor == NULL)
		range.total = count(w, a, f, &range);

	return page_read(w, &range, ask(w, is_by_kind(a, f) ?
	    SQL("SELECT e.number, e.change, t.kind, t.refers, t.created_at"
	    BY_KIND " ORDER BY t.number DESC LIMIT ? OFFSET ?") :
	    SQL("SELECT e.number, e.change, t.kind, t.refers, t.created_at"
	    BY_ENTRY " ORDER BY e.number DESC LIMIT ? OFFSET ?"),
	    a, f, &range), &rows, &out->lines, &out->pagination);
}
