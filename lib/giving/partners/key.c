/*
 * key: issuing, finding and revoking API keys.
 */
#include <stdio.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/network.h"
#include "lib/crypto/hmac.h"
#include "lib/crypto/id.h"
#include "lib/crypto/random.h"
#include "lib/crypto/seal.h"
#include "lib/db/db.h"
#include "lib/giving/partners/key.h"

#define SECRET_BYTES	32	/* 64 hex digits */
#define USUAL_SCOPES	"actions:write users:write campaigns:write" \
	" token-pools:request webhooks:write exchanges:write read"

const char *const key_scopes[] = { "actions:write", "actions:reverse",
	"users:write", "campaigns:write", "token-pools:request",
	"webhooks:write", "exchanges:write", "read", NULL };

const struct shape key_out = SHAPE("ApiKey", struct key,
	{ "id",             TEXT(struct key, id),
	    .about = "our id of the set" },
	{ "name",           TEXT(struct key, name),
	    .about = "what people call it" },
	{ "publishableKey", TEXT(struct key, publishable),
	    .about = "for web pages" },
	{ "scopes",         TEXT(struct key, scopes),
	    .about = "what it may do, spaces between" },
	{ "allowedOrigins", TEXT(struct key, origins), NULLS,
	    .about = "web origins that may use it, or null for any" },
	{ "allowedIps",     TEXT(struct key, networks), NULLS,
	    .about = "networks that may use it, or null for any" },
	{ "expiresAt",      MOMENT(struct key, expires_at), NULLS,
	    .about = "when it stops, or null" },
	{ "revokedAt",      MOMENT(struct key, revoked_at), NULLS,
	    .about = "when it was stopped, or null" },
	{ "lastUsedAt",     MOMENT(struct key, last_used_at), NULLS,
	    .about = "when it was last used, to a minute, or null" },
	{ "createdAt",      MOMENT(struct key, created_at),
	    .about = "when it was made" });

const struct shape key_issued_out = SHAPE("IssuedKey", struct key_issued,
	{ "id",             TEXT(struct key_issued, id),
	    .about = "our id of the set" },
	{ "name",           TEXT(struct key_issued, name),
	    .about = "what people call it" },
	{ "environment",    TEXT(struct key_issued, side),
	    .about = "test or live" },
	{ "publishableKey", TEXT(struct key_issued, publishable),
	    .about = "for web pages" },
	{ "secretKey",      TEXT(struct key_issued, secret),
	    .about = "for back-ends; shown only now" },
	{ "hmacSecret",     TEXT(struct key_issued, hmac_secret),
	    .about = "signs requests; shown only now" },
	{ "scopes",         TEXT(struct key_issued, scopes),
	    .about = "what it may do, spaces between" },
	{ "expiresAt",      MOMENT(struct key_issued, expires_at), NULLS,
	    .about = "when it stops, or null" });

static bool
has_word(const char *words, const char *word, size_t size)
{
	for (const char *at = words; (at = strstr(at, word)) != NULL; at++)
		if ((at == words || at[-1] == ' ') &&
		    (at[size] == ' ' || at[size] == '\0'))
			return true;

	return false;
}

bool
key_has_scope(const struct key *key, const char *scope)
{
	return has_word(key->scopes, scope, strlen(scope));
}

static void
check_scopes(struct work *w, const char *scopes)
{
	char	*copy = arena_text(w->arena, scopes), *rest = NULL, *word;

	for (word = strtok_r(copy, " ", &rest); word != NULL;
	    word = strtok_r(NULL, " ", &rest)) {
		size_t	 i = 0;

		while (key_scopes[i] != NULL &&
		    strcmp(key_scopes[i], word) != 0)
			i++;
		if (key_scopes[i] == NULL)
			faults_add(w->faults, "/scopes",
			    "There is no scope %s.", word);
	}
}

static void
check_lines(struct work *w, const char *lines, const char *pointer,
    bool (*good)(const char *), const char *says)
{
	char	*copy, *rest = NULL, *line;

	if (lines == NULL)
		return;
	copy = arena_text(w->arena, lines);
	for (line = strtok_r(copy, "\n", &rest); line != NULL;
	    line = strtok_r(NULL, "\n", &rest))
		if (!good(line))
			faults_add(w->faults, pointer, "%s is not %s.",
			    line, says);
}

/* "https://shop.example" or with a port: scheme and host, no path. */
static bool
is_origin(const char *text)
{
	const char	*host = strstr(text, "://");

	return host != NULL && host > text && host[3] != '\0' &&
	    strpbrk(host + 3, "/?# ") == NULL;
}

static const char *
secret_text(struct arena *arena, const char *prefix)
{
	char	 hex[2 * SECRET_BYTES + 1];

	random_hex(hex, SECRET_BYTES);

	return arena_printf(arena, "%s%s", prefix, hex);
}

static const char *
label(struct arena *arena, int64_t number)
{
	return arena_printf(arena, "api_keys.hmac:%lld", (long long)number);
}

static int64_t
next_number(struct work *w)
{
	struct query	*q;
	int64_t		 number = 1;

	q = db_query(w->db, SQL(
	    "SELECT id FROM api_keys ORDER BY id DESC LIMIT 1"));
	if (db_next(q))
		number = db_col_int(q, "id") + 1;
	db_done(q);

	return number;
}

static void
insert(struct work *w, int64_t number, const struct key_wish *wish,
    const struct key_issued *k)
{
	unsigned char	 hash[SHA256_SIZE], *sealed;
	size_t		 size;
	struct query	*q;

	hmac_sha256(hash, k->secret, strlen(k->secret));
	sealed = seal_close(w->arena, label(w->arena, number),
	    k->hmac_secret, &size);
	q = db_query(w->db, SQL(
	    "INSERT INTO api_keys (id, tenant, name, publishable,"
	    " secret_hash, hmac_sealed, scopes, origins, networks,"
	    " expires_at, created_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, number);
	db_int(q, w->tenant);
	db_text(q, k->name);
	db_text(q, k->publishable);
	db_bytes(q, hash, sizeof(hash));
	db_bytes(q, sealed, size);
	db_text(q, k->scopes);
	db_text(q, wish->origins);
	db_text(q, wish->networks);
	if (wish->expires_at.ms != 0)
		db_int(q, wish->expires_at.ms);
	else
		db_null(q);
	db_int(q, w->now.ms);
	db_run(q);
}

static const char *
key_id(struct work *w, int64_t number, struct moment made)
{
	return arena_printf(w->arena, "key_%s", id_text(w->arena, ID_KEY,
	    (struct id){ 0, number, made }));
}

enum err
key_create(struct work *w, const struct key_wish *wish,
    struct key_issued *out)
{
	int64_t	 number = next_number(w);

	out->name = wish->name != NULL ? wish->name : "default";
	out->scopes = wish->scopes != NULL ? wish->scopes : USUAL_SCOPES;
	check_scopes(w, out->scopes);
	check_lines(w, wish->networks, "/allowedIps", network_is,
	    "an address or a network like 192.0.2.0/24");
	check_lines(w, wish->origins, "/allowedOrigins", is_origin,
	    "an origin like https://shop.example");
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;

	out->id = key_id(w, number, w->now);
	out->side = wish->live ? "live" : "test";
	out->publishable = secret_text(w->arena,
	    wish->live ? "pk_live_" : "pk_test_");
	out->secret = secret_text(w->arena,
	    wish->live ? "sk_live_" : "sk_test_");
	out->hmac_secret = secret_text(w->arena, "");
	out->expires_at = wish->expires_at;
	insert(w, number, wish, out);

	return OK;
}

static void
read_row(struct work *w, struct query *q, struct key *k)
{
	k->number = db_col_int(q, "id");
	k->tenant = db_col_int(q, "tenant");
	k->name = db_col_text(q, w->arena, "name");
	k->publishable = db_col_text(q, w->arena, "publishable");
	k->scopes = db_col_text(q, w->arena, "scopes");
	k->origins = db_col_text(q, w->arena, "origins");
	k->networks = db_col_text(q, w->arena, "networks");
	k->expires_at.ms = db_col_int(q, "expires_at");
	k->revoked_at.ms = db_col_int(q, "revoked_at");
	k->last_used_at.ms = db_col_int(q, "last_used_at");
	k->created_at.ms = db_col_int(q, "created_at");
	k->id = key_id(w, k->number, k->created_at);
}

/* A publishable key is looked up as it is, a secret one by its hash. */
static struct query *
lookup(struct work *w, const char *presented, bool secret)
{
	unsigned char	*hash;		/* must outlive the query */
	struct query	*q;

	if (secret) {
		hash = arena_alloc(w->arena, SHA256_SIZE);
		hmac_sha256(hash, presented, strlen(presented));
		q = db_query(w->db, SQL(
		    "SELECT k.*, t.side, t.ahead, p.status, p.tier,"
		    " p.rate_limit"
		    " FROM api_keys k"
		    " JOIN tenants t ON t.id = k.tenant"
		    " JOIN partners p ON p.id = t.partner"
		    " WHERE k.secret_hash = ?"));
		db_bytes(q, hash, SHA256_SIZE);
	} else {
		q = db_query(w->db, SQL(
		    "SELECT k.*, t.side, t.ahead, p.status, p.tier,"
		    " p.rate_limit"
		    " FROM api_keys k"
		    " JOIN tenants t ON t.id = k.tenant"
		    " JOIN partners p ON p.id = t.partner"
		    " WHERE k.publishable = ?"));
		db_text(q, presented);
	}

	return q;
}

enum err
key_find(struct work *w, const char *presented, struct key *k)
{
	bool			 secret = strncmp(presented, "sk_", 3) == 0;
	struct query		*q = lookup(w, presented, secret);
	const unsigned char	*sealed;
	size_t			 size;
	enum err		 e = ERR_INVALID_KEY;

	memset(k, 0, sizeof(*k));
	if (db_next(q)) {
		read_row(w, q, k);
		k->secret = secret;
		k->live = strcmp(db_col_text(q, w->arena, "side"),
		    "live") == 0;
		k->ahead_ms = db_col_int(q, "ahead");
		k->partner = partner_status_read(
		    db_col_text(q, w->arena, "status"));
		k->rate_limit = partner_rate_limit(
		    db_col_text(q, w->arena, "tier"),
		    db_col_int(q, "rate_limit"));
		sealed = db_col_bytes(q, w->arena, "hmac_sealed", &size);
		k->hmac_secret = seal_open(w->arena,
		    label(w->arena, k->number), sealed, size);
		e = k->hmac_secret != NULL ? OK : ERR_INTERNAL;
	}
	db_done(q);

	return e;
}

void
key_list(struct work *w, struct list *out)
{
	struct key	*rows;
	struct query	*q;
	size_t		 n = 0;

	q = db_query(w->db, SQL(
	    "SELECT count(*) AS n FROM api_keys WHERE tenant = ?"));
	db_int(q, w->tenant);
	if (db_next(q))
		n = (size_t)db_col_int(q, "n");
	db_done(q);
	rows = arena_array(w->arena, n, sizeof(*rows));
	out->items = rows;
	out->count = 0;

	q = db_query(w->db, SQL(
	    "SELECT * FROM api_keys WHERE tenant = ? ORDER BY id"));
	db_int(q, w->tenant);
	while (out->count < n && db_next(q))
		read_row(w, q, &rows[out->count++]);
	db_done(q);
}

enum err
key_revoke(struct work *w, const char *id)
{
	struct query	*q;
	struct id	 read;

	if (strncmp(id, "key_", 4) != 0 || !id_read(ID_KEY, id + 4, &read))
		return ERR_NOT_FOUND;
	q = db_query(w->db, SQL(
	    "UPDATE api_keys SET revoked_at = ?"
	    " WHERE id = ? AND created_at / 1000 = ?"
	    " AND revoked_at IS NULL"));
	db_int(q, w->now.ms);
	db_int(q, read.number);
	db_int(q, read.made.ms / 1000);
	w->keys_changed = true;

	return db_run(q) == 1 ? OK : ERR_NOT_FOUND;
}
