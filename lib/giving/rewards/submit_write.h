#ifndef GIVING_SUBMIT_WRITE_H
#define GIVING_SUBMIT_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/work.h"
#include "lib/giving/rewards/submit.h"

/* For submit: what stands beside an action's own row.  Metadata if any. */
void	submit_write_metadata(struct work *, const struct submit *,
	    int64_t action);
void	submit_write_share(struct work *, int64_t action, size_t place,
	    const struct share *);

#endif
