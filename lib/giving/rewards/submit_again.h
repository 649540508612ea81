#ifndef GIVING_SUBMIT_AGAIN_H
#define GIVING_SUBMIT_AGAIN_H

#include "lib/giving/rewards/submit.h"

/*
 * For submit.c: was an action of this idempotency key submitted before?  Then
 * *out is the first answer, as it was given then, and says whether `digest`
 * is that of the first submission.
 */
bool	submit_again(struct work *, const struct submit *, int64_t digest,
	    struct action *out);

#endif
