/*
 * inbound: the secrets of those who tell us what happened elsewhere.
 */
#include <inttypes.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/crypto/hmac.h"
#include "lib/crypto/random.h"
#include "lib/crypto/seal.h"
#include "lib/db/db.h"
#include "lib/giving/inbound/inbound.h"

const char *const inbound_words[] = { "chuffed", "points", NULL };

const struct shape inbound_out = SHAPE("Inbound", struct inbound,
	{ "format",    TEXT(struct inbound, format) },
	{ "path",      TEXT(struct inbound, path) },
	{ "secret",    TEXT(struct inbound, secret), HIDE },
	{ "tokenSymbol", TEXT(struct inbound, token_symbol), HIDE },
	{ "createdAt", MOMENT(struct inbound, created_at) });

enum inbound_format
inbound_format(const char *word)
{
	for (int i = 0; inbound_words[i] != NULL; i++)
		if (strcmp(inbound_words[i], word) == 0)
			return (enum inbound_format)(i + 1);

	return 0;
}

/* "inbound.secret:7:1": of tenant 7, for the first format. */
static const char *
label(struct work *w, int64_t tenant, enum inbound_format format)
{
	return arena_printf(w->arena, "inbound.secret:%" PRId64 ":%d",
	    tenant, (int)format);
}

static bool
is_same(const char *secret, const void *with)
{
	unsigned char	 a[SHA256_SIZE], b[SHA256_SIZE];

	hmac_sha256(a, secret, strlen(secret));
	hmac_sha256(b, with, strlen(with));

	return hmac_equal(a, b, sizeof(a));
}

static enum err
check(struct work *w, enum inbound_format format, const char *secret)
{
	const char		*colon = strchr(secret, ':');
	size_t			 size = strlen(secret);
	struct donation_side	 side;

	if (size < LIMIT_INBOUND_MIN || size > LIMIT_KEY)
		faults_add(w->faults, "/secret", "Between %d and %d bytes.",
		    LIMIT_INBOUND_MIN, LIMIT_KEY);
	else if (format == INBOUND_POINTS &&
	    (colon == NULL || colon == secret))
		faults_add(w->faults, "/secret",
		    "A user name, a colon and a password.");
	else if (inbound_find(w, format,
	    &(struct inbound_proof){ is_same, secret }, &side) !=
	    ERR_INVALID_SIGNATURE && side.tenant != w->tenant)
		faults_add(w->faults, "/secret",
		    "Another side has it: whose would a message be?");

	return w->faults->count > 0 ? ERR_INVALID_REQUEST : OK;
}

static const char *
fresh(struct work *w, enum inbound_format format)
{
	char	 name[65];

	random_hex(name, 32);

	return arena_printf(w->arena, "%s%s",
	    format == INBOUND_POINTS ? "almoner:" : "", name);
}

static void
write_secret(struct work *w, enum inbound_format format, const char *secret)
{
	unsigned char	*sealed;
	struct query	*q;
	size_t		 size;

	sealed = seal_close(w->arena, label(w, w->tenant, format), secret,
	    &size);
	q = db_query(w->db, SQL(
	    "INSERT INTO inbound_secrets (format, tenant, sealed,"
	    " created_at) VALUES (?, ?, ?, ?)"
	    " ON CONFLICT (format, tenant) DO UPDATE SET"
	    " sealed = excluded.sealed, created_at = excluded.created_at"));
	db_int(q, format);
	db_int(q, w->tenant);
	db_bytes(q, sealed, size);
	db_int(q, w->now.ms);
	db_run(q);
}

static struct inbound
told(struct work *w, enum inbound_format format)
{
	const char	*word = inbound_words[format - 1];

	return (struct inbound){ .format = word,
		.path = arena_printf(w->arena, "/v1/inbound/%s", word) };
}

enum err
inbound_set(struct work *w, enum inbound_format format, const char *secret,
    struct inbound *out)
{
	enum err	 e;

	if (secret == NULL)
		secret = fresh(w, format);
	e = check(w, format, secret);
	if (e != OK)
		return e;
	write_secret(w, format, secret);
	*out = told(w, format);
	out->secret = secret;
	out->created_at = w->now;

	return OK;
}

/* What the points of a tenant are called, NULL for anything. */
static const char *
token_of(struct work *w, int64_t tenant)
{
	const char	*symbol = NULL;
	struct query	*q;

	q = db_query(w->db, SQL("SELECT token_symbol FROM inbound_secrets"
	    " WHERE format = 2 AND tenant = ?"));
	db_int(q, tenant);
	if (db_next(q))
		symbol = db_col_text(q, w->arena, "token_symbol");
	db_done(q);

	return symbol;
}

bool
inbound_set_token(struct work *w, const char *symbol)
{
	struct query	*q;

	q = db_query(w->db, SQL("UPDATE inbound_secrets"
	    " SET token_symbol = ? WHERE format = 2 AND tenant = ?"));
	db_text(q, symbol);
	db_int(q, w->tenant);

	return db_run(q) == 1;
}

bool
inbound_takes_token(struct work *w, const char *symbol)
{
	const char	*ours = token_of(w, w->tenant);

	return ours == NULL || strcmp(ours, symbol) == 0;
}

bool
inbound_remove(struct work *w, enum inbound_format format)
{
	struct query	*q;

	q = db_query(w->db, SQL("DELETE FROM inbound_secrets"
	    " WHERE format = ? AND tenant = ?"));
	db_int(q, format);
	db_int(q, w->tenant);

	return db_run(q) == 1;
}

/* The sealed secret of a side, opened; NULL if there is none. */
static const char *
read_secret(struct work *w, enum inbound_format format, int64_t tenant,
    struct moment *made)
{
	const char	*secret = NULL;
	const void	*sealed;
	struct query	*q;
	size_t		 size;

	q = db_query(w->db, SQL("SELECT sealed, created_at"
	    " FROM inbound_secrets WHERE format = ? AND tenant = ?"));
	db_int(q, format);
	db_int(q, tenant);
	if (db_next(q)) {
		sealed = db_col_bytes(q, w->arena, "sealed", &size);
		secret = seal_open(w->arena, label(w, tenant, format),
		    sealed, size);
		made->ms = db_col_int(q, "created_at");
	}
	db_done(q);

	return secret;
}

void
inbound_list(struct work *w, struct list *out)
{
	struct inbound	*all = arena_array(w->arena, 2, sizeof(*all));
	struct moment	 made;

	*out = (struct list){ all, 0 };
	for (int f = INBOUND_CHUFFED; f <= INBOUND_POINTS; f++)
		if (read_secret(w, (enum inbound_format)f, w->tenant,
		    &made) != NULL) {
			all[out->count] = told(w, (enum inbound_format)f);
			if (f == INBOUND_POINTS)
				all[out->count].token_symbol =
				    token_of(w, w->tenant);
			all[out->count++].created_at = made;
		}
}

void
inbound_move_all(struct work *w, int64_t from)
{
	const char	*secret;
	struct moment	 made;
	struct query	*q;

	for (int f = INBOUND_CHUFFED; f <= INBOUND_POINTS; f++) {
		secret = read_secret(w, (enum inbound_format)f, from, &made);
		if (secret != NULL)
			write_secret(w, (enum inbound_format)f, secret);
	}
	(void)inbound_set_token(w, token_of(w, from));
	q = db_query(w->db, SQL("DELETE FROM inbound_secrets"
	    " WHERE format IN (1, 2) AND tenant = ?"));
	db_int(q, from);
	db_run(q);
}
