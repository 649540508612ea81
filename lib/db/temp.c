/*
 * temp: where SQLite has its temporary files.
 *
 * It looks for a folder in the order of
 * https://www.sqlite.org/tempfiles.html, and where there is none that may be
 * written a statement fails that needs one, on a host that has neither /tmp
 * nor a working directory for us.  The folder of the books can be written, or
 * nothing would work.
 */
#include <sys/stat.h>

#include <libgen.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "lib/db/temp.h"

static bool
fits(const char *folder)
{
	struct stat	 st;

	return folder != NULL && stat(folder, &st) == 0 &&
	    S_ISDIR(st.st_mode) && access(folder, W_OK | X_OK) == 0;
}

void
temp_choose(const char *path)
{
	static pthread_mutex_t	 one = PTHREAD_MUTEX_INITIALIZER;
	static bool		 chosen;
	char			*copy;

	(void)pthread_mutex_lock(&one);
	if (!chosen && !fits(getenv("SQLITE_TMPDIR")) &&
	    !fits(getenv("TMPDIR")) && !fits("/var/tmp") &&
	    !fits("/usr/tmp") && !fits("/tmp") &&
	    (copy = strdup(path)) != NULL) {
		sqlite3_temp_directory = sqlite3_mprintf("%s", dirname(copy));
		free(copy);
	}
	chosen = true;
	(void)pthread_mutex_unlock(&one);
}
