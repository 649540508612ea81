#ifndef COMMAND_CREDENTIALS_H
#define COMMAND_CREDENTIALS_H

#include <stddef.h>

struct arena;
struct cli;

/* A set of keys as its partner keeps it, and where the site is. */
struct credentials {
	const char	*base_url;	/* no / at its end; NULL: not said */
	const char	*publishable_key, *secret_key, *hmac_secret;
};

/* Read them from a file of JSON; ends the program if they are not there. */
void	credentials_read(struct cli *, const char *path,
	    struct credentials *);

/*
 * A whole file, or standard input for "-", and a NUL after it.  NULL if it
 * cannot be read or has more than LIMIT_BODY bytes.
 */
char	*credentials_file(struct arena *, const char *path, size_t *size);

#endif
