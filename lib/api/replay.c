/*
 * replay: the same request again gets the same answer, and nothing twice.
 *
 * A write is the same if it is signed byte for byte as one that was, whatever
 * else was added to it on its way, or if it carries an Idempotency-Key that
 * was seen within a day.  Endpoints whose body has a key of its own look
 * after themselves.  Only answers of success are kept: a refusal did nothing
 * and may be tried again.  An endpoint that asks somebody on the network
 * holds its names meanwhile, so that the same request waits for its answer;
 * if its process dies, they are free again after LIMIT_CALL_S.
 *
 * The day is one of the site's clock: a sandbox that is ahead of it must not
 * prune what others still need.
 */
#include <string.h>

#include "lib/api/call.h"
#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/crypto/hmac.h"
#include "lib/crypto/seal.h"
#include "lib/db/db.h"

#define KEY_HEADER	"Idempotency-Key"
#define SEAL_LABEL	"replays.body"
#define UNDER_WAY	0		/* replays.status */

static struct piece
text(const char *s)
{
	return (struct piece){ s, strlen(s) };
}

static void
add_name(struct call *c, const struct piece *pieces, size_t count)
{
	hmac_sha256_pieces(c->replay_names[c->replay_count++], pieces, count);
}

/*
 * What makes a request the same one, and what it then has to say.  A page
 * signs nothing: without a key, each of its requests is a new one.  Of a
 * signature its value counts, since hex may be spelled in two ways.
 */
static void
make_names(struct call *c, const char *key)
{
	const struct request	*r = &c->request;
	unsigned char		 signature[SHA256_SIZE];

	if (c->signature != NULL && c->route->access != ACCESS_WIDGET &&
	    encode_unhex(signature, sizeof(signature), c->signature))
		add_name(c, (struct piece[]){ text("signature\n"),
		    text(c->key.id), text(c->timestamp),
		    { signature, sizeof(signature) } }, 4);
	if (key != NULL)
		add_name(c, (struct piece[]){ text("key\n"), text(key) }, 2);
	hmac_sha256_pieces(c->replay_digest, (struct piece[]){
	    text(r->method), text(r->target),
	    { r->body, r->body_size } }, 3);
}

/* The first answer again, from its row. */
static enum err
repeat(struct call *c, struct query *q)
{
	struct arena	*arena = c->work.arena;
	size_t		 size;
	const void	*body = db_col_bytes(q, arena, "body", &size);

	if (db_col_int(q, "sealed") != 0) {
		body = seal_open(arena, SEAL_LABEL, body, size);
		if (body == NULL)
			return ERR_INTERNAL;
		size = strlen(body);
	}
	c->status = (int)db_col_int(q, "status");
	c->content_type = size > 0 ? "application/json" : NULL;
	buf_add(&c->body, body, size);
	c->replayed = true;

	return OK;
}

static enum err
judge(struct call *c, struct query *q)
{
	size_t		 size;
	const void	*digest;

	digest = db_col_bytes(q, c->work.arena, "digest", &size);
	if (size != sizeof(c->replay_digest) ||
	    memcmp(digest, c->replay_digest, size) != 0)
		return ERR_IDEMPOTENCY_KEY_REUSED;
	if (db_col_int(q, "status") == UNDER_WAY) {
		c->retry_s = 1;
		return ERR_IN_PROGRESS;
	}

	return repeat(c, q);
}

static enum err
look(struct call *c, const unsigned char name[SHA256_SIZE])
{
	struct query	*q;
	enum err	 e = OK;

	q = db_query(c->work.db, SQL(
	    "SELECT digest, status, body, sealed FROM replays"
	    " WHERE tenant = ? AND name = ? AND expires_at > ?"));
	db_int(q, c->work.tenant);
	db_bytes(q, name, SHA256_SIZE);
	db_int(q, c->arrived.ms);
	if (db_next(q))
		e = judge(c, q);
	db_done(q);

	return e;
}

enum err
replay_find(struct call *c)
{
	const char	*key;
	enum err	 e = OK;

	if (c->route->keyed || c->route->page ||
	    !route_by_key(c->route) ||
	    strcmp(c->route->method, "GET") == 0)
		return OK;
	key = http_header(&c->request, KEY_HEADER, NULL);
	if (key != NULL && (key[0] == '\0' || strlen(key) > LIMIT_KEY)) {
		c->work.detail = "An " KEY_HEADER " has 1 to 255 bytes.";
		return ERR_INVALID_REQUEST;
	}
	make_names(c, key);
	for (size_t i = 0; i < c->replay_count && e == OK && !c->replayed;
	    i++)
		e = look(c, c->replay_names[i]);

	return e;
}

/* Two old answers go for each new one, so that none stay for ever. */
static void
prune(struct call *c)
{
	struct query	*q;

	q = db_query(c->work.db, SQL(
	    "DELETE FROM replays WHERE (tenant, name) IN"
	    " (SELECT tenant, name FROM replays WHERE expires_at <= ?"
	    " ORDER BY expires_at LIMIT 2)"));
	db_int(q, c->arrived.ms);
	db_run(q);
}

/* What is kept of an answer under each of its names, and for how long. */
struct kept {
	int		 status;
	struct piece	 body;
	bool		 sealed;
	int64_t		 for_s;
};

static void
keep(struct call *c, const unsigned char name[SHA256_SIZE],
    const struct kept *k)
{
	struct query	*q;

	prune(c);
	q = db_query(c->work.db, SQL(
	    "INSERT INTO replays"
	    " (tenant, name, digest, status, body, sealed, expires_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (tenant, name) DO UPDATE SET"
	    " digest = excluded.digest, status = excluded.status,"
	    " body = excluded.body, sealed = excluded.sealed,"
	    " expires_at = excluded.expires_at"));
	db_int(q, c->work.tenant);
	db_bytes(q, name, SHA256_SIZE);
	db_bytes(q, c->replay_digest, sizeof(c->replay_digest));
	db_int(q, k->status);
	db_bytes(q, k->body.data, k->body.size);
	db_int(q, k->sealed);
	db_int(q, c->arrived.ms + k->for_s * 1000);
	db_run(q);
}

static void
keep_all(struct call *c, const struct kept *k)
{
	for (size_t i = 0; i < c->replay_count; i++)
		keep(c, c->replay_names[i], k);
}

enum err
replay_hold(struct call *c)
{
	if (!c->replayed)
		keep_all(c, &(struct kept){ .status = UNDER_WAY,
		    .body = { "", 0 }, .for_s = LIMIT_CALL_S });

	return OK;
}

void
replay_free(struct call *c)
{
	struct query	*q;

	for (size_t i = 0; i < c->replay_count; i++) {
		q = db_query(c->work.db, SQL(
		    "DELETE FROM replays"
		    " WHERE tenant = ? AND name = ? AND status = 0"));
		db_int(q, c->work.tenant);
		db_bytes(q, c->replay_names[i], SHA256_SIZE);
		db_run(q);
	}
}

enum err
replay_keep(struct call *c)
{
	struct kept	 k = { .status = c->status,
		.body = { buf_str(&c->body), c->body.size },
		.sealed = c->route->secret_answer, .for_s = LIMIT_REPLAY_S };

	if (c->replayed || c->replay_count == 0)
		return OK;
	if (c->status >= 300) {
		replay_free(c);
		return OK;
	}
	if (k.sealed)
		k.body.data = seal_close(c->work.arena, SEAL_LABEL,
		    buf_str(&c->body), &k.body.size);
	keep_all(c, &k);

	return OK;
}
