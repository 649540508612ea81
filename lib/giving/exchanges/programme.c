/*
 * programme: whose points tokens can be exchanged for, and at what rate.
 */
#include <inttypes.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/giving/exchanges/programme.h"

const char *const programme_statuses[] = { "ACTIVE", "INACTIVE", NULL };

const struct shape programme_out = SHAPE("Programme", struct programme,
	{ "code",        TEXT(struct programme, code) },
	{ "name",        TEXT(struct programme, name) },
	{ "tokenName",   TEXT(struct programme, token_name) },
	{ "tokenSymbol", TEXT(struct programme, token_symbol) },
	{ "tokens",      TOKENS(struct programme, tokens) },
	{ "points",      INT(struct programme, points) },
	{ "status",      TEXT(struct programme, status) },
	{ "createdAt",   MOMENT(struct programme, created_at) });

static void
read_row(struct work *w, struct query *q, struct programme *p)
{
	*p = (struct programme){
		.code = db_col_text(q, w->arena, "code"),
		.name = db_col_text(q, w->arena, "name"),
		.token_name = db_col_text(q, w->arena, "token_name"),
		.token_symbol = db_col_text(q, w->arena, "token_symbol"),
		.tokens = { db_col_int(q, "tokens") },
		.points = db_col_int(q, "points"),
		.status = db_col_text(q, w->arena, "status"),
		.created_at = { db_col_int(q, "created_at") } };
}

enum err
programme_find(struct work *w, const char *code, struct programme *p)
{
	struct query	*q;
	enum err	 e = ERR_PROGRAMME_NOT_FOUND;

	memset(p, 0, sizeof(*p));
	q = db_query(w->db, SQL(
	    "SELECT code, name, token_name, token_symbol, tokens, points,"
	    " status, created_at FROM programmes"
	    " WHERE tenant = ? AND code = ?"));
	db_int(q, w->tenant);
	db_text(q, code);
	if (db_next(q)) {
		read_row(w, q, p);
		e = strcmp(p->status, "ACTIVE") == 0 ? OK :
		    ERR_PROGRAMME_INACTIVE;
	}
	db_done(q);

	return e;
}

static int64_t
common_divisor(int64_t a, int64_t b)
{
	int64_t	 rest;

	while (b != 0) {
		rest = a % b;
		a = b;
		b = rest;
	}

	return a;
}

enum err
programme_worth(struct work *w, const struct programme *p,
    struct tokens tokens, int64_t *points)
{
	int64_t	 common = common_divisor(p->tokens.units, p->points);
	int64_t	 step = p->tokens.units / common;

	if (tokens.units % step != 0)
		faults_add(w->faults, "/tokens", "Points are whole: give a"
		    " multiple of %" PRId64 ", since %" PRId64 " tokens are %"
		    PRId64 " %s.", step, p->tokens.units, p->points,
		    p->token_symbol);
	else if (__builtin_mul_overflow(tokens.units / step,
	    p->points / common, points) || *points > LIMIT_TOKENS)
		faults_add(w->faults, "/tokens",
		    "That is more points than can be told of at once.");
	else
		return OK;

	return ERR_INVALID_REQUEST;
}

void
programme_set(struct work *w, const struct programme *p)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO programmes (tenant, code, name, token_name,"
	    " token_symbol, tokens, points, status, created_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (tenant, code) DO UPDATE SET name = excluded.name,"
	    " token_name = excluded.token_name,"
	    " token_symbol = excluded.token_symbol,"
	    " tokens = excluded.tokens, points = excluded.points,"
	    " status = excluded.status"));
	db_int(q, w->tenant);
	db_text(q, p->code);
	db_text(q, p->name);
	db_text(q, p->token_name);
	db_text(q, p->token_symbol);
	db_int(q, p->tokens.units);
	db_int(q, p->points);
	db_text(q, p->status);
	db_int(q, w->now.ms);
	db_run(q);
}

bool
programme_remove(struct work *w, const char *code)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "DELETE FROM programmes WHERE tenant = ? AND code = ?"));
	db_int(q, w->tenant);
	db_text(q, code);

	return db_run(q) == 1;
}

void
programme_list(struct work *w, struct list *out)
{
	struct programme	*all = NULL;
	struct query		*q;
	int64_t			 n;

	q = db_query(w->db, SQL(
	    "SELECT count(*) AS n FROM programmes WHERE tenant = ?"));
	db_int(q, w->tenant);
	n = db_only_int(q);

	all = arena_array(w->arena, (size_t)n, sizeof(*all));
	*out = (struct list){ all, 0 };
	q = db_query(w->db, SQL(
	    "SELECT code, name, token_name, token_symbol, tokens, points,"
	    " status, created_at FROM programmes"
	    " WHERE tenant = ? ORDER BY code"));
	db_int(q, w->tenant);
	while ((int64_t)out->count < n && db_next(q))
		read_row(w, q, &all[out->count++]);
	db_done(q);
}
