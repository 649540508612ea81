#ifndef API_API_H
#define API_API_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/api/counts.h"
#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/json/shape.h"

struct call;
struct conf;
struct session;

/* What an endpoint asks of its caller before anything else. */
enum access {
	ACCESS_WIDGET = 1,	/* a publishable key; browsers; CORS */
	ACCESS_SIGNED,		/* any key, and a signature */
	ACCESS_SECRET,		/* a secret key, and a signature */
	/*
	 * Anybody: `does` finds out who it is, by a signature over
	 * api_body() or by what only one can know, and says so with
	 * api_tenant().  It is the whole of the site's books until then.
	 */
	ACCESS_OPEN,
	ACCESS_SESSION,		/* a person's access token: api_session() */
};

/*
 * One endpoint.  {name} in the path stands for one segment.  A GET reads in
 * a transaction of its own; every other method writes in one.
 */
struct route {
	const char		*method, *path;
	enum access		 access;
	const char		*scope;
	const struct shape	*in, *out;
	enum err		(*does)(struct call *, const void *in);
	/*
	 * Where somebody else must be asked first: `does` says nothing yet,
	 * and once what it wrote is on disk, `calls` may use the network,
	 * outside of any transaction and for less than LIMIT_CALL_S.  Then
	 * `ends` answers, in a second transaction.  What they have to tell
	 * each other is in api_memory().
	 */
	void			(*calls)(struct call *, const void *in);
	enum err		(*ends)(struct call *, const void *in);
	/* Its answer shows a secret: what is kept of it is sealed. */
	bool			 secret_answer;
	/*
	 * For people: a page that is asked for and sent by a plain HTML form,
	 * whose fields are read as QUERY ones, as is a publishable key in
	 * `key`.  What is refused is told by a page, too; by `again`, if
	 * api_memory() has been used by then, so that a form can be shown
	 * again with what was typed: outside of any transaction.
	 */
	bool			 page;
	void			(*again)(struct call *, const void *in,
				    const char *why);
	/*
	 * It works where there is no site yet: without configuration, counts
	 * or database, and in no transaction.  ACCESS_OPEN.
	 */
	bool			 before_books;
	/* How it asks who you are (WWW-Authenticate), if not as others do. */
	const char		*challenge;
	/* Its body has an idempotency key of its own, kept for ever. */
	bool			 keyed;
	int			 success;	/* its status; 0: 200 */
	/* What `does` may return, beside what every request may meet. */
	const enum err		*refuses;
	const char		*name;		/* "submitAction", for tools */
	const char		*about;		/* one line for the manual */
};

#define REFUSES(...) (const enum err[]){ __VA_ARGS__, OK }

/*
 * Answer requests until the web server is done with us; main() returns what
 * this returns.  The routes end with a NULL method.  Told `--openapi FOLDER`
 * on a command line it prints its part of the OpenAPI document instead, with
 * the examples of that folder: see openapi.h.
 */
int		 api_main(int argc, char **argv, const struct route *);
int		 api_serve(const struct route *);

/* What a handler works with, until it returns. */
struct work	*api_work(struct call *);

/* `size` bytes of the call's own, zeros at first; always the same ones. */
void		*api_memory(struct call *, size_t size);

/* What this request's body says, in any spelling: see shape_digest(). */
int64_t		 api_digest(struct call *, const void *in);

/*
 * Answer with `out`, written by `shape`.  It is sent if, and only if, the
 * transaction is on disk.  Always OK, so that a handler can end with it.
 */
enum err	 api_reply(struct call *, int status, const struct shape *,
		    const void *out);

/*
 * The raw body, a header and a {name} of the path (NULL without one), and
 * where this site is for its caller ("https://give.example/almoner"), as the
 * configuration says or else as it was called.
 */
const char	*api_body(struct call *, size_t *size);
const char	*api_header(struct call *, const char *name);
const char	*api_path(struct call *, const char *name);
const char	*api_site(struct call *);

/* The address that the request came from. */
const char	*api_address(struct call *);

/* The site's configuration, and is it a live key that asks? */
const struct conf *api_conf(struct call *);
bool		 api_live(struct call *);

/*
 * How this request stands against its limit; and what the caller's tenant was
 * counted for since that was last written down (lib/giving/site/usage.h).
 */
struct allowance api_allowance(struct call *);
void		 api_counted(struct call *,
		    void (*)(void *, const struct count *), void *);

/* Who asks with an access token. */
const struct session *api_session(struct call *);

/*
 * One more guess of that e-mail address's password, from this address: is it
 * one too many?  Then the answer says when to come again.  One that turned
 * out to be right was no guess: it is taken back.
 */
bool		 api_guess(struct call *, const char *email);
void		 api_guess_back(struct call *, const char *email);

/* A refusal of later says to come again in so many seconds. */
void		 api_retry(struct call *, int64_t s);

/* The key as it was presented: a publishable one may be shown again. */
const char	*api_key(struct call *);

/* The answer of who was found out to be asked: from now on in its time. */
void		 api_tenant(struct call *, int64_t tenant, int64_t ahead_ms);

/*
 * Read the body of an ACCESS_OPEN endpoint, once it is known to be genuine:
 * OK, ERR_MALFORMED_JSON, or ERR_INVALID_REQUEST with faults.
 */
enum err	 api_read(struct call *, const struct shape *, void *out);

/*
 * Answer with a whole page of HTML (status 0: that of the refusal at hand),
 * or send a browser elsewhere: 303.
 */
enum err	 api_page(struct call *, int status, const char *html);
enum err	 api_redirect(struct call *, const char *url);

/* The same as api_reply() where there is nothing to say: 204. */
enum err	 api_done(struct call *);

#endif
