/*
 * auth: who asks, and may they?
 *
 * What is looked at comes in an order that tells a stranger nothing: an
 * unknown key goes the whole way of a known one, up to the signature that
 * cannot be right, and only the code of the refusal differs.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/api/books.h"
#include "lib/api/call.h"
#include "lib/api/keyring.h"
#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/network.h"
#include "lib/crypto/hmac.h"
#include "lib/db/db.h"

/* The headers of a signed request, each of which must come once. */
struct credentials {
	const char	*key, *timestamp, *signature;
	bool		 twice;
};

static const char *
header_once(struct call *c, const char *name, bool *twice)
{
	int		 times;
	const char	*value = http_header(&c->request, name, &times);

	if (times > 1)
		*twice = true;

	return value;
}

/* A page may put its key into the address of a GET: it saves a preflight. */
static const char *
key_in_query(struct call *c)
{
	const char	*query = c->request.query, *at;

	if (query == NULL ||
	    (strcmp(c->route->method, "GET") != 0 && !c->route->page))
		return NULL;
	for (at = query; at != NULL; at = strchr(at, '&')) {
		at += *at == '&';
		if (strncmp(at, "key=", 4) == 0)
			return encode_unpercent(c->work.arena, at + 4,
			    strcspn(at + 4, "&"), true);
	}

	return NULL;
}

static void
read_credentials(struct call *c, struct credentials *cr)
{
	cr->twice = false;
	cr->key = header_once(c, "X-Partner-Key", &cr->twice);
	cr->timestamp = header_once(c, "X-Timestamp", &cr->twice);
	cr->signature = header_once(c, "X-Signature", &cr->twice);
	if (cr->key == NULL && c->route->access == ACCESS_WIDGET)
		cr->key = key_in_query(c);
}

/* Known from a moment ago, or looked up in a read of its own. */
static enum err
find_key(struct call *c, const char *presented)
{
	uint64_t	 epoch = counts_epoch(c->counts);
	struct db	*db = c->work.db;
	enum err	 e;

	if (keyring_find(c->keyring, c->work.arena, presented, epoch,
	    &c->key))
		return OK;
	db_begin(db, DB_READ);
	e = key_find(&c->work, presented, &c->key);
	if (!db_commit(db))
		return books_verdict(db);
	if (e == OK && c->key.revoked_at.ms != 0)
		e = ERR_INVALID_KEY;
	if (e == OK)
		keyring_keep(c->keyring, presented, epoch, &c->key);

	return e;
}

/* Unix seconds, digits only, and near enough to our own clock. */
static bool
timestamp_good(const struct call *c, const char *text)
{
	size_t		 size = strlen(text);
	long long	 apart;

	if (size == 0 || size > 12 || strspn(text, "0123456789") != size)
		return false;
	apart = strtoll(text, NULL, 10) - c->arrived.ms / 1000;

	return llabs(apart) <= LIMIT_CLOCK_SKEW_S;
}

/* timestamp ‖ METHOD ‖ path with query ‖ hex(SHA-256(body)) */
static bool
signature_good(struct call *c, const struct credentials *cr,
    const char *secret)
{
	const struct request	*r = &c->request;
	unsigned char		 sum[SHA256_SIZE], mac[SHA256_SIZE];
	unsigned char		 said[SHA256_SIZE];
	char			 hex[2 * SHA256_SIZE + 1];

	hmac_sha256(sum, r->body, r->body_size);
	encode_hex(hex, sum, sizeof(sum));
	hmac_sign(mac, (struct piece){ secret, strlen(secret) },
	    (struct piece[]){
	    { cr->timestamp, strlen(cr->timestamp) },
	    { r->method, strlen(r->method) },
	    { r->target, strlen(r->target) },
	    { hex, sizeof(hex) - 1 } }, 4);

	return encode_unhex(said, sizeof(said), cr->signature) &&
	    hmac_equal(said, mac, sizeof(mac));
}

static enum err
check_signed(struct call *c, const struct credentials *cr)
{
	/* Signs nothing: an unknown key is held against it all the same. */
	static const char	 nobody[] = "0000000000000000000000000000000"
	    "000000000000000000000000000000000";
	enum err		 known;
	bool			 right;

	if (cr->key == NULL || cr->timestamp == NULL ||
	    cr->signature == NULL)
		return ERR_MISSING_CREDENTIALS;
	known = find_key(c, cr->key);
	if (known != OK && known != ERR_INVALID_KEY)
		return known;
	right = signature_good(c, cr,
	    known == OK ? c->key.hmac_secret : nobody);
	if (known != OK)
		return known;
	if (!timestamp_good(c, cr->timestamp))
		return ERR_TIMESTAMP_OUT_OF_RANGE;

	return right && !cr->twice ? OK : ERR_INVALID_SIGNATURE;
}

/* Is `line` one of the lines? */
static bool
has_line(const char *lines, const char *line)
{
	size_t	 size = strlen(line), n;

	for (; *lines != '\0'; lines += n, lines += *lines == '\n') {
		n = strcspn(lines, "\n");
		if (n == size && memcmp(lines, line, n) == 0)
			return true;
	}

	return false;
}

/* A key for web pages needs no signature, but an origin that it lists. */
static enum err
check_widget(struct call *c, const struct credentials *cr)
{
	const char	*origin = http_header(&c->request, "Origin", NULL);
	enum err	 e;

	if (cr->key == NULL)
		return ERR_MISSING_CREDENTIALS;
	e = find_key(c, cr->key);
	if (e != OK)
		return e;
	if (c->key.secret) {
		c->work.detail = "A secret key never belongs into a page:"
		    " use the publishable key, and revoke this one.";
		return ERR_INVALID_KEY;
	}
	/* A form is sent from a page of ours: no script reads the answer. */
	if (origin != NULL && c->key.origins != NULL && !c->route->page &&
	    !has_line(c->key.origins, origin))
		return ERR_ORIGIN_NOT_ALLOWED;

	return OK;
}

/* What holds for a key however it was shown. */
static enum err
check_state(struct call *c)
{
	const struct key	*k = &c->key;

	if (k->expires_at.ms != 0 && k->expires_at.ms <= c->arrived.ms)
		return ERR_KEY_EXPIRED;
	if (k->partner == PARTNER_SUSPENDED)
		return ERR_PARTNER_SUSPENDED;
	if (k->partner == PARTNER_PENDING && k->live)
		return ERR_PARTNER_NOT_APPROVED;
	if (k->networks != NULL &&
	    !network_contains(k->networks, c->request.address))
		return ERR_IP_NOT_ALLOWED;

	return OK;
}

static enum err
check_scope(struct call *c)
{
	const char	*scope = c->route->scope;

	if (c->route->access == ACCESS_SECRET && !c->key.secret)
		return ERR_SECRET_KEY_REQUIRED;
	if (scope == NULL || key_has_scope(&c->key, scope))
		return OK;
	c->work.detail = arena_printf(c->work.arena, "This key lacks the"
	    " scope %s: ask your administrator for a key that has it.",
	    scope);

	return ERR_INSUFFICIENT_SCOPE;
}

/* A publishable key can do no write, signed or not: that is no secret. */
static bool
is_plainly_publishable(const struct call *c, const struct credentials *cr)
{
	return c->route->access == ACCESS_SECRET && cr->key != NULL &&
	    strncmp(cr->key, "pk_", 3) == 0 &&
	    (cr->timestamp == NULL || cr->signature == NULL);
}

enum err
auth_check(struct call *c)
{
	struct credentials	 cr;
	enum err		 e;

	if (c->route->access == ACCESS_OPEN)
		return OK;
	if (c->route->access == ACCESS_SESSION)
		return bearer_check(c);
	read_credentials(c, &cr);
	if (is_plainly_publishable(c, &cr))
		return ERR_SECRET_KEY_REQUIRED;
	e = c->route->access == ACCESS_WIDGET ?
	    check_widget(c, &cr) : check_signed(c, &cr);
	if (e == OK)
		e = check_state(c);
	if (e == OK)
		e = check_scope(c);
	c->work.tenant = c->key.tenant;
	/* From here on it is what time the sandbox has. */
	c->work.now.ms += c->key.ahead_ms;
	c->presented = cr.key;
	c->timestamp = cr.timestamp;
	c->signature = cr.signature;

	return e;
}
