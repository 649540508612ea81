#ifndef NET_NET_H
#define NET_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct net;

/*
 * Requests to addresses that somebody else gave us.  Any number run at once;
 * connections are kept and used again.  A name is resolved once for each
 * connection, refused if any of its addresses is one of ours or nobody's
 * (see net_address.h), and only an address that was looked at is connected
 * to.  No redirect is followed, no proxy is asked, and certificates are
 * verified.
 */
struct net_rules {
	/* 127.0.0.0/8 and ::1 may be called: by http:// too, at any port. */
	bool		 loopback_http;
	/* Any address, by http:// too, at any port: for the operator's own
	 * URLs, never for one that somebody else gave us. */
	bool		 anywhere;
	const char	*ca_file;	/* NULL: the system's bundle */
	const char	*ports;		/* "443 8443"; NULL: 443 alone */
	size_t		 connections;	/* kept open at most */
};

/*
 * Of headers with one name the first is sent and the others are not, so what
 * must not be replaced goes first.  Content-Type is application/json and
 * User-Agent is ours, unless they are among them.
 */
struct net_header {
	const char	*name, *value;
};

/* One request.  All that it points at stays as it is until it has ended. */
struct net_wish {
	const char		*method;	/* "POST" */
	const char		*url;
	const struct net_header	*headers;
	size_t			 header_count;
	const void		*body;
	size_t			 size;
	int64_t			 timeout_ms;	/* of the whole of it */
	size_t			 keep;		/* bytes of the answer */
	void			*with;		/* comes back */
};

/* What became of it; as numbers in the database, so never renumbered. */
enum net_outcome {
	NET_ANSWERED = 1,	/* with whatever status */
	NET_NO_NAME,		/* the name does not exist */
	NET_NO_DNS,		/* nobody could be asked: our own fault */
	NET_FORBIDDEN,		/* an address that may not be called */
	NET_NO_CONNECTION,	/* refused, unreachable */
	NET_TLS,		/* certificate or handshake */
	NET_TIMEOUT,
	NET_RESET,		/* broken off before the answer was whole */
	NET_GARBAGE,		/* what came was not HTTP */
	NET_TOO_LARGE,		/* over LIMIT_ANSWER bytes: we hung up.  An
				   answer's status still counts: see status */
	NET_FAILED,		/* anything else of ours: out of memory … */
};

struct net_answer {
	enum net_outcome outcome;
	int		 status;	/* 0 if no whole head came */
	int64_t		 duration_ms;
	int64_t		 retry_after_s;	/* by Retry-After; -1 without one */
	int64_t		 date_s;	/* unix seconds by Date; -1 without */
	const char	*body;		/* its first bytes and a NUL … */
	size_t		 size;		/* … this many */
	char		 why[128];	/* a sentence for who owns the URL */
	void		*with;
};

/*
 * One for a thread; the first is opened before there are others, and has the
 * process ignore SIGPIPE.  The rules are copied, but not the texts they point
 * at.  NULL if there is no memory or descriptor left.
 */
struct net	*net_open(const struct net_rules *);
void		 net_close(struct net *);	/* what runs is broken off */

void		 net_start(struct net *, const struct net_wish *);
size_t		 net_running(const struct net *);

/*
 * The next request that has ended.  Waits for one at most `wait_ms`; false if
 * none did.  What *out points at holds until the next call.
 */
bool		 net_next(struct net *, int wait_ms, struct net_answer *out);

/* The word of an outcome: "timeout"; NULL for none. */
const char	*net_word(enum net_outcome);

/*
 * May such a URL be called?  Its spelling (https, a host, no user name, a
 * port that is allowed, no control characters, LIMIT_URL), and the address if
 * it is written as a number.  False with a sentence in `why`.  Asks no name
 * server.
 */
bool		 net_url(const struct net_rules *, const char *url,
		    char *why, size_t size);

/* The same, and all addresses of its name are looked at: takes time. */
bool		 net_url_resolved(const struct net_rules *, const char *url,
		    char *why, size_t size);

/*
 * May the owner of a URL have us send such a header?  Not those that frame a
 * request or are always ours, and nothing that could end a line.  False with
 * a sentence in `why`.
 */
bool		 net_header_ok(const struct net_header *, char *why,
		    size_t size);

#endif
