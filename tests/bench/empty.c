/*
 * empty: the least that a CGI program can do with the books: open them and
 * answer.  EMPTY_DATABASE names the file.  Linked statically, it is what the
 * release's start is measured against.
 */

#include <stdio.h>
#include <stdlib.h>

#include <sqlite3.h>

int
main(void)
{
	const char *path = getenv("EMPTY_DATABASE");
	sqlite3 *db = NULL;
	int failed = path == NULL || sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, "SELECT version FROM site", NULL, NULL,
	    NULL) != SQLITE_OK;

	sqlite3_close(db);
	printf("Status: %s\r\nContent-Type: application/json\r\n\r\n{}",
	    failed ? "500 Internal Server Error" : "200 OK");
	return failed;
}
