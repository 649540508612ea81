#ifndef GIVING_REDEMPTION_H
#define GIVING_REDEMPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/json/shape.h"

/* A redemption is a user spending tokens. */
struct redeem {
	const char	*user;		/* as it stands in the address */
	struct tokens	 tokens;
	const char	*key;
	const char	*reason;
};

struct redemption {
	const char	*id, *key, *transaction, *external_id;
	const char	*type;		/* when it is told: REDEMPTION */
	struct tokens	 tokens, available;
	struct moment	 created_at;
	const char	*code;		/* as in struct action */
	enum maybe	 body_matches;
};

/*
 * ERR_IDEMPOTENT, and *out is the first answer; ERR_NOT_FOUND;
 * ERR_INSUFFICIENT_BALANCE.
 */
enum err	redemption_make(struct work *, const struct redeem *,
		    int64_t digest, struct redemption *out);

/* By our own number, as it was said then; false if there is none. */
bool		redemption_numbered(struct work *, int64_t number,
		    struct redemption *);

extern const struct shape	redemption_out;	/* struct redemption */

#endif
