/*
 * OpenSSL's objects, found once a process and held once a thread.  The
 * library is told to read no configuration of the host's, which costs a file
 * at every start of a CGI program and could put another provider in place,
 * and to leave its memory alone at exit, when other threads may still sign.
 */
#include <pthread.h>
#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/params.h>

#include "lib/base/log.h"
#include "lib/crypto/engine.h"
#include "lib/crypto/quick.h"

static pthread_once_t	once = PTHREAD_ONCE_INIT;
static pthread_key_t	mine;

/* Set once, under `once`. */
static EVP_MD		*sha256;
static EVP_MAC		*hmac;
static EVP_CIPHER	*gcm, *block;

void
engine_must(int result, const char *what)
{
	if (result == 1)
		return;
	log_line(LOG_ERROR, "OpenSSL failed: %s", what);
	abort();
}

static void
end_thread(void *at)
{
	struct engine *engine = at;

	EVP_MD_CTX_free(engine->digest);
	EVP_MAC_CTX_free(engine->hmac);
	EVP_CIPHER_CTX_free(engine->gcm);
	EVP_CIPHER_CTX_free(engine->block);
	OPENSSL_cleanse(engine, sizeof(*engine));
	free(engine);
}

static void
start(void)
{
	OSSL_LIB_CTX	*from = quick_library();

	engine_must(OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG |
	    OPENSSL_INIT_NO_ATEXIT, NULL), "start");
	sha256 = EVP_MD_fetch(from, "SHA256", NULL);
	hmac = EVP_MAC_fetch(from, "HMAC", NULL);
	gcm = EVP_CIPHER_fetch(from, "AES-256-GCM", NULL);
	block = EVP_CIPHER_fetch(from, "AES-128-ECB", NULL);
	engine_must(sha256 != NULL && hmac != NULL && gcm != NULL &&
	    block != NULL, "fetch");
	engine_must(pthread_key_create(&mine, end_thread) == 0, "thread key");
}

static struct engine *
new_engine(void)
{
	struct engine	*engine = calloc(1, sizeof(*engine));

	engine_must(engine != NULL, "memory");
	engine->sha256 = sha256;
	engine->digest = EVP_MD_CTX_new();
	engine->gcm = EVP_CIPHER_CTX_new();
	engine->block = EVP_CIPHER_CTX_new();
	engine_must(engine->digest != NULL && engine->gcm != NULL &&
	    engine->block != NULL, "contexts");
	engine_must(EVP_CipherInit_ex2(engine->gcm, gcm, NULL, NULL, 1, NULL),
	    "AES-256-GCM");
	engine_must(EVP_CipherInit_ex2(engine->block, block, NULL, NULL, 1,
	    NULL), "AES-128");
	engine_must(EVP_CIPHER_CTX_set_padding(engine->block, 0), "padding");

	return engine;
}

struct engine *
engine_get(void)
{
	struct engine *engine;

	(void)pthread_once(&once, start);
	engine = pthread_getspecific(mine);
	if (engine == NULL) {
		engine = new_engine();
		engine_must(pthread_setspecific(mine, engine) == 0,
		    "thread key");
	}

	return engine;
}

EVP_MAC_CTX *
engine_hmac(struct engine *engine)
{
	char		 name[] = "SHA256";
	OSSL_PARAM	 params[] = {
		OSSL_PARAM_construct_utf8_string("digest", name, 0),
		OSSL_PARAM_construct_end(),
	};

	if (engine->hmac == NULL) {
		engine->hmac = EVP_MAC_CTX_new(hmac);
		engine_must(engine->hmac != NULL &&
		    EVP_MAC_CTX_set_params(engine->hmac, params), "HMAC");
	}

	return engine->hmac;
}
