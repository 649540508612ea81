#ifndef GIVING_DONATION_FORGET_H
#define GIVING_DONATION_FORGET_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/work.h"

/*
 * The donations of a person who is erased say nothing of them any more, nor
 * do answers that were kept of them; what was paid, and when, stays.  It is
 * w->tenant's, by the partner's id of them and their address (NULL: none),
 * and by the user who was rewarded (0: nobody).  How many there were.
 */
struct donation_donor {
	const char	*external_id, *email;
	int64_t		 user;
};
size_t	donation_forget(struct work *, const struct donation_donor *);

#endif
