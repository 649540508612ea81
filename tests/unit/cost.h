#ifndef UNIT_COST_H
#define UNIT_COST_H

#include <sqlite3.h>

#include "lib/db/handle.h"

/*
 * What reading has cost the books since this was last asked: steps of SQLite's
 * machine and pages looked at.  They are counted, so no clock decides a test.
 * Include tests/unit/books.h first.
 */
static inline int64_t
cost_spent(void)
{
	struct sqlite3	*sql = books.db->sql;
	sqlite3_stmt	*stmt = NULL;
	int64_t		 sum = 0;
	int		 hits, misses, highest;

	while ((stmt = sqlite3_next_stmt(sql, stmt)) != NULL)
		sum += sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_VM_STEP,
		    1);
	sqlite3_db_status(sql, SQLITE_DBSTATUS_CACHE_HIT, &hits, &highest, 1);
	sqlite3_db_status(sql, SQLITE_DBSTATUS_CACHE_MISS, &misses, &highest,
	    1);
	return sum + hits + misses;
}

#endif
