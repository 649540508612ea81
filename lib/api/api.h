#ifndef API_API_H
#define API_API_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/json/shape.h"

struct call;

/* What an endpoint asks of its caller before anything else. */
enum access {
	ACCESS_WIDGET = 1,	/* a publishable key; browsers; CORS */
	ACCESS_SIGNED,		/* any key, and a signature */
	ACCESS_SECRET,		/* a secret key, and a signature */
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

/* What this request's body says, in any spelling: see shape_digest(). */
int64_t		 api_digest(struct call *, const void *in);

/*
 * Answer with `out`, written by `shape`.  It is sent if, and only if, the
 * transaction is on disk.  Always OK, so that a handler can end with it.
 */
enum err	 api_reply(struct call *, int status, const struct shape *,
		    const void *out);

/* The same where there is nothing to say: 204. */
enum err	 api_done(struct call *);

#endif
