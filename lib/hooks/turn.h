#ifndef HOOKS_TURN_H
#define HOOKS_TURN_H

#include <stdbool.h>

#include "lib/base/clock.h"

/*
 * Whose turn it is to deliver: one run at a time for a site.  Beside the
 * database lies `<database>.deliver`; whoever runs holds flock(2) on it, which
 * ends with its process however that ends, and whoever comes meanwhile leaves
 * word in it: a number that all processes share in memory.  Whatever else is
 * done by one at a time has a file of its own, and leaves no word.
 *
 * Nothing is overlooked.  Who has work to tell of leaves word first and looks
 * second whether somebody runs; who runs lets go first and looks for word
 * second.
 */
struct turn;

/*
 * Of the program "deliver", say.  NULL, with errno, if the file cannot be
 * made.  Any thread may use one, but what is taken is taken by all that share
 * it.
 */
struct turn	*turn_open(const char *database, const char *program);
void		 turn_close(struct turn *);

/* Leave word: there is something to deliver.  It is committed. */
void		 turn_tell(struct turn *);

/* Has somebody left word since the last time this was asked? */
bool		 turn_told(struct turn *);

/*
 * Take it, waiting no longer than who only looks whether somebody runs may
 * hold it: some milliseconds.  False: somebody has it.
 */
bool		 turn_take_soon(struct turn *);

/* Take it without waiting.  False: somebody has it. */
bool		 turn_take(struct turn *);
void		 turn_drop(struct turn *);

/* When the last run ended, by the site's clock; 0: nobody knows. */
struct moment	 turn_last(struct turn *);
void		 turn_ended(struct turn *, struct moment);

#endif
