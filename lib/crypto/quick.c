/*
 * quick: OpenSSL for those who will not be here for long.
 *
 * Whoever asks OpenSSL's own provider for one cipher has it make all of the
 * hundred and more that it knows, which takes longer than all else that such
 * a process asks of OpenSSL.  So a provider of ours stands before it that
 * knows four names, and hands on what OpenSSL's own has under them: see
 * provider(7).  The rest of OpenSSL's start is said to be done, or left out.
 */
#include <stdbool.h>
#include <string.h>

#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/provider.h>

#include "lib/crypto/engine.h"
#include "lib/crypto/quick.h"

/* All that this room fetches, by the first of the names that each has. */
static const struct wanted {
	int		 operation;
	const char	*name;
} wanted[] = {
	{ OSSL_OP_DIGEST, "SHA2-256" },
	{ OSSL_OP_MAC, "HMAC" },
	{ OSSL_OP_CIPHER, "AES-256-GCM" },
	{ OSSL_OP_CIPHER, "AES-128-ECB" },
};

#define WANTED		(sizeof(wanted) / sizeof(wanted[0]))
#define OPERATIONS	(OSSL_OP_MAC + 1)	/* the last of ours */

/* Set once, by quick_start(), before there are threads. */
static OSSL_PROVIDER	*own;
static OSSL_LIB_CTX	*library;

static const OSSL_ALGORITHM	*query(void *, int, int *);
static OSSL_provider_init_fn	 init;

static bool
is_wanted(int operation, const char *names)
{
	size_t	 size = strcspn(names, ":");

	for (size_t i = 0; i < WANTED; i++)
		if (wanted[i].operation == operation &&
		    strlen(wanted[i].name) == size &&
		    memcmp(wanted[i].name, names, size) == 0)
			return true;

	return false;
}

/* What is fetched stays, and so does the list of it. */
static const OSSL_ALGORITHM *
query(void *context, int operation, int *no_cache)
{
	static OSSL_ALGORITHM	 chosen[OPERATIONS][WANTED + 1];
	const OSSL_ALGORITHM	*all;
	size_t			 count = 0;

	(void)context;
	if (operation < 0 || operation >= OPERATIONS)
		return NULL;
	all = OSSL_PROVIDER_query_operation(own, operation, no_cache);
	for (; all != NULL && all->algorithm_names != NULL; all++)
		if (count < WANTED &&
		    is_wanted(operation, all->algorithm_names))
			chosen[operation][count++] = *all;

	return chosen[operation];
}

static int
init(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in,
    const OSSL_DISPATCH **out, void **context)
{
	static const OSSL_DISPATCH	 functions[] = {
		{ OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query },
		{ 0, NULL },
	};

	(void)handle;
	(void)in;
	*out = functions;
	*context = OSSL_PROVIDER_get0_provider_ctx(own);

	return 1;
}

void
quick_start(void)
{
	engine_must(OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG |
	    OPENSSL_INIT_NO_ATEXIT | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
	    OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS,
	    NULL), "start");
	own = OSSL_PROVIDER_load(NULL, "default");
	library = OSSL_LIB_CTX_new();
	engine_must(own != NULL && library != NULL, "provider");
	engine_must(OSSL_PROVIDER_add_builtin(library, "almoner", init),
	    "provider");
	engine_must(OSSL_PROVIDER_load(library, "almoner") != NULL,
	    "provider");
}

OSSL_LIB_CTX *
quick_library(void)
{
	return library;
}
