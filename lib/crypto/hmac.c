/*
 * SHA-256 and HMAC-SHA256 over this thread's own contexts: a signature of a
 * request takes less than a microsecond, of which no part is a look-up.
 */
#include <openssl/crypto.h>

#include "lib/crypto/engine.h"
#include "lib/crypto/hmac.h"

void
hmac_sha256(unsigned char out[SHA256_SIZE], const void *data, size_t size)
{
	struct piece piece = { data, size };

	hmac_sha256_pieces(out, &piece, 1);
}

void
hmac_sha256_pieces(unsigned char out[SHA256_SIZE], const struct piece *pieces,
    size_t count)
{
	struct engine	*engine = engine_get();
	size_t		 i;

	engine_must(EVP_DigestInit_ex2(engine->digest, engine->sha256, NULL),
	    "SHA-256");
	for (i = 0; i < count; i++)
		engine_must(EVP_DigestUpdate(engine->digest, pieces[i].data,
		    pieces[i].size), "SHA-256");
	engine_must(EVP_DigestFinal_ex(engine->digest, out, NULL), "SHA-256");
}

void
hmac_sign(unsigned char out[SHA256_SIZE], struct piece key,
    const struct piece *pieces, size_t count)
{
	/* Without an address OpenSSL would go on with the key before. */
	const void	*secret = key.size == 0 ? "" : key.data;
	EVP_MAC_CTX	*hmac = engine_get()->hmac;
	size_t		 i, size;

	engine_must(EVP_MAC_init(hmac, secret, key.size, NULL), "HMAC");
	for (i = 0; i < count; i++)
		engine_must(EVP_MAC_update(hmac, pieces[i].data,
		    pieces[i].size), "HMAC");
	engine_must(EVP_MAC_final(hmac, out, &size, SHA256_SIZE) == 1 &&
	    size == SHA256_SIZE, "HMAC");
}

bool
hmac_equal(const void *a, const void *b, size_t size)
{
	return CRYPTO_memcmp(a, b, size) == 0;
}
