#ifndef COMMAND_SUSPECTS_H
#define COMMAND_SUSPECTS_H

#include <stdbool.h>

#include "bin/command/judge.h"

struct cli;

/*
 * Fill the judge's secrets: from the files of --credentials and --other, or
 * from the site's books.  `key` is what X-Partner-Key said; NULL, with files,
 * for that of --credentials.  False, with a finding, if nobody knows it.
 */
bool	suspects_from_files(struct cli *, struct judge *, const char *key);
bool	suspects_from_books(struct cli *, struct judge *, const char *key);

#endif
