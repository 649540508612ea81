#ifndef LEDGER_HOURS_H
#define LEDGER_HOURS_H

#include <stdint.h>

#include "lib/base/work.h"

/*
 * How the numbers of a list lie in time: the table `hours` of schema.sql,
 * which has a row for each hour in which a list grew.  Whoever numbers a row
 * of such a list asks here, so that the rows are there to be looked up.
 */
enum hours_list {
	HOURS_ACTIONS = 1,
	HOURS_TRANSACTIONS,
	HOURS_USERS,
	HOURS_EVENTS,
};

/*
 * The number of the row that is now added to a list: one more than that of
 * the last, or 1.  `sql` finds of a tenant the `number` of the last row and
 * when it was made, `created_at`.
 */
int64_t	hours_next(struct work *, enum hours_list, const char *sql);

/* The same for who knows when the last row was made and what is next. */
void	hours_add(struct work *, enum hours_list, int64_t number,
	    struct moment last);

#endif
