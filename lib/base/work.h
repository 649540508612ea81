#ifndef BASE_WORK_H
#define BASE_WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/clock.h"
#include "lib/base/faults.h"

struct arena;
struct db;
struct shred;

/* There was less than it took. */
struct shortage {
	int64_t	available, needed;
};

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
	/* A refusal may say more than its code: "7 left, 50 needed" … */
	const char	*detail;
	/* Texts that are to vanish from the disk: see db_scrub(). */
	const struct shred *shreds;
	/* Traces of them that may be left: see lib/giving/site/trace.h. */
	int64_t		 trace;
	/* What is remembered of keys is no longer true. */
	bool		 keys_changed;
	/* Deliveries were queued: somebody has to be told. */
	bool		 told;
	/* … and the numbers, if that was it. */
	const struct shortage *shortage;
};

#endif
