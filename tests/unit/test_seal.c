/*
 * Secrets at rest: they open under their own key, label and bytes only.
 */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "lib/base/arena.h"
#include "lib/crypto/seal.h"
#include "tests/unit/death.h"

#define LABEL "api_keys.hmac:17"

static char	folder[] = "/tmp/almoner-seal-XXXXXX";
static char	key[100], other[100], odd[100];

static int
start(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(key, sizeof(key), "%s/master.key", folder);
	(void)snprintf(other, sizeof(other), "%s/other.key", folder);
	(void)snprintf(odd, sizeof(odd), "%s/odd.key", folder);

	return 0;
}

static int
finish(void **state)
{
	(void)state;
	(void)unlink(key);
	(void)unlink(other);
	(void)unlink(odd);

	return rmdir(folder);
}

static void
close_unloaded(void)
{
	size_t size;

	(void)seal_close(arena_new(), LABEL, "x", &size);
}

static void
open_unloaded(void)
{
	static const unsigned char sealed[29] = { 0 };

	(void)seal_open(arena_new(), LABEL, sealed, sizeof(sealed));
}

static void
open_short_unloaded(void)
{
	(void)seal_open(arena_new(), LABEL, NULL, 0);
}

/* The first test: afterwards a key is loaded. */
static void
nothing_is_sealed_without_a_key(void **state)
{
	(void)state;
	assert_true(dies(close_unloaded));
	assert_true(dies(open_unloaded));
	assert_true(dies(open_short_unloaded));
}

static void
a_key_is_made_once(void **state)
{
	struct stat	file;
	char		first[70], again[70];
	FILE		*from;

	(void)state;
	assert_true(seal_create(key));
	assert_int_equal(stat(key, &file), 0);
	assert_int_equal(file.st_mode & 07777, 0600);
	assert_int_equal(file.st_size, 65);
	from = fopen(key, "r");
	assert_non_null(from);
	assert_non_null(fgets(first, sizeof(first), from));
	assert_int_equal(strspn(first, "0123456789abcdef"), 64);
	assert_string_equal(first + 64, "\n");

	assert_false(seal_create(key));
	rewind(from);
	assert_non_null(fgets(again, sizeof(again), from));
	assert_int_equal(fclose(from), 0);
	assert_string_equal(first, again);
	assert_false(seal_create("/nowhere/at/all/master.key"));

	assert_true(seal_create(other));
	from = fopen(other, "r");
	assert_non_null(from);
	assert_non_null(fgets(again, sizeof(again), from));
	assert_int_equal(fclose(from), 0);
	assert_string_not_equal(first, again);
	assert_int_equal(seal_load(key), SEAL_OK);
}

static enum seal_load
load(const char *text, mode_t mode)
{
	int fd;

	(void)unlink(odd);
	fd = open(odd, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);

	return seal_load(odd);
}

#define DIGITS63 \
    "00112233445566778899aabbccddeeFF00112233445566778899aabbccddeef"

static void
a_key_file_is_read_strictly(void **state)
{
	static const mode_t	 exposed[] = {
		0644, 0640, 0604, 0660, 0620, 0602, 0610, 0601, 0777,
	};
	static const char *const malformed[] = {
		"", "\n", DIGITS63, DIGITS63 "\n", DIGITS63 "ff",
		DIGITS63 "g", DIGITS63 "f ", " " DIGITS63 "f",
		DIGITS63 "f\n\n", DIGITS63 "f\nx", DIGITS63 "f\r",
		DIGITS63 "f\r\n\n",
	};
	size_t i;

	(void)state;
	assert_int_equal(load(DIGITS63 "f", 0600), SEAL_OK);
	assert_int_equal(load(DIGITS63 "f\n", 0600), SEAL_OK);
	assert_int_equal(load(DIGITS63 "f\r\n", 0400), SEAL_OK);
	for (i = 0; i < sizeof(exposed) / sizeof(exposed[0]); i++)
		assert_int_equal(load(DIGITS63 "f\n", exposed[i]),
		    SEAL_EXPOSED);
	for (i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++)
		if (load(malformed[i], 0600) != SEAL_MALFORMED)
			fail_msg("case %zu was taken", i);
	assert_int_equal(seal_load("/nowhere/at/all"), SEAL_MISSING);
	assert_int_equal(seal_load(folder), SEAL_MALFORMED);
	(void)unlink(odd);
	assert_int_equal(mkfifo(odd, 0600), 0);
	assert_int_equal(seal_load(odd), SEAL_MALFORMED);
	assert_int_equal(seal_load(key), SEAL_OK);
}

static void
what_is_sealed_opens(void **state)
{
	struct arena	*arena = arena_new();
	unsigned char	*one, *two;
	char		 text[2000];
	size_t		 length, size, again;

	(void)state;
	for (length = 0; length < sizeof(text); length += 37) {
		memset(text, 's', length);
		text[length] = '\0';
		one = seal_close(arena, LABEL, text, &size);
		assert_int_equal(size, 12 + length + 16);
		assert_string_equal(seal_open(arena, LABEL, one, size), text);
		two = seal_close(arena, LABEL, text, &again);
		/* Never twice the same, not even in what is hidden. */
		assert_int_equal(again, size);
		assert_memory_not_equal(one, two, 12);
		assert_memory_not_equal(one + 12, two + 12, size - 12);
		if (length > 0)
			assert_memory_not_equal(one + 12, text, length);
	}
	one = seal_close(arena, "", "no label", &size);
	assert_string_equal(seal_open(arena, "", one, size), "no label");
	arena_free(arena);
}

static void
what_is_changed_does_not_open(void **state)
{
	struct arena	*arena = arena_new();
	unsigned char	*sealed, *longer;
	size_t		 size, i;

	(void)state;
	sealed = seal_close(arena, LABEL, "4f1c0d7be2a95386", &size);
	for (i = 0; i < 8 * size; i++) {
		sealed[i / 8] ^= (unsigned char)(1 << i % 8);
		assert_null(seal_open(arena, LABEL, sealed, size));
		sealed[i / 8] ^= (unsigned char)(1 << i % 8);
	}
	for (i = 0; i < size; i++) {
		assert_null(seal_open(arena, LABEL, sealed, i));
		if (i > 0)
			assert_null(seal_open(arena, LABEL, sealed + i,
			    size - i));
	}
	longer = arena_alloc(arena, size + 1);
	memcpy(longer, sealed, size);
	assert_null(seal_open(arena, LABEL, longer, size + 1));

	/* And after all those refusals it still does. */
	assert_string_equal(seal_open(arena, LABEL, sealed, size),
	    "4f1c0d7be2a95386");
	arena_free(arena);
}

static void
another_place_or_key_does_not_open(void **state)
{
	static const char *const labels[] = {
		"", "api_keys.hmac:1", "api_keys.hmac:170", "api_keys.hmac:18",
		"Api_keys.hmac:17", "webhooks.secret:17",
	};
	struct arena	*arena = arena_new();
	unsigned char	*sealed;
	size_t		 size, i;

	(void)state;
	sealed = seal_close(arena, LABEL, "secret", &size);
	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		assert_null(seal_open(arena, labels[i], sealed, size));

	assert_int_equal(seal_load(other), SEAL_OK);
	assert_null(seal_open(arena, LABEL, sealed, size));
	/* A key that cannot be read leaves the one that was. */
	assert_int_equal(load("", 0600), SEAL_MALFORMED);
	assert_null(seal_open(arena, LABEL, sealed, size));
	assert_int_equal(seal_load(key), SEAL_OK);
	assert_string_equal(seal_open(arena, LABEL, sealed, size), "secret");
	arena_free(arena);
}

static void *
seal_often(void *at)
{
	struct arena	*arena = arena_new();
	unsigned char	*sealed;
	const char	*text;
	size_t		 size, i;

	*(bool *)at = true;
	for (i = 0; i < 500; i++) {
		sealed = seal_close(arena, LABEL, "secret", &size);
		text = seal_open(arena, LABEL, sealed, size);
		if (text == NULL || strcmp(text, "secret") != 0)
			*(bool *)at = false;
	}
	arena_free(arena);

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
		assert_int_equal(pthread_create(&threads[i], NULL, seal_often,
		    &good[i]), 0);
	for (i = 0; i < 8; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_true(good[i]);
	}
}

/* The vector of RFC 5869, appendix A.1: its PRK is the master key. */
static void
keys_are_derived(void **state)
{
	static const unsigned char	 okm[32] = {
		0x3c, 0xb2, 0x5f, 0x25, 0xfa, 0xac, 0xd5, 0x7a,
		0x90, 0x43, 0x4f, 0x64, 0xd0, 0x36, 0x2f, 0x2a,
		0x2d, 0x2d, 0x0a, 0x90, 0xcf, 0x1a, 0x5a, 0x4c,
		0x5d, 0xb0, 0x2d, 0x56, 0xec, 0xc4, 0xc5, 0xbf,
	};
	unsigned char			 one[32], two[32];

	(void)state;
	assert_int_equal(load("077709362c2e32df0ddc3f0dc47bba63"
	    "90b6c73bb50f9c3122ec844ad7c2b3e5\n", 0600), SEAL_OK);
	seal_derive(one, "\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9");
	assert_memory_equal(one, okm, sizeof(okm));
	seal_derive(one, "a label");
	seal_derive(two, "another");
	assert_memory_not_equal(one, two, sizeof(one));
	assert_int_equal(seal_load(key), SEAL_OK);
	seal_derive(two, "a label");
	assert_memory_not_equal(one, two, sizeof(one));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_sealed_without_a_key),
		cmocka_unit_test(a_key_is_made_once),
		cmocka_unit_test(a_key_file_is_read_strictly),
		cmocka_unit_test(what_is_sealed_opens),
		cmocka_unit_test(what_is_changed_does_not_open),
		cmocka_unit_test(another_place_or_key_does_not_open),
		cmocka_unit_test(threads_do_not_mix),
		cmocka_unit_test(keys_are_derived),
	};

	return cmocka_run_group_tests(tests, start, finish);
}
