#ifndef API_PROBLEM_H
#define API_PROBLEM_H

#include "lib/base/err.h"
#include "lib/json/shape.h"

/* What a refusal is called outside. */
struct problem {
	int		 status;
	const char	*code;		/* stable */
	const char	*title;		/* for people */
	const char	*detail;	/* where the call has none of its own */
};

extern const struct shape	 problem_out;

const struct problem		*problem_row(enum err);

#endif
