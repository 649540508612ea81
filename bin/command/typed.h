#ifndef COMMAND_TYPED_H
#define COMMAND_TYPED_H

#include <stdbool.h>

struct cli;

/* Is there somebody at standard input who can be asked?  Not with --json. */
bool		 typed_by_somebody(const struct cli *);

/*
 * What is typed after a question, without its line's end; NULL if nothing is,
 * or if nobody is there.
 */
const char	*typed_line(struct cli *, const char *question);

/*
 * A new password for `email`: the first line of standard input if
 * --password-stdin was said; else typed twice, unseen, if somebody is there,
 * until both are alike; else NULL: nobody says one.  What does not do ends
 * the program, or is asked for again.
 */
const char	*typed_password(struct cli *, const char *email);

/* Rows of the option that goes with it. */
#define PASSWORD_OPTION \
	{ "password-stdin", NULL, "the password is standard input's first" \
	    " line", false }

#endif
