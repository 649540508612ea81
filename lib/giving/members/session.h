#ifndef GIVING_SESSION_H
#define GIVING_SESSION_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/members/member.h"
#include "lib/json/shape.h"

/*
 * A session is what a login begins.  Its member asks with an access token, a
 * JWT (lib/crypto/jwt.h) under a key that is derived from the master key, and
 * gets the next one for a refresh token: random, of use once, kept as a hash.
 * A refresh token that comes again ends the session, since it was copied, and
 * nobody knows which of the two is the thief.  An access token names its
 * session, which is looked up each time: where a session ends, so does it.
 */
struct session_tokens {
	const char	*access, *type;
	int64_t		 access_s;	/* for so long it is good */
	const char	*refresh;
	int64_t		 refresh_s;
	const void	*member;	/* struct member */
};

extern const struct shape	session_out;	/* struct session_tokens */

/* A session for somebody whose password was right just now. */
void		session_begin(struct work *, const struct member *,
		    struct session_tokens *);

/*
 * The next pair for a refresh token.  ERR_INVALID_TOKEN; or
 * ERR_SESSION_EXPIRED, if it or its session is over, or if it was used
 * before: then its session is over from now on.
 */
enum err	session_refresh(struct work *, const char *refresh,
		    struct session_tokens *);

/* Whose access token it is.  ERR_INVALID_TOKEN, ERR_SESSION_EXPIRED. */
struct session {
	int64_t		 number;
	struct member	 member;
};
enum err	session_find(struct work *, const char *access,
		    struct session *);

/* End one; end all of a member. */
void		session_end(struct work *, int64_t number);
void		session_end_all(struct work *, const struct member *);

/*
 * Forget refresh tokens that have expired, and when there are none, sessions:
 * a step, in a DB_WRITE.  False: there is nothing more to do.
 */
bool		session_prune(struct work *);

#endif
