/*
 * shape_merge() and CLEARS: free JSON changed in part, and what null says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/arena.h"
#include "lib/base/faults.h"
#include "lib/base/limits.h"
#include "lib/json/shape.h"

static struct arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void
test_members_change(void **state)
{
	static const struct {
		const char	*old, *changes, *merged;
	} rows[] = {
		{ NULL, "{}", "{}" },
		{ NULL, "{\"a\":1}", "{\"a\":1}" },
		{ NULL, "{\"a\":null}", "{}" },
		{ "{\"a\":1,\"b\":2}", "{}", "{\"a\":1,\"b\":2}" },
		{ "{\"a\":1,\"b\":2}", "{\"a\":3}", "{\"a\":3,\"b\":2}" },
		{ "{\"a\":1,\"b\":2}", "{\"a\":null}", "{\"b\":2}" },
		{ "{\"a\":1}", "{\"z\":0,\"b\":\"\\/\\u00e9\"}",
		    "{\"a\":1,\"z\":0,\"b\":\"/\u00e9\"}" },
		{ "{\"a\":{\"x\":1}}", "{\"a\":{\"y\":null}}",
		    "{\"a\":{\"y\":null}}" },
		{ "{\"a\":null}", "{\"b\":[null]}",
		    "{\"a\":null,\"b\":[null]}" },
		{ "{\"n\":1.50}", "{\"m\":0.1000}",
		    "{\"n\":1.50,\"m\":0.1000}" },
		{ "{\"\":1}", "{\"\":null}", "{}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(shape_merge(arena, rows[i].old,
		    rows[i].changes, 50), rows[i].merged);
}

static void
test_limits(void **state)
{
	char	 text[LIMIT_METADATA + 16], *at;

	(void)state;
	assert_non_null(shape_merge(arena, "{\"a\":1}", "{\"b\":1}", 2));
	assert_null(shape_merge(arena, "{\"a\":1}", "{\"b\":1}", 1));
	assert_non_null(shape_merge(arena, "{\"a\":1}",
	    "{\"b\":1,\"a\":null}", 1));

	/* {"t":"xxx"} of just as many bytes as there may be. */
	memset(text, 'x', sizeof(text));
	memcpy(text, "{\"t\":\"", 6);
	at = text + LIMIT_METADATA - 2;
	memcpy(at, "\"}", 3);
	assert_non_null(shape_merge(arena, NULL, text, 50));
	memcpy(at, "x\"}", 4);
	assert_null(shape_merge(arena, NULL, text, 50));
}

struct change {
	const char	*text, *raw;
};

static const struct shape change_in = SHAPE("Change", struct change,
	{ "text", TEXT(struct change, text), CLEARS, 1, 5 },
	{ "raw",  RAW(struct change, raw), CLEARS, 0, 5 });

static struct change
read_change(const char *body, size_t faults)
{
	struct source source = { .body = body, .body_size = strlen(body) };
	struct ignored ignored;
	struct faults found;
	struct change c;

	faults_init(&found, arena);
	assert_int_equal(shape_read(&change_in, &source, arena, &c, &found,
	    &ignored), faults == 0 ? SHAPE_GOOD : SHAPE_FAULTS);
	assert_int_equal(found.count, faults);
	return c;
}

static void
test_null_clears(void **state)
{
	struct change c = read_change("{}", 0);

	(void)state;
	assert_null(c.text);
	assert_null(c.raw);
	c = read_change("{\"text\":null,\"raw\":null}", 0);
	assert_string_equal(c.text, "");
	assert_string_equal(c.raw, "");
	c = read_change("{\"text\":\"x\",\"raw\":{}}", 0);
	assert_string_equal(c.text, "x");
	assert_string_equal(c.raw, "{}");
	(void)read_change("{\"text\":\"\",\"raw\":\"\"}", 2);
	assert_true(shape_digest(&change_in,
	    &(struct change){ "", "" }) != 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(test_members_change),
		TEST(test_limits),
		TEST(test_null_clears),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
