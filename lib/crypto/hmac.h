#ifndef CRYPTO_HMAC_H
#define CRYPTO_HMAC_H

#include <stdbool.h>
#include <stddef.h>

#define SHA256_SIZE 32

/* SHA-256 (FIPS 180-4) of `size` bytes. */
void	hmac_sha256(unsigned char out[SHA256_SIZE], const void *, size_t size);

/* Several pieces hashed or authenticated as if they were one. */
struct piece {
	const void	*data;
	size_t		 size;
};

void	hmac_sha256_pieces(unsigned char out[SHA256_SIZE],
	    const struct piece *, size_t count);

/* HMAC-SHA256 (RFC 2104) of the pieces, one after another. */
void	hmac_sign(unsigned char out[SHA256_SIZE], struct piece key,
	    const struct piece *, size_t count);

/* Are `size` bytes equal, in a time that does not depend on them? */
bool	hmac_equal(const void *, const void *, size_t size);

#endif
