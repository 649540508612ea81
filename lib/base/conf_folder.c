/*
 * conf_folder: where this program lies, by which it finds its site.
 */
#include <string.h>
#include <unistd.h>

#include "lib/base/conf.h"

bool
conf_folder(char *out, size_t size)
{
	char	*slash;
	ssize_t	 used;

	/* What is cut off at the end is only the program's own name. */
	used = readlink("/proc/self/exe", out, size - 1);
	if (used <= 0)
		return false;
	out[used] = '\0';
	for (int up = 0; up < 2; up++) {
		slash = strrchr(out, '/');
		if (slash == NULL)
			return false;
		*slash = '\0';
	}
	strcat(out, "/");

	return true;
}
