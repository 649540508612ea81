/*
 * quick: OpenSSL for those who will not be here for long.  Each part of its
 * start is done once, or said once not to be done.
 */
#include <openssl/crypto.h>

#include "lib/crypto/engine.h"
#include "lib/crypto/quick.h"

void
quick_start(void)
{
	engine_must(OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG |
	    OPENSSL_INIT_NO_ATEXIT | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
	    OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS,
	    NULL), "start");
}
