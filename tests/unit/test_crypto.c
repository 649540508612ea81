/*
 * Hashes and signatures beside the published answers: FIPS 180-4, RFC 4231,
 * and the worked examples of our own signing rule, which are kept for clients
 * in tests/vectors/signing.json; and random bytes, as far as can be told.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/encode.h"
#include "lib/crypto/hmac.h"
#include "lib/crypto/random.h"

static const char	secret[] =
    "4f1c0d7be2a953866b0a7c1de5f2984310ab67cd98ef2154376082bd1ec9fa53";

static const struct vector {
	const char	*timestamp, *method, *target, *body, *hash, *signature;
} vectors[] = {
	{ "1746876000", "GET",
	    "/v1/partner/users?page=1&limit=20",
	    "",
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	    "b72ac337d8fc2aa1235e3ff18ca6d7c6342b790cc4019e489473cb4c6f071319"
	},
	{ "1746876000", "POST",
	    "/v1/partner/actions/submit",
	    "{\"idempotencyKey\":\"order_98765\",\"actionType\":\"PURCHAS"
	    "E\",\"amount\":49.99,\"currency\":\"USD\"}",
	    "e538bae85f67ce0db4b78e12b6a65a5dfbd012fb495f982cc4e5ee4c3dc33161",
	    "005bc2f2ec259042a4e9a0c7134ac0a3c975fd6cb2884cf2dab61f452897dda0"
	},
	{ "1746876000", "POST",
	    "/v1/partner/actions/submit",
	    "{ \"idempotencyKey\" : \"order_98765\" ,\r\n \"actionType"
	    "\":\"PURCHASE\" }\n",
	    "5d9f16e333e6654720aec01b57b0dfd4bee336d14641e5b9e14fb29b811257cb",
	    "b95b6c689a772f1c258460ed2a4fdc7764b3259727024c78fbc2023d2531d7b9"
	},
	{ "1746876001", "GET",
	    "/v1/partner/users/jos%C3%A9%40example.com/balance?x=%2F&y=a+b",
	    "",
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	    "f9fe2e6565220623d73524b305723e5ef65ae66805c56e69d7fb53975acd47a8"
	},
	{ "1746876002", "PATCH",
	    "/v1/partner/campaigns/65f1a0b2c3d4e5f60718293a",
	    "{\"status\":\"ACTIVE\"}",
	    "264e28f424ac2f00738ee11c418ac9a1666d7f44940f512ab9a9e105711a2f39",
	    "c2b89fe8d3ebfb8bf65971f5b95ca2b956e8a513beb6192cb1c9f83cd13a3f94"
	},
	{ "1746876003", "POST",
	    "/v1/partner/users",
	    "{\"externalId\":\"u1\",\"firstName\":\"Zo\xc3\xab\",\"lastNa"
	    "me\":\"\xc5\x81ukasz \xf0\x9f\x8e\x97\"}",
	    "9e98cc3dae789bd6cb70392c7674a1cb5cbcf4d867f11dcc56caaff6b81a4123",
	    "5621993921627739e15665d143e816f4bb65e1d6ab59ae7e14df9e6123878946"
	},
	{ "1746876004", "DELETE",
	    "/v1/partner/webhooks/65f1a0b2c3d4e5f60718293b",
	    "",
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	    "3e969410b89714dbe0793e3925c18f50c84c0942f1678e7bc613550eaa38f7a7"
	},
};

static struct piece
text_piece(const char *text)
{
	return (struct piece){ text, strlen(text) };
}

static void
sha256_of_known_texts(void **state)
{
	static const char *const cases[][2] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb924"
		    "27ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223"
		    "b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039"
		    "a33ce45964ff2167f6ecedd419db06c1" },
	};
	static char	million[1000000];
	unsigned char	hash[SHA256_SIZE];
	char		hex[2 * SHA256_SIZE + 1];
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		hmac_sha256(hash, cases[i][0], strlen(cases[i][0]));
		encode_hex(hex, hash, sizeof(hash));
		assert_string_equal(hex, cases[i][1]);
	}
	memset(million, 'a', sizeof(million));
	hmac_sha256(hash, million, sizeof(million));
	encode_hex(hex, hash, sizeof(hash));
	assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67"
	    "f1809a48a497200e046d39ccc7112cd0");
}

static void
pieces_are_as_one(void **state)
{
	static const char	 text[] = "abcdbcdecdefdefg";
	const struct piece	 key = { "key", 3 };
	struct piece		 pieces[4];
	unsigned char		 whole[SHA256_SIZE], parts[SHA256_SIZE];
	size_t			 i, j, size = strlen(text);

	(void)state;
	for (i = 0; i <= size; i++) {
		for (j = i; j <= size; j++) {
			pieces[0] = (struct piece){ text, i };
			pieces[1] = (struct piece){ text + i, j - i };
			pieces[2] = (struct piece){ NULL, 0 };
			pieces[3] = (struct piece){ text + j, size - j };
			hmac_sha256(whole, text, size);
			hmac_sha256_pieces(parts, pieces, 4);
			assert_memory_equal(whole, parts, SHA256_SIZE);
			hmac_sign(parts, key, pieces, 4);
			hmac_sign(whole, key,
			    &(struct piece){ text, size }, 1);
			assert_memory_equal(whole, parts, SHA256_SIZE);
		}
	}
	hmac_sha256(whole, NULL, 0);
	hmac_sha256_pieces(parts, NULL, 0);
	assert_memory_equal(whole, parts, SHA256_SIZE);
}

/* RFC 4231, section 4; case 5 is of a cut-off result, which we never use. */
static void
hmac_of_rfc_4231(void **state)
{
	static const struct {
		int		 key_byte;	/* 0: the key is a text */
		size_t		 key_size;
		const char	*key;
		int		 byte;
		size_t		 size;
		const char	*text, *result;
	} cases[] = {
		{ 0x0b, 20, "", 0, 8, "Hi There",
		    "b0344c61d8db38535ca8afceaf0bf12b"
		    "881dc200c9833da726e9376c2e32cff7" },
		{ 0, 4, "Jefe", 0, 28, "what do ya want for nothing?",
		    "5bdcc146bf60754e6a042426089575c7"
		    "5a003f089d2739839dec58b964ec3843" },
		{ 0xaa, 20, "", 0xdd, 50, "",
		    "773ea91e36800e46854db8ebd09181a7"
		    "2959098b3ef8c122d9635514ced565fe" },
		{ 0, 25, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d"
		    "\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19",
		    0xcd, 50, "",
		    "82558a389a443c0ea4cc819899f2083a"
		    "85f0faa3e578f8077a2e3ff46729665b" },
		{ 0xaa, 131, "", 0, 54, "Test Using Larger Than Block-Size"
		    " Key - Hash Key First",
		    "60e431591ee0b67f0d8a26aacbf5b77f"
		    "8e0bc6213728c5140546040f0ee37f54" },
		{ 0xaa, 131, "", 0, 152, "This is a test using a larger than"
		    " block-size key and a larger than block-size data. The ke"
		    "y needs to be hashed before being used by the HMAC algori"
		    "thm.",
		    "9b09ffa71b942fcb27635fbcd5b0e944"
		    "bfdc63644f0713938a7f51535c3a35e2" },
	};
	unsigned char	key[131], text[152], out[SHA256_SIZE];
	char		hex[2 * SHA256_SIZE + 1];
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (cases[i].key_byte != 0)
			memset(key, cases[i].key_byte, cases[i].key_size);
		else
			memcpy(key, cases[i].key, cases[i].key_size);
		if (cases[i].byte != 0)
			memset(text, cases[i].byte, cases[i].size);
		else
			memcpy(text, cases[i].text, cases[i].size);
		hmac_sign(out, (struct piece){ key, cases[i].key_size },
		    &(struct piece){ text, cases[i].size }, 1);
		encode_hex(hex, out, sizeof(out));
		assert_string_equal(hex, cases[i].result);
	}
}

/* An empty key is a key, and not the one that was used before. */
static void
hmac_without_a_key(void **state)
{
	unsigned char	first[SHA256_SIZE], out[SHA256_SIZE];
	char		hex[2 * SHA256_SIZE + 1];

	(void)state;
	hmac_sign(first, (struct piece){ "Jefe", 4 }, NULL, 0);
	hmac_sign(out, (struct piece){ NULL, 0 }, NULL, 0);
	encode_hex(hex, out, sizeof(out));
	assert_string_equal(hex, "b613679a0814d9ec772f95d778c35fc5"
	    "ff1697c493715653c6c712144292c5ad");
}

/* hex(HMAC(secret, timestamp, method, target, hex(SHA-256(body)))). */
static void
sign_request(const struct vector *v, char hash[65], char signature[65])
{
	unsigned char	out[SHA256_SIZE];
	struct piece	pieces[4];

	hmac_sha256(out, v->body, strlen(v->body));
	encode_hex(hash, out, sizeof(out));
	pieces[0] = text_piece(v->timestamp);
	pieces[1] = text_piece(v->method);
	pieces[2] = text_piece(v->target);
	pieces[3] = text_piece(hash);
	hmac_sign(out, text_piece(secret), pieces, 4);
	encode_hex(signature, out, sizeof(out));
}

static void
worked_examples(void **state)
{
	char	hash[65], signature[65];
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		sign_request(&vectors[i], hash, signature);
		assert_string_equal(hash, vectors[i].hash);
		assert_string_equal(signature, vectors[i].signature);
	}
}

/* The file that clients read says the same, and no more. */
static void
worked_examples_are_those_of_the_file(void **state)
{
	static char	 json[64 * 1024];
	FILE		*file = fopen("tests/vectors/signing.json", "r");
	const char	*at;
	size_t		 i, size, count = 0;

	(void)state;
	if (file == NULL)
		skip();
	size = fread(json, 1, sizeof(json) - 1, file);
	json[size] = '\0';
	(void)fclose(file);
	assert_non_null(strstr(json, secret));
	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		assert_non_null(strstr(json, vectors[i].hash));
		assert_non_null(strstr(json, vectors[i].signature));
	}
	for (at = json; (at = strstr(at, "\"signature\":")) != NULL; at++)
		count++;
	assert_int_equal(count, sizeof(vectors) / sizeof(vectors[0]));
}

static void *
sign_often(void *at)
{
	char	hash[65], signature[65];
	size_t	i;

	*(bool *)at = true;
	for (i = 0; i < 7000; i++) {
		const struct vector *v =
		    &vectors[i % (sizeof(vectors) / sizeof(vectors[0]))];

		sign_request(v, hash, signature);
		if (strcmp(signature, v->signature) != 0)
			*(bool *)at = false;
	}

	return NULL;
}

static void
threads_do_not_mix(void **state)
{
	pthread_t	threads[8];
	bool		good[8] = { false };
	size_t		i;

	(void)state;
	for (i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, sign_often,
		    &good[i]), 0);
	for (i = 0; i < 8; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_true(good[i]);
	}
}

static void
equal(void **state)
{
	unsigned char	a[SHA256_SIZE] = { 0 }, b[SHA256_SIZE] = { 0 };
	size_t		i;

	(void)state;
	assert_true(hmac_equal(a, b, sizeof(a)));
	for (i = 0; i < 8 * sizeof(b); i++) {
		b[i / 8] ^= (unsigned char)(1 << i % 8);
		assert_false(hmac_equal(a, b, sizeof(a)));
		b[i / 8] = 0;
	}
	b[31] = 1;
	assert_true(hmac_equal(a, b, 31));
	assert_true(hmac_equal(a, b, 0));
}

/* A key that is remembered signs as one that is told for the first time. */
static void
keys_take_turns(void **state)
{
	static const size_t	 sizes[] = { 32, 32, 64, 64, 0, 0, 65, 65, 32,
	    1, 64, 32 };
	static const char	 text[] = "what is signed";
	unsigned char		 keys[65], mac[SHA256_SIZE];
	unsigned char		 first[66][SHA256_SIZE] = { { 0 } };
	unsigned char		 none[SHA256_SIZE] = { 0 };

	(void)state;
	memset(keys, 0x0b, sizeof(keys));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t	 n = sizes[i];

		hmac_sign(mac, (struct piece){ keys, n },
		    &(struct piece){ text, sizeof(text) - 1 }, 1);
		if (memcmp(first[n], none, SHA256_SIZE) == 0)
			memcpy(first[n], mac, SHA256_SIZE);
		assert_memory_equal(mac, first[n], SHA256_SIZE);
	}
	/* The same length is not the same key. */
	keys[31] ^= 1;
	hmac_sign(mac, (struct piece){ keys, 32 },
	    &(struct piece){ text, sizeof(text) - 1 }, 1);
	assert_memory_not_equal(mac, first[32], SHA256_SIZE);
}

static void
random_bytes_differ(void **state)
{
	unsigned char	a[32] = { 0 }, b[32] = { 0 };
	unsigned char	all = 0, many[600] = { 0 };
	char		hex[2 * 200 + 2];
	size_t		size, i;

	(void)state;
	random_bytes(a, sizeof(a));
	random_bytes(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	random_bytes(NULL, 0);
	for (i = 0; i < sizeof(a); i++)
		all |= a[i];
	assert_int_not_equal(all, 0);

	/* More than the kernel gives at once. */
	random_bytes(many, sizeof(many));
	for (all = 0, i = 512; i < sizeof(many); i++)
		all |= many[i];
	assert_int_not_equal(all, 0);

	for (size = 0; size <= 200; size++) {
		memset(hex, '#', sizeof(hex));
		random_hex(hex, size);
		assert_int_equal(strspn(hex, "0123456789abcdef"), 2 * size);
		assert_int_equal(hex[2 * size], '\0');
		assert_int_equal(hex[2 * size + 1], '#');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_of_known_texts),
		cmocka_unit_test(pieces_are_as_one),
		cmocka_unit_test(hmac_of_rfc_4231),
		cmocka_unit_test(hmac_without_a_key),
		cmocka_unit_test(worked_examples),
		cmocka_unit_test(worked_examples_are_those_of_the_file),
		cmocka_unit_test(threads_do_not_mix),
		cmocka_unit_test(equal),
		cmocka_unit_test(keys_take_turns),
		cmocka_unit_test(random_bytes_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
