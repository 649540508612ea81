#ifndef GIVING_BULK_H
#define GIVING_BULK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/rewards/submit.h"
#include "lib/json/shape.h"

/* Many submissions in one transaction, one after another. */
struct bulk {
	struct list	 actions;	/* of struct item of struct submit */
	bool		 atomic;	/* all of them, or none */
};

/* What became of one: its action, or why not. */
struct bulk_result {
	int64_t		 index;
	const char	*status;	/* COMPLETED, DUPLICATE or FAILED */
	const char	*action, *key;
	struct tokens	 tokens;
	enum maybe	 body_matches;	/* of a duplicate */
	enum err	 refusal;	/* of a failed one … */
	const char	*detail;	/* … what it said beside its code … */
	const struct shortage *shortage;
	struct faults	 faults;	/* … and which fields were wrong */
};

struct bulk_summary {
	int64_t		 submitted, completed, duplicates, failed;
	struct tokens	 distributed;
};

struct bulk_outcome {
	struct bulk_result	*results;	/* as many as were submitted */
	struct bulk_summary	 summary;
};

/*
 * Submit them in order; a bad one fails alone.  `shape` is that of a
 * submission, for its digest.  Refuses only when atomic: with the first bad
 * one's refusal, its faults and detail in the work, and nothing was done.
 */
enum err	bulk_submit(struct work *, const struct bulk *,
		    const struct shape *, struct bulk_outcome *);

#endif
