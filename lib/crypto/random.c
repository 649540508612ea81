/*
 * Random bytes, from OpenSSL's generator: it is seeded by the kernel, kept
 * apart by thread, and made anew in a child after fork().
 */
#include <assert.h>
#include <limits.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "lib/base/encode.h"
#include "lib/crypto/engine.h"
#include "lib/crypto/random.h"

void
random_bytes(void *out, size_t size)
{
	assert(size <= INT_MAX);
	/* The engine's way of starting the library holds for all of it. */
	(void)engine_get();
	engine_must(RAND_bytes(out, (int)size), "random bytes");
}

/*
 * Asking the generator costs two microseconds whatever one asks for, so names
 * of things come out of a store of a thread's own.  Secrets never do.
 */
void
random_name(char *out, size_t size)
{
	static _Thread_local unsigned char	 store[512];
	static _Thread_local size_t		 left;

	assert(size <= sizeof(store));
	if (left < size) {
		random_bytes(store, sizeof(store));
		left = sizeof(store);
	}
	left -= size;
	encode_hex(out, store + left, size);
}

void
random_hex(char *out, size_t size)
{
	unsigned char	bytes[64];
	size_t		part;

	*out = '\0';
	for (; size > 0; size -= part) {
		part = size < sizeof(bytes) ? size : sizeof(bytes);
		random_bytes(bytes, part);
		encode_hex(out, bytes, part);
		out += 2 * part;
	}
	OPENSSL_cleanse(bytes, sizeof(bytes));
}
