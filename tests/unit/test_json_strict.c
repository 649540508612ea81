/*
 * strict_check: what RFC 8259 takes, what it refuses, and what json-c would
 * have taken all the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/faults.h"
#include "lib/base/limits.h"
#include "lib/json/strict.h"
#include "tests/unit/arena.h"

static struct faults	 faults;

static bool
check(const char *text, size_t size)
{
	/* Of exactly its size, so that a read behind it shows. */
	char	*copy;
	bool	 good;

	faults_init(&faults, arena);
	copy = malloc(size + (size == 0));
	memcpy(copy, text, size);
	good = strict_check(copy, size, &faults);
	free(copy);
	assert_int_equal(faults.count, !good);

	return good;
}

static void
good(const char *text)
{
	if (!check(text, strlen(text)))
		fail_msg("%s: %s", text, faults.first->detail);
}

/* It is refused, at that place and that byte. */
static void
bad(const char *text, const char *pointer, size_t byte)
{
	char	 begin[32];

	if (check(text, strlen(text)))
		fail_msg("%s is taken", text);
	(void)snprintf(begin, sizeof(begin), "Byte %zu: ", byte);
	if (strcmp(faults.first->pointer, pointer) != 0 ||
	    strncmp(faults.first->detail, begin, strlen(begin)) != 0)
		fail_msg("%s: \"%s\" %s", text, faults.first->pointer,
		    faults.first->detail);
}

static void
test_grammar(void **state)
{
	(void)state;
	good("{}");
	good("[]");
	good(" \t\r\n{ \"a\" : [ 1 , \"b\" , { } ] }\n");
	good("null");
	good("\"alone\"");
	good("-0");
	good("[true,false,null]");
	good("{\"\":1,\"a\":2}");

	bad("", "", 0);
	bad("  ", "", 2);
	bad("{", "", 1);
	bad("[", "/0", 1);
	bad("{} {}", "", 3);
	bad("{}x", "", 2);
	bad("[1 2]", "", 3);
	bad("{\"a\" 1}", "/a", 5);
	bad("{\"a\":1 \"b\":2}", "", 7);
	bad("{\"a\"}", "/a", 4);
	bad("{1:2}", "", 1);
	bad("[1}", "", 2);
	bad("]", "", 0);
	bad("tru", "", 0);
	bad("True", "", 0);
	bad("nul", "", 0);
	bad("[\f1]", "/0", 1);
	bad("\xEF\xBB\xBF{}", "", 0);
	bad("{\"a\":{\"b\":[0,{\"c/~\":x}]}}", "/a/b/1/c~1~0", 20);
	assert_false(check("{}\0", 3));
	assert_false(check("\0{}", 3));
	assert_false(check("[1,\0]", 5));
}

/* Each of these is taken by json-c 0.16, some of them though it is strict. */
static void
test_traps(void **state)
{
	(void)state;
	bad("{'a':1}", "", 1);
	bad("{\"a\":'b'}", "/a", 5);
	bad("{\"a\":NaN}", "/a", 5);
	bad("{\"a\":nan}", "/a", 5);
	bad("{\"a\":Infinity}", "/a", 5);
	bad("{\"a\":-Infinity}", "/a", 6);
	bad("{\"a\":\"b\\u0000c\"}", "/a", 7);
	bad("{\"a\\u0000\":1}", "", 3);
	bad("{\"a\":1,\"a\":2}", "/a", 7);
	bad("{\"a\":9223372036854775808}", "/a", 5);
	bad("{\"a\":-9223372036854775809}", "/a", 5);
	bad("{\"a\":18446744073709551616}", "/a", 5);
	bad("{\"a\":99999999999999999999999}", "/a", 5);
	good("{\"a\":9223372036854775807}");
	good("{\"a\":-9223372036854775808}");
	good("{\"a\":9223372036854775808.0}");
	good("{\"a\":9223372036854775808e0}");
	bad("{\"a\":1,}", "", 7);
	bad("[1,]", "/1", 3);
	bad("[,1]", "/0", 1);
	bad("[1,,2]", "/1", 3);
	bad("{} // comment", "", 3);
	bad("{/* comment */}", "", 1);
	bad("{\"a\":1}#", "", 7);
}

static void
test_numbers(void **state)
{
	(void)state;
	good("[0,-0,0.0,-0.0,1,-1,10,1.5,1e5,1E5,1e+5,1e-5,1.25E-10,0e0]");
	good("[49.99,0.1000,1e999,123456789012345678901234567890.5]");
	bad("[01]", "/0", 1);
	bad("[-01]", "/0", 1);
	bad("[00]", "/0", 1);
	bad("[+1]", "/0", 1);
	bad("[.5]", "/0", 1);
	bad("[5.]", "/0", 3);
	bad("[-]", "/0", 2);
	bad("[1e]", "/0", 3);
	bad("[1e+]", "/0", 4);
	bad("[1.e1]", "/0", 3);
	bad("[0x10]", "", 2);
	bad("[1_000]", "", 2);
	bad("[--1]", "/0", 2);
	bad("1.", "", 2);
	bad("-", "", 1);
}

static void
test_strings(void **state)
{
	(void)state;
	good("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"]");
	good("[\"\\u0001\\u001F\\uFFFF\x7F\"]");
	bad("[\"\\u12\"]", "/0", 2);
	bad("[\"\\u12G4\"]", "/0", 2);
	bad("[\"\\u+123\"]", "/0", 2);
	bad("[\"\\u 123\"]", "/0", 2);
	bad("[\"\\U0041\"]", "/0", 2);
	bad("[\"\\x41\"]", "/0", 2);
	bad("[\"\\'\"]", "/0", 2);
	bad("[\"\\a\"]", "/0", 2);
	bad("[\"\\v\"]", "/0", 2);
	bad("[\"\\0\"]", "/0", 2);
	bad("[\"a\\uD800\"]", "/0", 3);
	bad("[\"\\uDC00\"]", "/0", 2);
	bad("[\"\\uD800\\uD800\"]", "/0", 2);
	bad("[\"\\uD800\\u0041\"]", "/0", 2);
	bad("[\"\\uD800A\"]", "/0", 2);
	bad("[\"\\uDC00\\uD800\"]", "/0", 2);
	bad("[\"\\uD83D\\uDE0", "/0", 2);
	bad("[\"a\tb\"]", "/0", 3);
	bad("[\"a\nb\"]", "/0", 3);
	bad("[\"\x1F\"]", "/0", 2);
	bad("[\"abc", "/0", 5);
	bad("[\"abc\\", "/0", 5);
	bad("[\"abc\\u00", "/0", 5);
	assert_false(check("[\"a\0b\"]", 7));
	assert_false(check("[\"\\\0\"]", 6));
}

static void
test_utf8(void **state)
{
	(void)state;
	good("[\"\xC2\x80 \xDF\xBF \xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80\"]");
	good("[\"\xEF\xBF\xBF \xF0\x90\x80\x80 \xF4\x8F\xBF\xBF\"]");
	good("[\"\xE2\x80\xA8\xE2\x80\xA9\"]");
	bad("[\"a\x80\"]", "/0", 3);
	bad("[\"\xBF\"]", "/0", 2);
	bad("[\"\xC0\xAF\"]", "/0", 2);
	bad("[\"\xC1\xBF\"]", "/0", 2);
	bad("[\"\xC2\"]", "/0", 2);
	bad("[\"\xC2\x41\"]", "/0", 2);
	bad("[\"\xE0\x80\xAF\"]", "/0", 2);
	bad("[\"\xE0\x9F\xBF\"]", "/0", 2);
	bad("[\"\xED\xA0\x80\"]", "/0", 2);
	bad("[\"\xED\xBF\xBF\"]", "/0", 2);
	bad("[\"\xE2\x82\"]", "/0", 2);
	bad("[\"\xF0\x80\x80\xAF\"]", "/0", 2);
	bad("[\"\xF0\x8F\xBF\xBF\"]", "/0", 2);
	bad("[\"\xF4\x90\x80\x80\"]", "/0", 2);
	bad("[\"\xF5\x80\x80\x80\"]", "/0", 2);
	bad("[\"\xFF\xFE\"]", "/0", 2);
	bad("[\"\xF8\x88\x80\x80\x80\"]", "/0", 2);
	bad("[\"\xF0\x9F\x98", "/0", 2);
	bad("[\"\xC3", "/0", 2);
	bad("{\"a\xFF\":1}", "", 3);
	bad("[\xC2\xA0]", "/0", 1);
}

/* However a name is escaped, it is the same name. */
static void
test_duplicates(void **state)
{
	(void)state;
	bad("{\"a\":1,\"\\u0061\":2}", "/a", 7);
	bad("{\"\\u0061\":1,\"a\":2}", "/a", 12);
	bad("{\"\":1,\"\":2}", "/", 6);
	bad("{\"x\":{\"a\":1,\"b\":2,\"a\":3}}", "/x/a", 18);
	bad("[{\"a/b\":1,\"a\\/b\":1}]", "/0/a~1b", 10);
	bad("{\"\xC3\xA9\":1,\"\\u00E9\":2}", "/\xC3\xA9", 8);
	bad("{\"\xF0\x9F\x98\x80\":1,\"\\uD83D\\ude00\":2}",
	    "/\xF0\x9F\x98\x80", 10);
	bad("{\"\xE2\x82\xAC\":1,\"\\u20ac\":2}", "/\xE2\x82\xAC", 9);
	bad("{\"\\n\":1,\"\\u000A\":2}", "/\n", 8);
	bad("{\"\\\\\":1,\"\\u005c\":2}", "/\\", 8);
	bad("{\"a\":1,\"b\":2,\"c\":3,\"b\":4}", "/b", 19);

	good("{\"a\":1,\"A\":2,\"ab\":3,\"b\":4}");
	good("{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}");
	good("[{\"a\":1},{\"a\":1}]");
	/* The same sign in two normal forms is two names to any parser. */
	good("{\"\xC3\xA9\":1,\"e\xCC\x81\":2}");
}

/* More names than the first room has, in one object and in objects around. */
/* Eight bytes are looked at together: each value in each place among them. */
static void
test_places(void **state)
{
	char	 text[24];

	(void)state;
	for (int c = 0; c < 0x100; c++) {
		for (size_t at = 1; at < 21; at++) {
			memset(text, 'x', sizeof(text));
			text[0] = text[21] = '"';
			text[at] = (char)c;
			assert_int_equal(check(text, 22),
			    c >= 0x20 && c < 0x80 && c != '"' && c != '\\');
		}
	}
}

static void
test_many_names(void **state)
{
	char	*text = malloc(64 * 1024), *p = text;

	(void)state;
	p += sprintf(p, "{\"in\":{");
	for (int i = 0; i < 3000; i++)
		p += sprintf(p, "\"n%d\":%d,", i, i);
	p += sprintf(p, "\"last\":0},\"out\":1}");
	good(text);
	memcpy(strstr(text, "\"last\""), "\"n777\"", 6);
	assert_false(check(text, (size_t)(p - text)));
	assert_string_equal(faults.first->pointer, "/in/n777");
	free(text);
}

static void
test_depth(void **state)
{
	char	 text[4 * LIMIT_JSON_DEPTH + 16];

	(void)state;
	assert_int_equal(LIMIT_JSON_DEPTH, 16);
	memset(text, '[', 17);
	memset(text + 16, ']', 16);
	text[32] = '\0';
	good(text);
	memset(text, '[', 17);
	memset(text + 17, ']', 17);
	text[34] = '\0';
	bad(text, "/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0", 16);
	/* Depth is how many are open, not how many there were. */
	good("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grammar),
		cmocka_unit_test(test_traps),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_many_names),
		cmocka_unit_test(test_depth),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
