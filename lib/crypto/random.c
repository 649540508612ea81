/*
 * Random bytes, from the kernel: it seeds every other generator, and one of
 * our own would have to be set up at each start of a CGI program.
 */
/* For getentropy(), which POSIX has had since 2024 only. */
#define _DEFAULT_SOURCE

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "lib/base/encode.h"
#include "lib/base/log.h"
#include "lib/crypto/random.h"

/* What getentropy() gives at once. */
#define PIECE	((size_t)256)

void
random_bytes(void *out, size_t size)
{
	unsigned char	*at = out;
	size_t		 part;

	for (; size > 0; at += part, size -= part) {
		part = size < PIECE ? size : PIECE;
		if (getentropy(at, part) != 0) {
			log_line(LOG_ERROR, "no random bytes");
			abort();
		}
	}
}

/*
 * Asking the kernel costs about a microsecond, so names of things come out of
 * a store of a thread's own.  Secrets never do.
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
