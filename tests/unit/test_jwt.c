/*
 * Tokens: the vector of RFC 7515, appendix A.1, and everything that is no
 * token of ours, beginning with what such libraries have fallen for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/encode.h"
#include "lib/crypto/jwt.h"
#include "tests/unit/arena.h"

#define KEY "0123456789abcdef0123456789abcdef"

static const struct jwt		 ours = { JWT_HEADER, { KEY, 32 } };

static void
rfc_7515(void **state)
{
	static const char	 header[] = "{\"typ\":\"JWT\",\r\n"
				    " \"alg\":\"HS256\"}";
	static const char	 payload[] = "{\"iss\":\"joe\",\r\n"
				    " \"exp\":1300819380,\r\n"
				    " \"http://example.com/is_root\":true}";
	static const char	 token[] =
	    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
	    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9l"
	    "eGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
	    ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
	static const char	 key[] = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-"
	    "EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
	struct jwt		 jwt = { header, { NULL, 0 } };

	(void)state;
	jwt.key.data = encode_unbase64_bare(arena, ENCODE_URL, key,
	    strlen(key), &jwt.key.size);
	assert_int_equal(jwt.key.size, 64);
	assert_string_equal(jwt_sign(arena, &jwt, payload), token);
	assert_string_equal(jwt_verify(arena, &jwt, token), payload);
	/* Genuine, but its header is not the one that we write. */
	jwt.header = JWT_HEADER;
	assert_null(jwt_verify(arena, &jwt, token));
}

static const char *
coded(const char *text)
{
	return encode_base64_bare(arena, ENCODE_URL, text, strlen(text));
}

/* Signed with our key, whatever the header says. */
static const char *
signed_by(const char *header, const char *payload)
{
	return jwt_sign(arena, &(struct jwt){ header, { KEY, 32 } }, payload);
}

static void
other_algorithms(void **state)
{
	static const char *const	 headers[] = {
		"{\"alg\":\"none\",\"typ\":\"JWT\"}",
		"{\"alg\":\"None\"}",
		"{\"alg\":\"HS512\",\"typ\":\"JWT\"}",
		"{\"alg\":\"RS256\",\"typ\":\"JWT\"}",
		"{\"typ\":\"JWT\",\"alg\":\"HS256\"}",
		"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"../null\"}",
		"{\"alg\":\"HS256\",\"typ\":\"JWT\"} ",
		"{}", "",
	};

	(void)state;
	assert_string_equal(jwt_verify(arena, &ours,
	    signed_by(JWT_HEADER, "{}")), "{}");
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		assert_null(jwt_verify(arena, &ours,
		    signed_by(headers[i], "{}")));
		assert_null(jwt_verify(arena, &ours, arena_printf(arena,
		    "%s.%s.", coded(headers[i]), coded("{}"))));
	}
}

/* Each letter of a token matters, and there is one spelling of it. */
static void
changed(void **state)
{
	const char	*good = jwt_sign(arena, &ours, "{\"sub\":\"1\"}");
	size_t		 size = strlen(good);
	char		*copy;

	(void)state;
	for (size_t i = 0; i < size; i++)
		for (const char *c = "Ab0-_.=+/ "; *c != '\0'; c++) {
			copy = arena_text(arena, good);
			if (copy[i] == *c)
				continue;
			copy[i] = *c;
			assert_null(jwt_verify(arena, &ours, copy));
		}
	for (size_t i = 0; i < size; i++)
		assert_null(jwt_verify(arena, &ours,
		    arena_copy(arena, good, i)));
	for (const char *c = "A=. \n"; *c != '\0'; c++)
		assert_null(jwt_verify(arena, &ours,
		    arena_printf(arena, "%s%c", good, *c)));
	assert_null(jwt_verify(arena, &ours, arena_printf(arena, " %s", good)));
	assert_null(jwt_verify(arena, &ours, arena_printf(arena, "%s.",
	    coded(JWT_HEADER))));
	assert_null(jwt_verify(arena, &ours, coded(JWT_HEADER)));
	assert_null(jwt_verify(arena, &(struct jwt){ JWT_HEADER,
	    { KEY, 31 } }, good));
}

/* A payload that is no text is none, though it be signed. */
static void
no_text(void **state)
{
	const char	*begin = arena_printf(arena, "%s.%s",
			    coded(JWT_HEADER), encode_base64_bare(arena,
			    ENCODE_URL, "{}\0", 3));
	unsigned char	 mac[SHA256_SIZE];

	(void)state;
	hmac_sign(mac, ours.key, &(struct piece){ begin, strlen(begin) }, 1);
	assert_null(jwt_verify(arena, &ours, arena_printf(arena, "%s.%s",
	    begin, encode_base64_bare(arena, ENCODE_URL, mac,
	    sizeof(mac)))));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_7515),
		cmocka_unit_test(other_algorithms),
		cmocka_unit_test(changed),
		cmocka_unit_test(no_text),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
