#ifndef API_PROBLEM_H
#define API_PROBLEM_H

#include "lib/base/err.h"
#include "lib/base/faults.h"
#include "lib/json/shape.h"

/* What a refusal is called outside. */
struct problem {
	int		 status;
	const char	*code;		/* stable */
	const char	*title;		/* for people */
	const char	*detail;	/* where the call has none of its own */
};

extern const struct shape	 problem_out;
extern const struct shape	 problem_fault_out;	/* struct fault */

/* Faults as a list that a shape can write: of struct fault. */
struct list			 problem_faults(struct arena *,
				    const struct faults *);

/* What there was too little of; both stay as they are if of nothing. */
void				 problem_shortage(const struct shortage *,
				    struct decimal *available,
				    struct decimal *needed);

const struct problem		*problem_row(enum err);

#endif
