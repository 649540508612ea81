#ifndef CRYPTO_JWT_H
#define CRYPTO_JWT_H

#include "lib/crypto/hmac.h"

struct arena;

/*
 * JSON Web Tokens (RFC 7519) with an HMAC-SHA256, in the compact form of
 * RFC 7515: header.payload.signature, each in base64url.  Of headers there is
 * one, byte for byte: what a token says of its own algorithm is never asked,
 * so that "none" and all others are refused as any wrong signature is.
 */
#define JWT_HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"

struct jwt {
	const char	*header;	/* JWT_HEADER; the RFC's, in a test */
	struct piece	 key;
};

const char	*jwt_sign(struct arena *, const struct jwt *,
		    const char *payload);

/* Its payload, or NULL unless jwt_sign() could have made it. */
const char	*jwt_verify(struct arena *, const struct jwt *,
		    const char *token);

#endif
