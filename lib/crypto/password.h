#ifndef CRYPTO_PASSWORD_H
#define CRYPTO_PASSWORD_H

#include <stdbool.h>

struct arena;

/*
 * What is kept of a person's password: scrypt (RFC 7914) of it under a salt
 * of its own, as a PHC string that says how it was made:
 * $scrypt$ln=15,r=8,p=3$salt$hash, in base64 without padding.  These are
 * parameters of OWASP's cheat sheet on password storage; they take 32 MiB
 * and some tenths of a second.
 *
 * So one is made or checked at a time in a process: others wait, up to
 * LIMIT_PASSWORDS of them, and who comes then is told that it is busy.
 * Never with a transaction open.
 */
enum password_says { PASSWORD_WRONG, PASSWORD_RIGHT, PASSWORD_BUSY };

/* What is to be kept of it; NULL: busy, or there is no memory for it now. */
const char		*password_make(struct arena *, const char *password);

/*
 * Is it the one of which `kept` was kept?  NULL is nobody's: that takes as
 * long and is wrong.
 */
enum password_says	 password_check(struct arena *, const char *password,
			    const char *kept);

/* Was it made otherwise than it would be now? */
bool			 password_is_old(const char *kept);

#endif
