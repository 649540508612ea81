#ifndef API_CALL_H
#define API_CALL_H

#include <stdbool.h>

#include "lib/api/api.h"
#include "lib/api/counts.h"
#include "lib/base/buf.h"
#include "lib/base/limits.h"
#include "lib/giving/partners/key.h"
#include "lib/http/http.h"

/* One request, from its first header to the last byte of its answer. */
struct call {
	const char		*id;		/* "req_" and 24 digits */
	struct request		 request;
	struct work		 work;
	struct faults		 faults;
	struct counts		*counts;	/* shared by all processes */
	struct keyring		*keyring;	/* shared by our threads */
	int64_t			 failures_a_minute;
	const struct conf	*conf;
	struct moment		 arrived;	/* by the site's clock */
	int64_t			 began_us;

	const struct route	*routes;	/* of this program */
	const struct route	*route;		/* the one that is meant */
	struct pair		 path[LIMIT_PATH_PARTS];
	size_t			 paths;
	const char		*allow;		/* methods, for a 405 */

	struct key		 key;		/* who asks … */
	const char		*presented;	/* … by which key of the set */
	const char		*timestamp, *signature;	/* … as sent */
	const struct session	*session;	/* or by which login */
	struct allowance	 allowance;	/* limit 0: not counted */
	struct ignored		 ignored;
	void			*input;		/* route->in, filled */
	void			*memory;	/* see api_memory() */

	unsigned char		 replay_names[2][32], replay_digest[32];
	size_t			 replay_count;	/* names that it has */
	bool			 replayed;

	enum err		 refusal;	/* OK: there was none */
	int64_t			 retry_s;	/* for Retry-After */
	int			 status;	/* of the answer; 0: none yet */
	struct buf		 body;
	const char		*content_type;
	const char		*location;	/* where a 303 leads */
};

/*
 * The steps of the walk; lib/api/serve.c says their order.  Each is OK, or
 * the refusal that ends the walk.
 */
enum err	route_find(struct call *);
enum err	input_whole(struct call *);
enum err	limit_stranger(struct call *);
enum err	auth_check(struct call *);
enum err	bearer_check(struct call *);	/* auth's, for people */
enum err	limit_check(struct call *);
enum err	input_read(struct call *);
enum err	replay_find(struct call *);
enum err	replay_hold(struct call *);
enum err	replay_keep(struct call *);

/* The refusal of `ends` frees what replay_hold() held. */
void		 replay_free(struct call *);

/* The methods of the browser endpoints at this path, or NULL. */
const char	*route_browser(struct call *);

/*
 * Does a partner's key ask, of whatever kind?  Only then is there a tenant
 * whose requests are counted, and whose answers are kept to be given again.
 */
bool		 route_by_key(const struct route *);

/* May this request, by its path alone, be one that uses the network? */
bool		 route_calls(struct call *);

/* Is its path that of what works before there is a site? */
bool		 route_before_books(struct call *);

/* Was it a browser's preflight?  Then it has been answered. */
bool		 cors_preflight(struct call *);

/* What a browser is told with this answer; how many headers that are. */
size_t		 cors_headers(struct call *, struct header *);

/* Count a refusal that says somebody guessed. */
void		 limit_blame(struct call *, enum err);

/* Count the answer, for the dashboards. */
void		 limit_note(struct call *);

/* a=1&b=2 into pairs, up to LIMIT_QUERY_FIELDS; faults say what is wrong. */
enum err	 input_pairs(struct call *, const char *, struct pair *,
		    size_t *count);

/* Turn a refusal into the answer of the call: problem details, RFC 9457. */
void		 problem_answer(struct call *, enum err);

/* Send the call's answer with the headers that every answer has. */
void		 reply_send(struct http *, struct call *);

#endif
