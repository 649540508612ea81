/*
 * groups: the routes of all groups, in one table.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/api/groups.h"

/* Grown by groups_main() alone, before there are threads. */
static struct route	*all;
static size_t		 count;

int
groups_take(int argc, char **argv, const struct route *routes)
{
	size_t	 more = 0;

	(void)argc;
	(void)argv;
	while (routes[more].method != NULL)
		more++;
	all = realloc(all, (count + more + 1) * sizeof(*all));
	if (all == NULL)
		abort();
	/* With the row that ends them. */
	memcpy(all + count, routes, (more + 1) * sizeof(*all));
	count += more;

	return 0;
}

int
groups_main(int argc, char **argv, int (*const mains[])(int, char **))
{
	int	 status;

	for (size_t i = 0; mains[i] != NULL; i++)
		(void)mains[i](argc, argv);
	status = api_main(argc, argv, all);
	free(all);

	return status;
}
