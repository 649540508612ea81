#ifndef GIVING_SITE_H
#define GIVING_SITE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/clock.h"

struct arena;
struct conf;
struct db;
struct work;

/*
 * The schema that this program writes and reads, and the oldest that it can
 * live with.  A database has its version, too, and the oldest program that
 * can live with it.  A program opens a database if neither is too old for the
 * other: so a schema that only gains something may be brought in under
 * running programs, and these be replaced afterwards.  See migration.h.
 */
#define SITE_VERSION	1
#define SITE_OLDEST	1

/*
 * What a new site holds from its first moment: it is called in the
 * transaction that makes the database.  False, with w->detail if it knows
 * why, and there is no site.
 */
struct site_first {
	bool	(*fill)(struct work *, void *with);	/* NULL: nothing */
	void	*with;
};

/*
 * Make a site's database and master key where `conf` says, from the text of
 * schema.sql.  The work has its memory, its faults and its moment, and no
 * database.  False, with a sentence in `why`, if either exists already or it
 * cannot be filled: then it left neither.  Not by two threads at once, nor in
 * a process that has opened a site.
 */
bool		 site_create(const struct conf *, const char *schema,
		    struct work *, const struct site_first *, char *why,
		    size_t size);

/*
 * Open them: load the master key, open the database, check that each is the
 * other's and that the version is ours, and set the id key.  NULL, with a
 * sentence for the operator in `why`.  Both keys stay those of the first
 * time in this process.  Not by two threads at once.
 */
struct db	*site_open(const struct conf *, struct arena *, char *why,
		    size_t size);

/*
 * The same for a copy of its database, which is only read: does it belong to
 * this site, and is it whole and of a version of ours?
 */
struct db	*site_look(const struct conf *, const char *database,
		    struct arena *, char *why, size_t size);

#endif
