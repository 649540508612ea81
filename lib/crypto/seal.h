#ifndef CRYPTO_SEAL_H
#define CRYPTO_SEAL_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/*
 * Secrets at rest: AES-256-GCM under the site's master key, which is a file
 * of 64 hex digits, mode 0600, never in the database.  A sealed secret is
 * nonce(12) || ciphertext || tag(16).  `label` names the place where it is
 * kept ("api_keys.hmac:17") and is authenticated, so that one sealed value
 * put into another's place does not open.
 */
enum seal_load {
	SEAL_OK,
	SEAL_MISSING,		/* no such file, or not readable */
	SEAL_MALFORMED,		/* not 64 hex digits */
	SEAL_EXPOSED,		/* group or others may read it */
};

/* Read the master key for this process; before it, seal and open assert. */
enum seal_load	seal_load(const char *path);

/* Write a new random master key to `path`, 0600; false if it exists. */
bool		seal_create(const char *path);

/*
 * A key of 32 bytes for another purpose, which `label` names, out of the
 * master key: HKDF-Expand of RFC 5869, section 2.3, with HMAC-SHA256.
 */
void		seal_derive(unsigned char key[32], const char *label);

/* The sealed form of `text`, in the arena; *size is its length in bytes. */
unsigned char	*seal_close(struct arena *, const char *label,
		    const char *text, size_t *size);

/* The text again, or NULL: wrong master key, wrong label, or changed. */
const char	*seal_open(struct arena *, const char *label,
		    const unsigned char *sealed, size_t size);

#endif
