#ifndef API_GROUPS_H
#define API_GROUPS_H

#include "lib/api/api.h"

/*
 * All groups of endpoints in one program, for hosts that count processes.
 * The Makefile makes it of the very objects of cgi-bin/: in copies of them
 * main() has its group's name, and calls groups_take() instead of api_main().
 */

/* Keeps the group's routes.  Always 0. */
int	 groups_take(int argc, char **argv, const struct route *);

/* api_main() with the routes of all groups; `mains` ends with NULL. */
int	 groups_main(int argc, char **argv,
	    int (*const mains[])(int, char **));

#endif
