/*
 * OpenSSL as a CGI program starts it gives the answers that it always gives:
 * FIPS 180-4, RFC 4231, a seal that opens, ids that come back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/crypto/hmac.h"
#include "lib/crypto/id.h"
#include "lib/crypto/quick.h"
#include "lib/crypto/seal.h"

static void
hashes_and_signatures(void **state)
{
	const struct piece	 key = { "Jefe", 4 };
	const struct piece	 text = { "what do ya want for nothing?", 28 };
	unsigned char		 bytes[SHA256_SIZE];
	char			 hex[2 * SHA256_SIZE + 1];

	(void)state;
	hmac_sha256(bytes, "abc", 3);
	encode_hex(hex, bytes, sizeof(bytes));
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a3961"
	    "77a9cb410ff61f20015ad");
	for (int again = 0; again < 2; again++) {
		hmac_sign(bytes, key, &text, 1);
		encode_hex(hex, bytes, sizeof(bytes));
		assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a0"
		    "03f089d2739839dec58b964ec3843");
	}
}

static void
seals(void **state)
{
	struct arena	*arena = arena_new();
	char		 path[] = "/tmp/almoner-quick-XXXXXX";
	unsigned char	*sealed;
	size_t		 size;
	int		 fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	(void)close(fd);
	(void)unlink(path);
	assert_true(seal_create(path));
	assert_int_equal(seal_load(path), SEAL_OK);
	(void)unlink(path);

	sealed = seal_close(arena, "label", "secret", &size);
	assert_string_equal(seal_open(arena, "label", sealed, size),
	    "secret");
	assert_null(seal_open(arena, "other", sealed, size));
	sealed[size - 1] ^= 1;
	assert_null(seal_open(arena, "label", sealed, size));
	arena_free(arena);
}

static void
ids(void **state)
{
	struct arena	*arena = arena_new();
	const struct id	 id = { .tenant = 7, .number = 12345,
			    .made = { 1746876000000 } };
	struct id	 back;

	(void)state;
	id_key((const unsigned char *)"0123456789abcdef");
	assert_true(id_read(ID_ACTION, id_text(arena, ID_ACTION, id), &back));
	assert_int_equal(back.tenant, id.tenant);
	assert_int_equal(back.number, id.number);
	assert_int_equal(back.made.ms, id.made.ms);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(hashes_and_signatures),
		cmocka_unit_test(seals),
		cmocka_unit_test(ids),
	};

	quick_start();

	return cmocka_run_group_tests(tests, NULL, NULL);
}
