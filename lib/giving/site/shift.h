#ifndef GIVING_SHIFT_H
#define GIVING_SHIFT_H

#include <stdatomic.h>
#include <stdbool.h>

#include "lib/base/conf.h"
#include "lib/base/faults.h"
#include "lib/base/work.h"

/*
 * What the programs have in common that cron starts: they find their site,
 * work on it alone, and leave when they are asked to.
 */
struct shift {
	const char	*program;
	struct conf	 conf;
	struct faults	 faults;
	struct work	 work;		/* open, outside of a transaction */
};

/*
 * Take signals, read the configuration, set the clock, open the site.  False:
 * it was told to standard error, and to the log if there is one.
 */
bool	shift_open(struct shift *, const char *program);
void	shift_close(struct shift *);

/* Its file beside the database cannot be made (errno): tell that. */
void	shift_lockless(const struct shift *);

/* Becomes true when SIGTERM, SIGINT or SIGHUP asks us to leave. */
const atomic_bool *shift_leaving(void);

#endif
