#ifndef GIVING_SITE_H
#define GIVING_SITE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/clock.h"

struct arena;
struct conf;
struct db;

/* The schema that this program writes and reads. */
#define SITE_VERSION 1

/*
 * Make a site's database and master key where `conf` says, from the text of
 * schema.sql.  False, with a sentence in `why`, if either exists already.
 */
bool		 site_create(const struct conf *, const char *schema,
		    struct arena *, struct moment now, char *why,
		    size_t size);

/*
 * Open them: load the master key, open the database, check that each is the
 * other's and that the version is ours, and set the id key.  NULL, with a
 * sentence for the operator in `why`.  Both keys stay those of the first
 * time in this process.  Not by two threads at once.
 */
struct db	*site_open(const struct conf *, struct arena *, char *why,
		    size_t size);

#endif
