#ifndef HOOKS_DELIVER_PACE_H
#define HOOKS_DELIVER_PACE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How fast one webhook may be called.  `max` is what its partner allows in
 * any one second, 0 for no end.  While a webhook is catching up with what is
 * long overdue, it gets PACE_FIRST in the first second and twice as many in
 * each one after it, as long as it answers; a failure begins that anew.
 *
 * Times are in microseconds of clock_ticks_us().  Zeros are a pace that is
 * free.
 */
#define PACE_FIRST	10
#define PACE_FREE	10000		/* so fast needs no spreading out */

struct deliver_pace {
	int64_t	max;
	int64_t	ramp_us;	/* catching up since; 0: it is not */
	int64_t	next_us;
};

/* It has much that is overdue: begin slowly. */
void	deliver_pace_ramp(struct deliver_pace *, int64_t now_us);

/* May one be sent now?  Then it counts as sent. */
bool	deliver_pace_take(struct deliver_pace *, int64_t now_us);

/* One failed. */
void	deliver_pace_failed(struct deliver_pace *, int64_t now_us);

#endif
