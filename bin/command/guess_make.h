#ifndef COMMAND_GUESS_MAKE_H
#define COMMAND_GUESS_MAKE_H

#include "bin/command/guess.h"

/*
 * How the bytes of a way are made of the right ones, with the way's `from`
 * and `to`.  Each is false where there is no such way.
 */
#define GUESS_MAKE(name) bool name(const struct guess_request *, \
	const struct guess_way *, struct piece right, struct piece *out)

GUESS_MAKE(guess_make_text);		/* `to`, whatever is right */
GUESS_MAKE(guess_make_around);		/* `from`, right, `to` */
GUESS_MAKE(guess_make_behind);		/* right without `from` before it */
GUESS_MAKE(guess_make_replaced);	/* every `from` is a `to` */
GUESS_MAKE(guess_make_case);		/* letters `from` to `to` turned */

/* A copy with a NUL behind it. */
char	*guess_make_copy(const struct guess_request *, struct piece);

/* A text as what was made; true. */
bool	guess_make_say(struct piece *, const char *);

#endif
