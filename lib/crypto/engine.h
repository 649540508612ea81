#ifndef CRYPTO_ENGINE_H
#define CRYPTO_ENGINE_H

#include <openssl/evp.h>

/* Keys of up to so many bytes are remembered. */
#define ENGINE_KEY	64

/*
 * What OpenSSL is slow to find (an algorithm by its name: milliseconds for
 * the first, microseconds ever after) and what no two threads may share (a
 * context), kept for as long as a thread lives.  For this room only.
 */
struct engine {
	EVP_MD_CTX		*digest;
	EVP_MAC_CTX		*hmac;		/* by engine_hmac() alone */
	EVP_CIPHER_CTX		*gcm;		/* AES-256-GCM, without a key */
	EVP_CIPHER_CTX		*block;		/* AES-128, no padding */
	const EVP_MD		*sha256;
	unsigned		 block_key;	/* which id key `block` has */
	unsigned char		 hmac_key[ENGINE_KEY]; /* that `hmac` has */
	size_t			 hmac_key_size;	/* 0: it is to be told anew */
};

/* This thread's engine; made at the first call, never NULL. */
struct engine	*engine_get(void);

/*
 * HMAC-SHA256, with the last key.  Made when it is first asked for: OpenSSL
 * looks for the digest by its name, among all that it knows.
 */
EVP_MAC_CTX	*engine_hmac(struct engine *);

/*
 * Ends the process unless `result` is OpenSSL's 1: these calls fail only
 * where memory or the library is broken, and then nothing may be signed.
 */
void		 engine_must(int result, const char *what);

#endif
