#ifndef DB_TEMP_H
#define DB_TEMP_H

/*
 * Before the first connection of the process, to the database `path`: if the
 * host has no folder for temporary files that we may write, have SQLite make
 * them in that of the database.  Later calls do nothing.
 */
void	 temp_choose(const char *path);

#endif
