#ifndef GIVING_SHIFT_H
#define GIVING_SHIFT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/conf.h"
#include "lib/base/faults.h"
#include "lib/base/work.h"

struct turn;

/*
 * What the programs have in common that cron starts: they read their words,
 * find their site, work on it alone, and leave when they are asked to.
 */
struct shift {
	const char	*program;
	bool		 flagged;	/* its flag was said */
	int64_t		 end_us;	/* by clock_ticks_us(): leave then */
	int64_t		 budget_us;
	struct conf	 conf;
	struct faults	 faults;
	struct work	 work;		/* open, outside of a transaction */
	struct turn	*turn;		/* not taken */
};

/* Such a program, and its words. */
struct shift_program {
	const char	*name;
	const char	*about;		/* what it does, in lines */
	const char	*flag;		/* what --budget may have beside it */
	const char	*flag_about;
	int		 budget_s, budget_most_s;
	bool		(*work)(struct shift *);	/* false: it failed */
};

/*
 * From the program's first moment to its last: read its words, take signals,
 * read the configuration, set the clock, open the site and its turn, and
 * work.  What it returns is the status to leave with, which --help tells;
 * what is wrong was told to standard error, and to the log if there is one.
 */
int	shift_run(const struct shift_program *, char **argv);

/* Becomes true when SIGTERM, SIGINT or SIGHUP asks us to leave. */
const atomic_bool *shift_leaving(void);

#endif
