#ifndef COMMAND_ADMIN_H
#define COMMAND_ADMIN_H

struct cli;
struct member;

/* A password, and what is kept of it. */
struct admin_password {
	const char	*shown;		/* to be shown once; NULL: it was
					   typed, so it is known */
	const char	*kept;
};

/*
 * Have a password typed, or make one if nobody is there to do it.  It takes
 * some tenths of a second: with no transaction open.
 */
void	admin_password(struct cli *, const char *email,
	    struct admin_password *);

/* Print a member, with a password that is shown once. */
void	admin_show(const struct cli *, const struct member *,
	    const struct admin_password *);

#endif
