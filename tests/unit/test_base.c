/*
 * Memory and text: arenas, growing strings, and the list of faults.
 */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/limits.h"
#include "lib/base/work.h"
#include "tests/unit/death.h"

static void
arena_gives_zeroed_aligned_memory(void **state)
{
	struct arena	*arena = arena_new();
	unsigned char	*at;
	size_t		 size, i, round;

	(void)state;
	for (round = 0; round < 3; round++) {
		for (size = 0; size < 300; size++) {
			at = arena_alloc(arena, size);
			assert_non_null(at);
			assert_int_equal((uintptr_t)at %
			    alignof(max_align_t), 0);
			for (i = 0; i < size; i++)
				assert_int_equal(at[i], 0);
			memset(at, 0xff, size);
		}
		/* What was written must not be seen again. */
		arena_reset(arena);
	}
	arena_free(arena);
	arena_free(NULL);
}

static void
arena_keeps_its_first_block(void **state)
{
	struct arena	*arena = arena_new();
	void		*first = arena_alloc(arena, 100);
	char		*large;
	int		 i;

	(void)state;
	large = arena_alloc(arena, 3 * 1024 * 1024);
	memset(large, 1, 3 * 1024 * 1024);
	for (i = 0; i < 5000; i++)
		memset(arena_alloc(arena, 100), 1, 100);
	arena_reset(arena);
	assert_ptr_equal(arena_alloc(arena, 100), first);
	arena_reset(arena);
	arena_reset(arena);
	assert_ptr_equal(arena_alloc(arena, 100), first);
	arena_free(arena);
}

static void
arena_pieces_do_not_overlap(void **state)
{
	struct arena	*arena = arena_new();
	char		*pieces[2000];
	size_t		 i, j;

	(void)state;
	for (i = 0; i < 2000; i++) {
		pieces[i] = arena_alloc(arena, i);
		memset(pieces[i], (int)(i % 251), i);
	}
	for (i = 0; i < 2000; i++)
		for (j = 0; j < i; j++)
			assert_int_equal((unsigned char)pieces[i][j], i % 251);
	arena_free(arena);
}

static void
array_overflows(void)
{
	(void)arena_array(arena_new(), SIZE_MAX / 2 + 1, 2);
}

static void
alloc_overflows(void)
{
	(void)arena_alloc(arena_new(), SIZE_MAX);
}

static void
alloc_nearly_overflows(void)
{
	(void)arena_alloc(arena_new(), SIZE_MAX - 31);
}

static void
copy_overflows(void)
{
	(void)arena_copy(arena_new(), "", SIZE_MAX);
}

static void
arena_dies_of_what_does_not_fit(void **state)
{
	(void)state;
	assert_true(dies(array_overflows));
	assert_true(dies(alloc_overflows));
	assert_true(dies(alloc_nearly_overflows));
	assert_true(dies(copy_overflows));
}

static void
arena_copies_text(void **state)
{
	struct arena	*arena = arena_new();
	char		*text;
	char		 longer[1000];

	(void)state;
	assert_null(arena_text(arena, NULL));
	assert_string_equal(arena_text(arena, ""), "");
	assert_string_equal(arena_text(arena, "pool"), "pool");
	text = arena_copy(arena, "a\0b", 3);
	assert_memory_equal(text, "a\0b\0", 4);
	assert_string_equal(arena_copy(arena, NULL, 0), "");
	assert_non_null(arena_array(arena, 0, 8));
	assert_non_null(arena_array(arena, 8, 0));

	assert_string_equal(arena_printf(arena, "%d of %s", 7, "x"), "7 of x");
	memset(longer, 'y', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_string_equal(arena_printf(arena, "%s", longer), longer);
	/* Both sides of the size that is tried first. */
	assert_int_equal(strlen(arena_printf(arena, "%255d", 1)), 255);
	assert_int_equal(strlen(arena_printf(arena, "%256d", 1)), 256);
	arena_free(arena);
}

static void
buf_grows(void **state)
{
	struct arena	*arena = arena_new();
	struct buf	 buf;
	size_t		 i;

	(void)state;
	buf_init(&buf, arena);
	assert_string_equal(buf_str(&buf), "");
	buf_add(&buf, NULL, 0);
	assert_int_equal(buf.size, 0);
	for (i = 0; i < 100000; i++) {
		buf_byte(&buf, (char)('a' + i % 26));
		assert_int_equal(buf.size, i + 1);
		assert_int_equal(buf.data[i + 1], '\0');
	}
	for (i = 0; i < 100000; i++)
		assert_int_equal(buf_str(&buf)[i], 'a' + i % 26);
	arena_free(arena);
}

static void
buf_joins_what_it_is_given(void **state)
{
	struct arena	*arena = arena_new();
	struct buf	 buf;

	(void)state;
	buf_init(&buf, arena);
	buf_text(&buf, "a");
	buf_add(&buf, "\0b", 2);
	buf_text(&buf, "");
	buf_int(&buf, 0);
	buf_byte(&buf, ' ');
	buf_int(&buf, INT64_MAX);
	buf_byte(&buf, ' ');
	buf_int(&buf, INT64_MIN);
	buf_printf(&buf, " %s=%d", "x", -5);
	assert_memory_equal(buf_str(&buf),
	    "a\0b0 9223372036854775807 -9223372036854775808 x=-5", 51);
	assert_int_equal(buf.size, 50);
	arena_free(arena);
}

/* A print must come out whole wherever the end of the room falls. */
static void
buf_prints_across_its_room(void **state)
{
	struct arena	*arena = arena_new();
	struct buf	 buf;
	size_t		 before, i;

	(void)state;
	for (before = 490; before < 530; before++) {
		buf_init(&buf, arena);
		for (i = 0; i < before; i++)
			buf_byte(&buf, '.');
		buf_printf(&buf, "%s", "0123456789");
		assert_int_equal(buf.size, before + 10);
		assert_string_equal(buf_str(&buf) + before, "0123456789");
	}
	buf_init(&buf, arena);
	buf_printf(&buf, "%5000d", 1);
	assert_int_equal(buf.size, 5000);
	assert_int_equal(strlen(buf_str(&buf)), 5000);
	arena_free(arena);
}

static void
faults_keep_their_order_and_end(void **state)
{
	struct arena	*arena = arena_new();
	struct faults	 faults;
	struct fault	*fault;
	char		 pointer[] = "/stakeholders/0";
	int		 i;

	(void)state;
	faults_init(&faults, arena);
	assert_null(faults.first);
	faults_add(&faults, pointer, "give %d to %d", 1, 20);
	pointer[1] = 'X';
	faults_add(&faults, "", "second");
	assert_int_equal(faults.count, 2);
	assert_string_equal(faults.first->pointer, "/stakeholders/0");
	assert_string_equal(faults.first->detail, "give 1 to 20");
	assert_string_equal(faults.first->next->pointer, "");
	assert_null(faults.first->next->next);

	for (i = 2; i < LIMIT_FAULTS + 10; i++)
		faults_add(&faults, "/x", "%d", i);
	assert_int_equal(faults.count, LIMIT_FAULTS);
	for (i = 0, fault = faults.first; fault != NULL; fault = fault->next)
		i++;
	assert_int_equal(i, LIMIT_FAULTS);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_gives_zeroed_aligned_memory),
		cmocka_unit_test(arena_keeps_its_first_block),
		cmocka_unit_test(arena_pieces_do_not_overlap),
		cmocka_unit_test(arena_dies_of_what_does_not_fit),
		cmocka_unit_test(arena_copies_text),
		cmocka_unit_test(buf_grows),
		cmocka_unit_test(buf_joins_what_it_is_given),
		cmocka_unit_test(buf_prints_across_its_room),
		cmocka_unit_test(faults_keep_their_order_and_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
