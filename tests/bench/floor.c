/*
 * floor: the least that a CGI program with a durable write can do.  It opens
 * the ledger, commits one row and answers: what is left above it is ours.
 * FLOOR_DATABASE names the file.  It is linked with the libraries that our
 * programs are linked with.
 */

#include <stdio.h>
#include <stdlib.h>

#include <sqlite3.h>

/* A stored answer of nobody's, which no audit looks at. */
static const char row[] =
	"INSERT INTO replays (tenant, name, digest, status, body, expires_at)"
	" VALUES (0, randomblob(32), zeroblob(32), 200, x'', 0)";

int
main(void)
{
	const char *path = getenv("FLOOR_DATABASE");
	sqlite3 *db;
	int failed = path == NULL || sqlite3_open(path, &db) != SQLITE_OK;

	if (!failed) {
		sqlite3_busy_timeout(db, 10000);
		failed = sqlite3_exec(db, row, NULL, NULL, NULL) != SQLITE_OK;
		sqlite3_close(db);
	}
	printf("Status: %s\r\nContent-Type: application/json\r\n\r\n{}",
	    failed ? "500 Internal Server Error" : "200 OK");
	return 0;
}
