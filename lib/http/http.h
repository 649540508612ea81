#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct http;

/*
 * One request at a time from the web server: by FastCGI, or as a CGI program
 * with the request in the environment and the body on standard input.  All
 * text lives until http_finish(), and what was made of it, which is prefix,
 * path and body, in the arena given to http_next().
 */
enum http_body {
	HTTP_BODY_GOOD,
	HTTP_BODY_SHORT,	/* ended before CONTENT_LENGTH bytes, or that
				   is not a number */
	HTTP_BODY_LARGE,	/* over LIMIT_BODY */
};

struct request {
	struct arena	*arena;
	const char	*method;	/* as sent: "GET", "HEAD", … */
	const char	*target;	/* REQUEST_URI from its first /v1/ on,
					   query and all; NULL without one,
					   or if over LIMIT_TARGET */
	const char	*prefix;	/* what stood before it: "", "/give" */
	const char	*path;		/* target up to the ?, still encoded;
					   NULL if target is */
	const char	*query;		/* what follows the ?, or NULL */
	const char	*address;	/* REMOTE_ADDR */
	bool		 secure;	/* it came by https */
	const char	*content_type;	/* "" if none */
	enum http_body	 body_state;
	const char	*body;		/* raw bytes and a NUL */
	size_t		 body_size;
	char *const	*env;		/* for http_header() */
};

/*
 * The server's side of a connection; one for each thread.  The first is to
 * be opened before other threads are started: it prepares the process (file
 * modes, SIGPIPE and SIGXFSZ ignored) and blocks SIGTERM, SIGUSR1 and
 * SIGALRM, which all threads must have blocked; http_next() alone lets them
 * in.  A program that is started from here has to unblock them.
 */
struct http	*http_open(void);
void		 http_close(struct http *);

/*
 * Wait for the next request and read all of it.  False: no more will come
 * (SIGTERM between requests, the listening socket closed, or a CGI
 * program's one request is done); leave then.
 */
bool		 http_next(struct http *, struct arena *, struct request *);

/*
 * A header's value by its name as people write it ("X-Partner-Key"), or
 * NULL, also if it is over LIMIT_HEADER.  `times`, if not NULL, is how often
 * the server passed it on.
 * Values are never taken for configuration: any client may send them.
 */
const char	*http_header(const struct request *, const char *name,
		    int *times);

struct header {
	const char	*name, *value;
};

/*
 * Send the answer: a Status line, the headers, Content-Length, the body.
 * `content_type` NULL sends none.  For HEAD the body is left out, and for
 * 204 and 304 there is none.  A header whose value has a line's end in it is
 * not sent.  After it http_finish() hands the connection back; only then is
 * the client served.
 */
void		 http_send(struct http *, const struct request *, int status,
		    const struct header *, size_t headers,
		    const char *content_type, const void *body, size_t size);
void		 http_finish(struct http *);

/* Was this process started for one request, as plain CGI? */
bool		 http_is_cgi(void);

#endif
