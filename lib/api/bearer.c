/*
 * bearer: who asks with an access token (RFC 6750, section 2.1)?
 *
 * The session behind it is looked up with each request: where somebody has
 * logged out, was disabled or has another password, the token is good for
 * nothing more.
 */
#include <string.h>
#include <strings.h>

#include "lib/api/books.h"
#include "lib/api/call.h"
#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "lib/giving/members/session.h"

#define SCHEME "Bearer "

/*
 * The token, or NULL.  Apache keeps Authorization from CGI programs unless it
 * is told; where nobody can tell it, X-Authorization says the same.
 */
static const char *
read_token(struct call *c)
{
	int		 times;
	const char	*value = http_header(&c->request, "Authorization",
			    &times);

	if (value == NULL)
		value = http_header(&c->request, "X-Authorization", &times);
	if (value == NULL || times > 1 ||
	    strncasecmp(value, SCHEME, sizeof(SCHEME) - 1) != 0)
		return NULL;
	value += sizeof(SCHEME) - 1;

	return value + strspn(value, " ");
}

enum err
bearer_check(struct call *c)
{
	const char	*token = read_token(c);
	struct session	*s = arena_alloc(c->work.arena, sizeof(*s));
	struct db	*db = c->work.db;
	enum err	 e;

	if (token == NULL) {
		c->work.detail = "Send Authorization: Bearer and the"
		    " accessToken, which POST /v1/auth/login answers with.";
		return ERR_MISSING_CREDENTIALS;
	}
	db_begin(db, DB_READ);
	e = session_find(&c->work, token, s);
	c->session = s;

	return db_commit(db) ? e : books_verdict(db);
}

const struct session *
api_session(struct call *c)
{
	return c->session;
}
