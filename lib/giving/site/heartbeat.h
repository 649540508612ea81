#ifndef GIVING_HEARTBEAT_H
#define GIVING_HEARTBEAT_H

#include "lib/base/work.h"

/*
 * When the programs that cron starts last ran, so that a site whose cron is
 * gone can be told so.  Each writes in a transaction of its own; one that
 * fails is no harm.  `program` is "deliver" or "housekeep".
 */
void	heartbeat_begin(struct work *, const char *program);
void	heartbeat_end(struct work *, const char *program);

/* When it last began, by the site's clock; 0: it never did. */
struct moment	heartbeat_last(struct work *, const char *program);

#endif
