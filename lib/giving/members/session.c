/*
 * session: the tokens that a login is good for.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/crypto/hmac.h"
#include "lib/crypto/id.h"
#include "lib/crypto/jwt.h"
#include "lib/crypto/random.h"
#include "lib/crypto/seal.h"
#include "lib/db/db.h"
#include "lib/giving/members/member_row.h"
#include "lib/giving/members/session.h"

#define LABEL		"sessions.access"	/* of the key of its tokens */
#define REFRESH_BYTES	32

const struct shape session_out = SHAPE("Session", struct session_tokens,
	{ "accessToken",  TEXT(struct session_tokens, access),
	    .about = "for Authorization: Bearer" },
	{ "tokenType",    TEXT(struct session_tokens, type),
	    .about = "Bearer" },
	{ "expiresIn",    INT(struct session_tokens, access_s),
	    .about = "for how many seconds the access token is good" },
	{ "refreshToken", TEXT(struct session_tokens, refresh),
	    .about = "what gets the next pair, once" },
	{ "refreshExpiresIn", INT(struct session_tokens, refresh_s),
	    .about = "for how many seconds the refresh token is good" },
	{ "member",       OBJECT(struct session_tokens, member),
	    .each = &member_out, .about = "who has logged in" });

/* Tokens. */

/* What an access token says, by its names in RFC 7519, section 4.1. */
struct claims {
	const char	*member, *session, *role;
	int64_t		 made, expires;		/* unix seconds */
};

static const struct shape claims_shape = SHAPE("Claims", struct claims,
	{ "sub",  TEXT(struct claims, member), NEED },
	{ "sid",  TEXT(struct claims, session), NEED },
	{ "role", TEXT(struct claims, role) },
	{ "iat",  INT(struct claims, made) },
	{ "exp",  INT(struct claims, expires), NEED });

static struct jwt
jwt(unsigned char key[SHA256_SIZE])
{
	seal_derive(key, LABEL);

	return (struct jwt){ JWT_HEADER, { key, SHA256_SIZE } };
}

static const char *
session_id(struct work *w, int64_t number, struct moment made)
{
	return id_text(w->arena, ID_SESSION, (struct id){ 0, number, made });
}

static const char *
access_token(struct work *w, const char *session, const struct member *m)
{
	unsigned char	 key[SHA256_SIZE];
	struct jwt	 form = jwt(key);
	struct buf	 payload;
	struct claims	 claims = { m->id, session,
			    member_roles[m->role],
			    w->now.ms / 1000,
			    w->now.ms / 1000 + LIMIT_ACCESS_S };

	buf_init(&payload, w->arena);
	shape_write(&payload, &claims_shape, &claims);

	return jwt_sign(w->arena, &form, buf_str(&payload));
}

static bool
read_access(struct work *w, const char *access, struct claims *claims)
{
	unsigned char	 key[SHA256_SIZE];
	struct jwt	 form = jwt(key);
	const char	*payload = jwt_verify(w->arena, &form, access);
	struct ignored	 ignored;
	struct faults	 faults;

	if (payload == NULL)
		return false;
	faults_init(&faults, w->arena);

	return shape_read(&claims_shape, &(struct source){
	    .body = payload, .body_size = strlen(payload) }, w->arena,
	    claims, &faults, &ignored) == SHAPE_GOOD;
}

static void
add_refresh(struct work *w, int64_t session, const char *token)
{
	unsigned char	 hash[SHA256_SIZE];
	struct query	*q;

	hmac_sha256(hash, token, strlen(token));
	q = db_query(w->db, SQL(
	    "INSERT INTO refresh_tokens (hash, session, expires_at)"
	    " VALUES (?, ?, ?)"));
	db_bytes(q, hash, sizeof(hash));
	db_int(q, session);
	db_int(q, w->now.ms + LIMIT_REFRESH_S * 1000LL);
	db_run(q);
}

/* Both, for a session that lives for as long as the second. */
static void
issue(struct work *w, int64_t session, struct moment made,
    const struct member *m, struct session_tokens *out)
{
	char		*refresh = arena_alloc(w->arena, 2 * REFRESH_BYTES + 1);
	struct member	*who = arena_alloc(w->arena, sizeof(*who));

	*who = *m;
	random_hex(refresh, REFRESH_BYTES);
	add_refresh(w, session, refresh);
	*out = (struct session_tokens){
		.access = access_token(w, session_id(w, session, made), m),
		.type = "Bearer", .access_s = LIMIT_ACCESS_S,
		.refresh = refresh, .refresh_s = LIMIT_REFRESH_S,
		.member = who,
	};
}

/* Sessions. */

void
session_begin(struct work *w, const struct member *m,
    struct session_tokens *out)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO sessions (member, expires_at, created_at)"
	    " VALUES (?, ?, ?) RETURNING id"));
	db_int(q, m->number);
	db_int(q, w->now.ms + LIMIT_REFRESH_S * 1000LL);
	db_int(q, w->now.ms);
	issue(w, db_only_int(q), w->now, m, out);
}

/* A refresh token with its session and its member. */
struct refresh {
	struct session	 session;
	struct moment	 made, expires_at;
	bool		 over, used;
};

static bool
find_refresh(struct work *w, const unsigned char hash[SHA256_SIZE],
    struct refresh *r)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL(
	    "SELECT " MEMBER_COLUMNS ", s.id AS session, s.ended_at,"
	    " s.created_at AS made, r.expires_at, r.used_at"
	    " FROM refresh_tokens r JOIN sessions s ON s.id = r.session"
	    " JOIN members m ON m.id = s.member"
	    " LEFT JOIN partners p ON p.id = m.partner WHERE r.hash = ?"));
	db_bytes(q, hash, SHA256_SIZE);
	found = db_next(q);
	if (found) {
		member_row_read(w, q, &r->session.member);
		r->session.number = db_col_int(q, "session");
		r->made.ms = db_col_int(q, "made");
		r->over = !db_col_null(q, "ended_at") ||
		    db_col_int(q, "expires_at") <= w->now.ms ||
		    r->session.member.disabled_at.ms != 0;
		r->used = !db_col_null(q, "used_at");
	}
	db_done(q);

	return found;
}

static void
use_refresh(struct work *w, const unsigned char hash[SHA256_SIZE],
    const struct refresh *r)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE refresh_tokens SET used_at = ? WHERE hash = ?"));
	db_int(q, w->now.ms);
	db_bytes(q, hash, SHA256_SIZE);
	db_run(q);
	q = db_query(w->db, SQL(
	    "UPDATE sessions SET expires_at = max(expires_at, ?)"
	    " WHERE id = ?"));
	db_int(q, w->now.ms + LIMIT_REFRESH_S * 1000LL);
	db_int(q, r->session.number);
	db_run(q);
}

enum err
session_refresh(struct work *w, const char *refresh,
    struct session_tokens *out)
{
	unsigned char	 hash[SHA256_SIZE];
	struct refresh	 r;

	hmac_sha256(hash, refresh, strlen(refresh));
	if (!find_refresh(w, hash, &r))
		return ERR_INVALID_TOKEN;
	if (r.over)
		return ERR_SESSION_EXPIRED;
	if (r.used) {
		session_end(w, r.session.number);
		log_line(LOG_WARN, "a refresh token of %s came again: its"
		    " session is ended", r.session.member.id);
		w->detail = "This refreshToken was used before, so somebody"
		    " has a copy: the session is ended.  Log in again.";
		return ERR_SESSION_EXPIRED;
	}
	use_refresh(w, hash, &r);
	issue(w, r.session.number, r.made, &r.session.member, out);

	return OK;
}

enum err
session_find(struct work *w, const char *access, struct session *out)
{
	struct claims	 claims;
	struct query	*q;
	struct id	 id;
	enum err	 e = ERR_SESSION_EXPIRED;

	if (!read_access(w, access, &claims) ||
	    !id_read(ID_SESSION, claims.session, &id))
		return ERR_INVALID_TOKEN;
	if (claims.expires <= w->now.ms / 1000)
		return ERR_SESSION_EXPIRED;
	q = db_query(w->db, SQL(
	    "SELECT " MEMBER_COLUMNS " FROM sessions s"
	    " JOIN members m ON m.id = s.member"
	    " LEFT JOIN partners p ON p.id = m.partner"
	    " WHERE s.id = ? AND s.created_at / 1000 = ?"
	    " AND s.ended_at IS NULL AND m.disabled_at IS NULL"));
	db_int(q, id.number);
	db_int(q, id.made.ms / 1000);
	if (db_next(q)) {
		out->number = id.number;
		member_row_read(w, q, &out->member);
		e = strcmp(out->member.id, claims.member) == 0 ? OK :
		    ERR_INVALID_TOKEN;
	}
	db_done(q);

	return e;
}

void
session_end(struct work *w, int64_t number)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE sessions SET ended_at = ?"
	    " WHERE id = ? AND ended_at IS NULL"));
	db_int(q, w->now.ms);
	db_int(q, number);
	db_run(q);
}

void
session_end_all(struct work *w, const struct member *m)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE sessions SET ended_at = ?"
	    " WHERE member = ? AND ended_at IS NULL"));
	db_int(q, w->now.ms);
	db_int(q, m->number);
	db_run(q);
}

bool
session_prune(struct work *w)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "DELETE FROM refresh_tokens WHERE hash IN"
	    " (SELECT hash FROM refresh_tokens WHERE expires_at <= ?"
	    " ORDER BY expires_at LIMIT ?)"));
	db_int(q, w->now.ms);
	db_int(q, LIMIT_DUE);
	if (db_run(q) == LIMIT_DUE)
		return true;
	/* No token outlives its session. */
	q = db_query(w->db, SQL(
	    "DELETE FROM sessions WHERE id IN"
	    " (SELECT id FROM sessions WHERE expires_at <= ?"
	    " ORDER BY expires_at LIMIT ?)"));
	db_int(q, w->now.ms);
	db_int(q, LIMIT_DUE);

	return db_run(q) == LIMIT_DUE;
}
