#ifndef BASE_EMAIL_H
#define BASE_EMAIL_H

#include <stdbool.h>

struct arena;

/*
 * E-mail addresses, as far as we look at them: something, one @, a domain,
 * neither blanks nor control characters; RFC 5321 leaves the rest to its
 * server.  Words and pattern are for the shapes that take one.
 */
#define EMAIL_SAYS	"an e-mail address"
#define EMAIL_PATTERN \
	"^[^@\\u0000-\\u0020\\u007f]+@[^@\\u0000-\\u0020\\u007f]+$"

bool		 email_fits(const char *);

/* As it is stored, and found again: ASCII letters are small.  NULL is NULL. */
const char	*email_fold(struct arena *, const char *);

#endif
