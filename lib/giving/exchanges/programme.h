#ifndef GIVING_PROGRAMME_H
#define GIVING_PROGRAMME_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/json/shape.h"

/*
 * A programme is somebody else's loyalty points, which a partner's users may
 * have in exchange for tokens: for each `tokens` of theirs, `points` there.
 * Both are whole, and so is what comes of them; nothing is ever rounded.
 */
struct programme {
	const char	*code;		/* by which requests name it */
	const char	*name;
	const char	*token_name;	/* what its points are called … */
	const char	*token_symbol;	/* … and in short */
	struct tokens	 tokens;
	int64_t		 points;
	const char	*status;	/* one of programme_statuses */
	struct moment	 created_at;
};

/* "ACTIVE", "INACTIVE"; NULL at the end. */
extern const char *const	programme_statuses[];
extern const struct shape	programme_out;	/* struct programme */

/* ERR_PROGRAMME_NOT_FOUND, ERR_PROGRAMME_INACTIVE; *p is read in both. */
enum err	programme_find(struct work *, const char *code,
		    struct programme *p);

/*
 * How many points so many tokens are.  ERR_INVALID_REQUEST with a fault at
 * /tokens if that is not a whole number, or more than LIMIT_TOKENS.
 */
enum err	programme_worth(struct work *, const struct programme *,
		    struct tokens, int64_t *points);

/* Make it known, or let it be so from now on. */
void		programme_set(struct work *, const struct programme *);

/* False if there is none.  What was exchanged with it stays. */
bool		programme_remove(struct work *, const char *code);

/* All of w->tenant's, by their codes. */
void		programme_list(struct work *, struct list *of_programmes);

#endif
