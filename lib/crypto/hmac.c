/*
 * SHA-256 and HMAC-SHA256 over this thread's own contexts: a signature of a
 * request takes less than a microsecond, of which no part is a look-up.
 */
#include <string.h>

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

/*
 * A context that is ready to sign.  Telling it a key is half the work of a
 * short message, and one partner's requests come one after another, so it is
 * told only if it had another before.  OpenSSL before 3.0.3 does not begin
 * anew without being told.
 */
static EVP_MAC_CTX *
with_key(struct engine *engine, struct piece key)
{
	/* Without an address OpenSSL would go on with the key before. */
	const void	*secret = key.size == 0 ? "" : key.data;
	EVP_MAC_CTX	*hmac = engine_hmac(engine);

	if (key.size > 0 && key.size == engine->hmac_key_size &&
	    hmac_equal(key.data, engine->hmac_key, key.size)) {
		engine_must(EVP_MAC_init(hmac, NULL, 0, NULL), "HMAC");
		return hmac;
	}
	engine->hmac_key_size = 0;
	engine_must(EVP_MAC_init(hmac, secret, key.size, NULL),
	    "HMAC");
	if (key.size > 0 && key.size <= ENGINE_KEY &&
	    OpenSSL_version_num() >= 0x30000030) {
		memcpy(engine->hmac_key, key.data, key.size);
		engine->hmac_key_size = key.size;
	}

	return hmac;
}

void
hmac_sign(unsigned char out[SHA256_SIZE], struct piece key,
    const struct piece *pieces, size_t count)
{
	EVP_MAC_CTX	*hmac = with_key(engine_get(), key);
	size_t		 i, size;

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
