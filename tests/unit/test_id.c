/*
 * Public ids: nobody's twice, read back by their own kind only, in the order
 * of time, and of no use to who guesses.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/crypto/id.h"
#include "tests/unit/death.h"

#define COUNT	100000
#define LAST	(((int64_t)1 << 40) - 1)
#define NOW_MS	1746876000000

static const unsigned char	key[ID_KEY_SIZE] = "0123456789abcde";
static const struct id		some = { 7, 12345, { NOW_MS } };

static bool
same(struct id a, struct id b)
{
	return a.tenant == b.tenant && a.number == b.number &&
	    a.made.ms / 1000 == b.made.ms / 1000;
}

static void
text_without_a_key(void)
{
	(void)id_text(arena_new(), ID_ACTION, some);
}

static void
read_without_a_key(void)
{
	struct id id;

	if (id_read(ID_ACTION, "681f3660aaaaaaaaaaaaaaaa", &id))
		_exit(0);
}

/* The first test: afterwards there is a key. */
static void
nothing_goes_without_a_key(void **state)
{
	(void)state;
	assert_true(dies(text_without_a_key));
	assert_true(dies(read_without_a_key));
	id_key(key);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
ids_are_unique_and_come_back(void **state)
{
	static const char	*texts[COUNT];
	struct arena		*arena = arena_new();
	struct id		 id, back;
	size_t			 i;

	(void)state;
	for (i = 0; i < COUNT; i++) {
		id = (struct id){ (int64_t)(i % 3), (int64_t)(i / 3 + 1),
		    { NOW_MS + (int64_t)i % 1000 } };
		texts[i] = id_text(arena, ID_ACTION, id);
		assert_int_equal(strspn(texts[i], "0123456789abcdef"), 24);
		assert_int_equal(strlen(texts[i]), 24);
		assert_true(id_read(ID_ACTION, texts[i], &back));
		assert_true(same(id, back));
		assert_int_equal(back.made.ms, NOW_MS);
	}
	qsort(texts, COUNT, sizeof(texts[0]), by_text);
	for (i = 1; i < COUNT; i++)
		assert_string_not_equal(texts[i - 1], texts[i]);
	arena_free(arena);
}

static void
ends_of_the_ranges(void **state)
{
	static const struct id ids[] = {
		{ 0, 1, { 0 } }, { 0, LAST, { 999 } },
		{ LIMIT_TENANTS - 1, 1, { (int64_t)UINT32_MAX * 1000 } },
		{ LIMIT_TENANTS - 1, LAST, { (int64_t)UINT32_MAX * 1000 } },
	};
	struct arena	*arena = arena_new();
	struct id	 back;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		assert_true(id_read(ID_EXCHANGE,
		    id_text(arena, ID_EXCHANGE, ids[i]), &back));
		assert_true(same(ids[i], back));
	}
	arena_free(arena);
}

/*
 * A text of another kind, with a digit changed or under another key may be
 * read, but as an id of a tenant and number that nobody has: it is right by
 * chance once in 2^64.
 */
static void
kinds_do_not_mix(void **state)
{
	struct arena	*arena = arena_new();
	struct id	 back;
	const char	*text;
	int		 wrote, read;

	(void)state;
	for (wrote = ID_ACTION; wrote <= ID_EXCHANGE; wrote++) {
		text = id_text(arena, (enum id_kind)wrote, some);
		for (read = ID_ACTION; read <= ID_EXCHANGE; read++) {
			if (read != wrote &&
			    id_read((enum id_kind)read, text, &back))
				assert_true(back.tenant != some.tenant ||
				    back.number != some.number);
		}
	}
	arena_free(arena);
}

static void
a_changed_digit_is_another_id(void **state)
{
	struct arena	*arena = arena_new();
	struct id	 id = some, back;
	char		*text;
	char		 before;
	size_t		 i, at, digit, read = 0, tenants = 0;

	(void)state;
	for (i = 1; i <= 200; i++) {
		id.number = (int64_t)i;
		text = arena_text(arena, id_text(arena, ID_USER, id));
		for (at = 0; at < 24; at++) {
			before = text[at];
			for (digit = 0; digit < 16; digit++) {
				text[at] = "0123456789abcdef"[digit];
				if (text[at] == before ||
				    !id_read(ID_USER, text, &back))
					continue;
				assert_true(back.number != id.number);
				tenants += back.tenant == id.tenant;
				read++;
			}
			text[at] = before;
		}
	}
	/* Of 72,000 guesses one in 2^24 falls on the same tenant. */
	assert_int_equal(read, 72000);
	assert_true(tenants <= 1);
	arena_free(arena);
}

static void
another_key_is_another_site(void **state)
{
	static const unsigned char	 other[ID_KEY_SIZE] = "another";
	struct arena			*arena = arena_new();
	const char			*text;
	struct id			 back;

	(void)state;
	text = id_text(arena, ID_ACTION, some);
	id_key(other);
	assert_string_not_equal(text, id_text(arena, ID_ACTION, some));
	if (id_read(ID_ACTION, text, &back))
		assert_false(same(some, back));
	id_key(key);
	assert_string_equal(text, id_text(arena, ID_ACTION, some));
	arena_free(arena);
}

/* The same for ever: these ids are in partners' own databases. */
static void
ids_stay_what_they_are(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(id_text(arena, ID_ACTION, some),
	    "681f3660e2a132f6c3ecf56c");
	assert_string_equal(id_text(arena, ID_USER, some),
	    "681f3660f9ce331890704051");
	arena_free(arena);
}

static void
time_sorts(void **state)
{
	struct arena	*arena = arena_new();
	const char	*text, *before = "";
	struct id	 id = { 3, 1, { 0 } };
	size_t		 i;

	(void)state;
	for (i = 0; i < 5000; i++) {
		id.number = (int64_t)(i * 7919 % 5003 + 1);
		text = id_text(arena, ID_EVENT, id);
		assert_true(strcmp(before, text) < 0);
		before = text;
		id.made.ms += 1000 + (int64_t)i * 171000;
	}
	arena_free(arena);
}

static void
neighbours_look_unlike(void **state)
{
	struct arena	*arena = arena_new();
	struct id	 id = some;
	char		 before[ID_SIZE];
	const char	*text;
	size_t		 i, at, alike = 0;

	(void)state;
	memcpy(before, id_text(arena, ID_ACTION, id), ID_SIZE);
	for (i = 0; i < 10000; i++) {
		id.number++;
		text = id_text(arena, ID_ACTION, id);
		for (at = 8; at < 24; at++)
			alike += text[at] == before[at];
		memcpy(before, text, ID_SIZE);
	}
	/* One digit of sixteen is the same by chance: 10,000, give or take. */
	assert_in_range(alike, 9500, 10500);
	arena_free(arena);
}

static void
other_texts_are_none(void **state)
{
	static const char *const texts[] = {
		"", "6", "681f3660aaaaaaaaaaaaaaa", "681F3660aaaaaaaaaaaaaaaa",
		"681f3660aaaaaaaaaaaaaaaaa", "681f3660aaaaaaaaaaaaaaag",
		" 681f3660aaaaaaaaaaaaaaa", "681f3660aaaaaaaaaaaaaaaa ",
		"681f3660-aaaaaaaaaaaaaaa", "req_681f3660aaaaaaaaaaaa",
		"681f3660aaaaaaaaaaaaaaaA",
	};
	struct id	id = some;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_false(id_read(ID_ACTION, texts[i], &id));
	assert_true(same(id, some));
}

static void
number_zero(void)
{
	(void)id_text(arena_new(), ID_ACTION, (struct id){ 1, 0, { 0 } });
}

static void
number_past_the_end(void)
{
	(void)id_text(arena_new(), ID_ACTION, (struct id){ 1, LAST + 1,
	    { 0 } });
}

static void
tenant_past_the_end(void)
{
	(void)id_text(arena_new(), ID_ACTION, (struct id){ LIMIT_TENANTS, 1,
	    { 0 } });
}

static void
bugs_abort(void **state)
{
	(void)state;
	assert_true(dies(number_zero));
	assert_true(dies(number_past_the_end));
	assert_true(dies(tenant_past_the_end));
}

static void *
write_often(void *at)
{
	struct arena	*arena = arena_new();
	struct id	 id = { 7, 1, { NOW_MS } }, back;

	*(bool *)at = true;
	for (; id.number <= 2000; id.number++)
		if (!id_read(ID_ACTION, id_text(arena, ID_ACTION, id),
		    &back) || !same(id, back))
			*(bool *)at = false;
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
		assert_int_equal(pthread_create(&threads[i], NULL,
		    write_often, &good[i]), 0);
	for (i = 0; i < 8; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_true(good[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_goes_without_a_key),
		cmocka_unit_test(ids_are_unique_and_come_back),
		cmocka_unit_test(ends_of_the_ranges),
		cmocka_unit_test(kinds_do_not_mix),
		cmocka_unit_test(a_changed_digit_is_another_id),
		cmocka_unit_test(another_key_is_another_site),
		cmocka_unit_test(ids_stay_what_they_are),
		cmocka_unit_test(time_sorts),
		cmocka_unit_test(neighbours_look_unlike),
		cmocka_unit_test(other_texts_are_none),
		cmocka_unit_test(bugs_abort),
		cmocka_unit_test(threads_do_not_mix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
