#ifndef GIVING_CHUFFED_EVENT_H
#define GIVING_CHUFFED_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/json/shape.h"

/*
 * A donation that was made elsewhere, told by the same webhook that our
 * format "chuffed" sends: {"data": {"id": 1, "donation": {…}, …}}.
 */
struct chuffed_event {
	const void	*data;
};
extern const struct shape	chuffed_event_in;

/* Is `Signature` the hex of HMAC-SHA256 over the body under this secret? */
struct chuffed_signed {
	const char	*header;
	const void	*body;
	size_t		 size;
};
bool		chuffed_event_fits(const char *secret, const void *with);

/*
 * Reward the donor: an action of the type DONATION whose key is
 * "chuffed:<id>", so that it counts once.  Nothing if there is no e-mail to
 * find the donor by.  Refusals are those of submit_action();
 * ERR_INSUFFICIENT_POOL has whoever tells try again later.
 */
enum err	chuffed_event_act(struct work *,
		    const struct chuffed_event *);

#endif
