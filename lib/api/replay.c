/*
 * replay: the same request again gets the same answer, and nothing twice.
 *
 * A write is the same if it is signed byte for byte as one that was, whatever
 * else was added to it on its way, or if it carries an Idempotency-Key that
 * was seen within a day.  Endpoints whose body has a key of its own look
 * after themselves.  Only answers of success are kept: a refusal did nothing
 * and may be tried again.
 *
 * The day is one of the site's clock: a sandbox that is ahead of it must not
 * prune what others still need.
 */
#include <string.h>

#include "lib/api/call.h"
#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/crypto/hmac.h"
#include "lib/db/db.h"

#define KEY_HEADER	"Idempotency-Key"

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

	if (c->route->access != ACCESS_WIDGET &&
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

static enum err
look(struct call *c, const unsigned char name[SHA256_SIZE])
{
	struct query	*q;
	const void	*digest, *body;
	size_t		 size, body_size;
	enum err	 e = OK;

	q = db_query(c->work.db, SQL(
	    "SELECT digest, status, body FROM replays"
	    " WHERE tenant = ? AND name = ? AND expires_at > ?"));
	db_int(q, c->work.tenant);
	db_bytes(q, name, SHA256_SIZE);
	db_int(q, c->arrived.ms);
	if (db_next(q)) {
		digest = db_col_bytes(q, c->work.arena, "digest", &size);
		body = db_col_bytes(q, c->work.arena, "body", &body_size);
		if (size != sizeof(c->replay_digest) ||
		    memcmp(digest, c->replay_digest, size) != 0)
			e = ERR_IDEMPOTENCY_KEY_REUSED;
		else {
			c->status = (int)db_col_int(q, "status");
			c->content_type = body_size > 0 ?
			    "application/json" : NULL;
			buf_add(&c->body, body, body_size);
			c->replayed = true;
		}
	}
	db_done(q);

	return e;
}

enum err
replay_find(struct call *c)
{
	const char	*key = http_header(&c->request, KEY_HEADER, NULL);
	enum err	 e = OK;

	if (strcmp(c->route->method, "GET") == 0 || c->route->keyed)
		return OK;
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

static void
keep(struct call *c, const unsigned char name[SHA256_SIZE])
{
	struct query	*q;

	prune(c);
	q = db_query(c->work.db, SQL(
	    "INSERT INTO replays"
	    " (tenant, name, digest, status, body, expires_at)"
	    " VALUES (?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (tenant, name) DO UPDATE SET"
	    " digest = excluded.digest, status = excluded.status,"
	    " body = excluded.body, expires_at = excluded.expires_at"));
	db_int(q, c->work.tenant);
	db_bytes(q, name, SHA256_SIZE);
	db_bytes(q, c->replay_digest, sizeof(c->replay_digest));
	db_int(q, c->status);
	db_bytes(q, buf_str(&c->body), c->body.size);
	db_int(q, c->arrived.ms + LIMIT_REPLAY_S * 1000LL);
	db_run(q);
}

enum err
replay_keep(struct call *c)
{
	if (c->replayed || c->status >= 300)
		return OK;
	for (size_t i = 0; i < c->replay_count; i++)
		keep(c, c->replay_names[i]);

	return OK;
}
