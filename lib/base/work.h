#ifndef BASE_WORK_H
#define BASE_WORK_H

#include <stdint.h>

#include "lib/base/clock.h"
#include "lib/base/faults.h"

struct arena;
struct db;

/*
 * What a piece of work is done with: its memory, the open transaction,
 * whose books they are, what time it is, and where to say which field was
 * wrong.  Everything above lib/db takes one; nobody below makes one.
 */
struct work {
	struct arena	*arena;
	struct db	*db;
	struct faults	*faults;
	int64_t		 tenant;
	struct moment	 now;
	/* A refusal may say more than its code: "7 left, 50 needed". */
	const char	*detail;
};

#endif
