/*
 * deliver_pace: not more often than a receiver likes.
 *
 * Calls are spread evenly.  A loop that comes round late makes up for it, but
 * only by a fiftieth of a second's worth, and what is made up is taken off
 * the rate, so that no second has more than `max`.
 */
#include "lib/hooks/deliver_pace.h"

#define SECOND		INT64_C(1000000)
#define SLACK		50		/* parts of a second */

void
deliver_pace_ramp(struct deliver_pace *p, int64_t now_us)
{
	p->ramp_us = now_us;
}

/* So many in this second; 0: any number. */
static int64_t
rate(struct deliver_pace *p, int64_t now_us)
{
	int64_t	 seconds, ramp;

	if (p->ramp_us == 0)
		return p->max;
	seconds = (now_us - p->ramp_us) / SECOND;
	ramp = seconds < 20 ? (int64_t)PACE_FIRST << seconds : PACE_FREE;
	if (ramp >= PACE_FREE) {
		p->ramp_us = 0;
		return p->max;
	}

	return p->max > 0 && p->max < ramp ? p->max : ramp;
}

bool
deliver_pace_take(struct deliver_pace *p, int64_t now_us)
{
	int64_t	 a_second = rate(p, now_us), slack_us = 0;

	if (a_second == 0)
		return true;
	if (now_us < p->next_us)
		return false;
	if (a_second >= SLACK) {
		a_second -= (a_second + SLACK - 1) / SLACK;
		slack_us = SECOND / SLACK / 2;
	}
	if (p->next_us < now_us - slack_us)
		p->next_us = now_us - slack_us;
	p->next_us += SECOND / a_second + 1;

	return true;
}

void
deliver_pace_failed(struct deliver_pace *p, int64_t now_us)
{
	if (p->ramp_us != 0)
		p->ramp_us = now_us;
}
