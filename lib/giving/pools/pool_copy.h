#ifndef GIVING_POOL_COPY_H
#define GIVING_POOL_COPY_H

#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"

/* Make for w->tenant the pools that tenant `from` has, each as full as all
 * that was ever allocated to the old one; what ledger_post() refuses. */
enum err	pool_copy_all(struct work *, int64_t from);

#endif
