#ifndef GIVING_INBOUND_H
#define GIVING_INBOUND_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/donations/donation.h"
#include "lib/json/shape.h"

/*
 * What other platforms tell us of what happened there, in formats of theirs.
 * Each side of a partner may have one secret for each format, which proves
 * that a message is genuine and says whose it is.
 */
enum inbound_format {		/* numbers of inbound_secrets.format */
	INBOUND_CHUFFED = 1,	/* donations; the key of their signature */
	INBOUND_POINTS,		/* points; "user:password" */
};

/* "chuffed", "points"; NULL at the end. */
extern const char *const	inbound_words[];

/* By its word; 0 for none. */
enum inbound_format	inbound_format(const char *word);

struct inbound {
	const char	*format, *path;	/* where it is told: "/v1/inbound/…" */
	const char	*secret;	/* only of a new one */
	const char	*token_symbol;	/* of points; NULL: any */
	struct moment	 created_at;
};
extern const struct shape	inbound_out;	/* struct inbound */

/*
 * From now on this is the secret of w->tenant for the format; NULL: a new
 * random one.  ERR_INVALID_REQUEST with a fault at /secret if it is too short
 * or too long, is no "user:password" where it has to be, or is another
 * side's.
 */
enum err	inbound_set(struct work *, enum inbound_format,
		    const char *secret, struct inbound *);

/*
 * Points that come in for w->tenant are called so, in short; NULL: whatever.
 * False if it has no secret for points.
 */
bool		inbound_set_token(struct work *, const char *symbol);

/* Is it so that points for w->tenant are called? */
bool		inbound_takes_token(struct work *, const char *symbol);

/* False if there was none. */
bool		inbound_remove(struct work *, enum inbound_format);

/* Those of w->tenant; no secret is in it. */
void		inbound_list(struct work *, struct list *of_inbound);

/* For a sandbox that begins again: w->tenant has those of tenant `from`. */
void		inbound_move_all(struct work *, int64_t from);

/*
 * Whose secret fits?  Every one of the format is tried, so that the time
 * tells nothing.  ERR_INVALID_SIGNATURE if none does;
 * ERR_PARTNER_SUSPENDED, ERR_PARTNER_NOT_APPROVED.
 */
struct inbound_proof {
	bool		(*fits)(const char *secret, const void *with);
	const void	*with;
};
enum err	inbound_find(struct work *, enum inbound_format,
		    const struct inbound_proof *, struct donation_side *);

#endif
