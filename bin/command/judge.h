#ifndef COMMAND_JUDGE_H
#define COMMAND_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "bin/command/guess.h"
#include "lib/base/clock.h"
#include "lib/json/shape.h"

/* One thing that is wrong with a request, and what to do about it. */
struct finding {
	const char	*code, *detail;
};

/* A request that is looked at, and what was found out so far. */
struct judge {
	struct guess_request	 request;
	struct guess_options	 secrets;	/* the right one first */
	struct moment		 at;		/* when it arrived */
	bool			 at_known;	/* or is that only now? */
	bool			 right;		/* the signature is */
	int64_t			 off_s;		/* timestamp after `at` */
	struct finding		 findings[16];
	size_t			 count;
};

void	judge_add(struct judge *, const char *code, const char *detail, ...)
	    __attribute__((format(printf, 3, 4)));

/* How the signature was made: `right`, or findings that say what is wrong. */
void	judge_signature(struct judge *, const char *signature);

/* Whether the timestamp is taken at that time. */
void	judge_clock(struct judge *);

/* What a right signature is made of, for people to compare. */
const char	*judge_text(const struct judge *);

#endif
