/*
 * Passwords: a vector of RFC 7914, section 12; what is kept, and what is no
 * such text; and many at once.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/encode.h"
#include "lib/base/limits.h"
#include "lib/crypto/password.h"
#include "tests/unit/arena.h"

/* scrypt("pleaseletmein", "SodiumChloride", 16384, 8, 1, 64) */
static void
rfc_7914(void **state)
{
	static const char	 hex[] =
	    "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
	    "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887";
	unsigned char		 hash[64];
	const char		*kept;

	(void)state;
	assert_true(encode_unhex(hash, sizeof(hash), hex));
	kept = arena_printf(arena, "$scrypt$ln=14,r=8,p=1$%s$%s",
	    encode_base64_bare(arena, ENCODE_PLAIN, "SodiumChloride", 14),
	    encode_base64_bare(arena, ENCODE_PLAIN, hash, sizeof(hash)));
	assert_int_equal(password_check(arena, "pleaseletmein", kept),
	    PASSWORD_RIGHT);
	assert_int_equal(password_check(arena, "pleaseletmeim", kept),
	    PASSWORD_WRONG);
	assert_true(password_is_old(kept));
}

static void
kept(void **state)
{
	static const char	 password[] = "correct h\xc3\xb6rse";
	const char		*one = password_make(arena, password);
	const char		*two = password_make(arena, password);

	(void)state;
	assert_non_null(one);
	assert_memory_equal(one, "$scrypt$ln=15,r=8,p=3$", 22);
	assert_string_not_equal(one, two);
	assert_false(password_is_old(one));
	assert_int_equal(password_check(arena, password, one),
	    PASSWORD_RIGHT);
	assert_int_equal(password_check(arena, password, two),
	    PASSWORD_RIGHT);
	assert_int_equal(password_check(arena, "Correct h\xc3\xb6rse", one),
	    PASSWORD_WRONG);
	assert_int_equal(password_check(arena, "", one), PASSWORD_WRONG);
	assert_int_equal(password_check(arena, password, NULL),
	    PASSWORD_WRONG);
}

/* What is kept of nobody's password: zeros, which are no way in. */
static void
unreadable(void **state)
{
	static const char *const	 wrong[] = {
		"", "$", "secret", "$scrypt$", "$scrypt$ln=15,r=8,p=3$",
		"$scrypt$ln=15,r=8,p=3$AAAA", "$scrypt$ln=15,r=8,p=3$AAAA$",
		"$scrypt$ln=15,r=8,p=3$AAAA$AAAA",
		"$scrypt$ln=+4,r=8,p=1$U29kaXVtQ2hsb3JpZGU$",
		"$scrypt$ln= 4,r=8,p=1$U29kaXVtQ2hsb3JpZGU$",
		"$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU=$",
		"$2b$10$abcdefghijklmnopqrstuv",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(password_check(arena, "x", wrong[i]),
		    PASSWORD_WRONG);
	/* More memory than we would ever take. */
	assert_int_equal(password_check(arena, "x", arena_printf(arena,
	    "$scrypt$ln=24,r=8,p=1$AAAA$%.43s",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")),
	    PASSWORD_BUSY);
}

#define THREADS 16

static pthread_barrier_t	start;
static atomic_int		seen[PASSWORD_BUSY + 1];

static void *
check_one(void *with)
{
	struct arena	*own = arena_new();

	pthread_barrier_wait(&start);
	seen[password_check(own, "x", with)]++;
	arena_free(own);

	return NULL;
}

/* One at work and some that wait; the others do not. */
static void
many_at_once(void **state)
{
	pthread_t	 threads[THREADS];
	const char	*mine = password_make(arena, "x");

	(void)state;
	assert_int_equal(pthread_barrier_init(&start, NULL, THREADS), 0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, check_one,
		    (void *)(uintptr_t)mine), 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&start);
	assert_int_equal(seen[PASSWORD_WRONG], 0);
	assert_true(seen[PASSWORD_RIGHT] >= LIMIT_PASSWORDS + 1);
	assert_true(seen[PASSWORD_BUSY] >= 1);
	assert_int_equal(seen[PASSWORD_RIGHT] + seen[PASSWORD_BUSY], THREADS);
	/* And afterwards it is as before. */
	assert_int_equal(password_check(arena, "x", mine), PASSWORD_RIGHT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_7914),
		cmocka_unit_test(kept),
		cmocka_unit_test(unreadable),
		cmocka_unit_test(many_at_once),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
