#ifndef COMMAND_GUESS_H
#define COMMAND_GUESS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/crypto/hmac.h"

struct arena;

/* The parts of a signature; each can be got wrong in ways of its own. */
enum guess_part {
	GUESS_SET,	/* whose secret */
	GUESS_FORM,	/* how the secret was used */
	GUESS_TIME,
	GUESS_METHOD,
	GUESS_PATH,
	GUESS_QUERY,
	GUESS_BODY,	/* which bytes */
	GUESS_HASH,	/* how they went in */
	GUESS_ORDER,
	GUESS_JOIN,
	GUESS_MAC,
	GUESS_PARTS
};

/* A request as the server read it. */
struct guess_request {
	struct arena	*arena;
	const char	*timestamp, *method;
	const char	*target;	/* from its first /v1/ on */
	const char	*prefix;	/* the folder before it, or "" */
	const char	*host;		/* "shop.example:8080", or NULL */
	struct piece	 body;
	struct piece	 file;		/* what curl made the body of; or 0 */
	unsigned char	 said[SHA256_SIZE];	/* its signature */
};

/*
 * One way to come to a part.  make() gives its bytes, of the right ones and
 * of `from` and `to`; it is false where there is no such way.
 */
struct guess_way {
	const char	*code;	/* "BODY_RESPELLED"; NULL: the right way */
	const char	*says;	/* what was done, and what to do */
	bool		 shown;	/* do its bytes tell people more? */
	bool		(*make)(const struct guess_request *,
			    const struct guess_way *, struct piece right,
			    struct piece *out);
	const char	*from, *to;
};

/* A way with its bytes, in this request. */
struct guess_option {
	const struct guess_way	*way;
	struct piece		 data;
};

#define GUESS_OPTIONS 80	/* of a part; the tables are shorter */

/* All ways to come to a part, the right one first. */
struct guess_options {
	struct guess_option	rows[GUESS_OPTIONS];
	size_t			count;
};

/* More than so many mistakes at once are not looked for. */
#define GUESS_MISTAKES 3

/* How it was signed: each part's option, or NULL if that part is right. */
struct guess {
	const struct guess_option	*wrong[GUESS_PARTS];
	/* A time that was signed instead, seconds after the timestamp. */
	int				 seconds;
	bool				 other_time, in_ms;
};

/*
 * Find how the signature was made, by making it: with as few mistakes as
 * explain it, none if it is right.  `secrets` are those it might be made
 * with, the right one first.  False: none of the mistakes that we know.
 */
bool	guess_find(const struct guess_request *,
	    const struct guess_options *secrets, struct guess *);

/* Add a way, unless its bytes are those of another one that is there. */
void	guess_add(struct guess_options *, const struct guess_way *,
	    struct piece);

/* Add those of a table that there are; it ends with a row without make. */
void	guess_add_all(struct guess_options *, const struct guess_request *,
	    const struct guess_way *, struct piece right);

/* The ways of the parts, but the right one; each ends without a make. */
extern const struct guess_way	guess_parts_form[], guess_parts_time[],
				guess_parts_method[], guess_parts_hash[],
				guess_path_ways[], guess_path_query_ways[];

/* Those of the body, which are many alike. */
void	guess_body_add(struct guess_options *, const struct guess_request *);

#endif
