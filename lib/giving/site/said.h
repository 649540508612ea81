#ifndef GIVING_SAID_H
#define GIVING_SAID_H

#include <stdint.h>

#include "lib/base/work.h"
#include "lib/json/shape.h"

/*
 * What a partner asks for under an idempotency key of its own is done once.
 * `sql` selects `id` and `digest` by the tenant and the key.  The row's
 * number, and whether what was said then had this digest (shape_digest()); 0
 * if nothing was, and *same is left as it was.
 */
int64_t		said_before(struct work *, const char *sql, const char *key,
		    int64_t digest, enum maybe *same);

#endif
