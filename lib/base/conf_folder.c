/*
 * conf_folder: where this program lies, by which it finds its site.
 *
 * /proc has it.  Where a host shows its accounts no /proc, the kernel has told
 * us as what we were started (AT_EXECFN, getauxval(3)), which is GNU/Linux's:
 * a path, perhaps from the folder that we were started in and are still in.
 */
#undef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700	/* realpath() */
#include <sys/auxv.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/conf.h"

/* The path of this program, without symbolic links. */
static bool
find_self(char *out, size_t size)
{
	unsigned long	 at;
	char		*whole;
	ssize_t		 used;

	/* What is cut off at the end is only the program's own name. */
	used = readlink("/proc/self/exe", out, size - 1);
	if (used > 0) {
		out[used] = '\0';
		return true;
	}
	at = getauxval(AT_EXECFN);
	whole = at == 0 ? NULL : realpath((const char *)at, NULL);
	if (whole == NULL)
		return false;
	snprintf(out, size, "%s", whole);
	free(whole);

	return true;
}

bool
conf_folder(char *out, size_t size)
{
	char	*slash;

	if (!find_self(out, size))
		return false;
	for (int up = 0; up < 2; up++) {
		slash = strrchr(out, '/');
		if (slash == NULL)
			return false;
		*slash = '\0';
	}
	strcat(out, "/");

	return true;
}
