/*
 * Hex, base64, percent-encoding and UTF-8, with the spellings that must not
 * pass beside those that must.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"

static void
hex(void **state)
{
	static const char *const wrong[] = {
		"", "0", "00", "00fF1", "00ff1", "00ff1g", "00ff1 ", "00ff100",
		"00ff1000", " 0ff10", "0x0f10", "+0ff10",
	};
	unsigned char	bytes[3] = { 0x00, 0xff, 0x1a };
	unsigned char	back[3];
	char		text[7];
	size_t		i;

	(void)state;
	encode_hex(text, bytes, 3);
	assert_string_equal(text, "00ff1a");
	encode_hex(text, bytes, 0);
	assert_string_equal(text, "");
	assert_true(encode_unhex(back, 3, "00FF1a"));
	assert_memory_equal(back, bytes, 3);
	assert_true(encode_unhex(back, 0, ""));
	assert_false(encode_unhex(back, 0, "0"));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(encode_unhex(back, 3, wrong[i]));
}

/* The vectors of RFC 4648, section 10. */
static void
base64(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
		{ "\xfb\xff\xbf", "+/+/" },
	};
	struct arena	*arena = arena_new();
	unsigned char	*back;
	size_t		 i, size;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal(encode_base64(arena, cases[i][0],
		    strlen(cases[i][0])), cases[i][1]);
		back = encode_unbase64(arena, cases[i][1], &size);
		assert_non_null(back);
		assert_int_equal(size, strlen(cases[i][0]));
		assert_memory_equal(back, cases[i][0], size);
	}
	arena_free(arena);
}

static void
base64_that_is_none(void **state)
{
	static const char *const cases[] = {
		"Z", "Zg", "Zg=", "Zg===", "Zm9v=", "====", "=", "Z===",
		"Zg==Zg==", "Zm8=Zm9v", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n",
		"Zm9v ", "Zm-_", "Zm9\xc3", "Z=g=", "=Zg=", "Zm9vYmF",
	};
	struct arena	*arena = arena_new();
	size_t		 i, size;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (encode_unbase64(arena, cases[i], &size) != NULL)
			fail_msg("%s was taken", cases[i]);
	arena_free(arena);
}

static void
base64_of_every_byte(void **state)
{
	struct arena	*arena = arena_new();
	unsigned char	 bytes[256], *back;
	size_t		 size, got;

	(void)state;
	for (size = 0; size < sizeof(bytes); size++)
		bytes[size] = (unsigned char)(size * 7);
	for (size = 0; size <= sizeof(bytes); size++) {
		back = encode_unbase64(arena,
		    encode_base64(arena, bytes, size), &got);
		assert_non_null(back);
		assert_int_equal(got, size);
		assert_memory_equal(back, bytes, size);
	}
	arena_free(arena);
}

static const char *
unpercent(struct arena *arena, const char *text, bool plus)
{
	return encode_unpercent(arena, text, strlen(text), plus);
}

/* Without padding, and with letters for addresses: RFC 4648, section 5. */
static void
base64_bare(void **state)
{
	static const struct {
		const char	*in, *plain, *url;
	} cases[] = {
		{ "", "", "" }, { "f", "Zg", "Zg" }, { "fo", "Zm8", "Zm8" },
		{ "foo", "Zm9v", "Zm9v" },
		{ "\xfb\xff\xbf", "+/+/", "-_-_" },
		{ "\xfb\xff", "+/8", "-_8" },
	};
	static const char *const	 wrong[] = {
		"Z", "Zg=", "Zg==", "Zh", "Zm9", "Zm 9v", "Zm9v=", "+/+/=",
		"Zm9vY", "Zm9vY===", "\n", "+_+/", "-/-_",
	};
	struct arena	*arena = arena_new();
	unsigned char	*back;
	size_t		 i, size;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size = strlen(cases[i].in);
		assert_string_equal(encode_base64_bare(arena, ENCODE_PLAIN,
		    cases[i].in, size), cases[i].plain);
		assert_string_equal(encode_base64_bare(arena, ENCODE_URL,
		    cases[i].in, size), cases[i].url);
		back = encode_unbase64_bare(arena, ENCODE_URL, cases[i].url,
		    strlen(cases[i].url), &size);
		assert_memory_equal(back, cases[i].in, strlen(cases[i].in));
		assert_int_equal(size, strlen(cases[i].in));
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_null(encode_unbase64_bare(arena, ENCODE_PLAIN,
		    wrong[i], strlen(wrong[i]), &size));
		assert_null(encode_unbase64_bare(arena, ENCODE_URL,
		    wrong[i], strlen(wrong[i]), &size));
	}
	assert_null(encode_unbase64_bare(arena, ENCODE_URL, "+/+/", 4, &size));
	assert_null(encode_unbase64_bare(arena, ENCODE_PLAIN, "-_-_", 4,
	    &size));
	assert_null(encode_unbase64_bare(arena, ENCODE_PLAIN, "Zg\0\0", 4,
	    &size));
	/* Only so many bytes are read. */
	back = encode_unbase64_bare(arena, ENCODE_URL, "Zm9v.Zm9v", 4, &size);
	assert_memory_equal(back, "foo", size);
	arena_free(arena);
}

static void
percent(void **state)
{
	static const char *const wrong[] = {
		"%", "a%", "%4", "a%4", "%4g", "%g4", "%%41", "%00", "a%00b",
		"%ff", "%c3", "%c3%28", "%ed%a0%80", "%c0%80", "% 41", "%+41",
		"\xff", "%e2%82",
	};
	struct arena	*arena = arena_new();
	size_t		 i;

	(void)state;
	assert_string_equal(unpercent(arena, "", false), "");
	assert_string_equal(unpercent(arena, "a%2Fb%2fc", false), "a/b/c");
	assert_string_equal(unpercent(arena, "jos%C3%A9", false),
	    "jos\xc3\xa9");
	assert_string_equal(unpercent(arena, "jos\xc3%A9", false),
	    "jos\xc3\xa9");
	assert_string_equal(unpercent(arena, "a+b%2B", true), "a b+");
	assert_string_equal(unpercent(arena, "a+b%2B", false), "a+b+");
	/* What it yields is not read a second time. */
	assert_string_equal(unpercent(arena, "%2541", false), "%41");
	/* Only as many bytes as were said. */
	assert_string_equal(encode_unpercent(arena, "ab%41", 2, false), "ab");
	assert_null(encode_unpercent(arena, "%41", 2, false));
	assert_null(encode_unpercent(arena, "a\0b", 3, false));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (unpercent(arena, wrong[i], true) != NULL)
			fail_msg("%s was taken", wrong[i]);

	assert_string_equal(encode_percent(arena, ""), "");
	assert_string_equal(encode_percent(arena, "aZ09-._~"), "aZ09-._~");
	assert_string_equal(encode_percent(arena, "a b/\xc3\xa9+%\x01"),
	    "a%20b%2F%C3%A9%2B%25%01");
	arena_free(arena);
}

static void
percent_there_and_back(void **state)
{
	struct arena	*arena = arena_new();
	char		 text[3] = "";
	int		 c;

	(void)state;
	for (c = 1; c < 128; c++) {
		text[0] = (char)c;
		assert_string_equal(unpercent(arena,
		    encode_percent(arena, text), true), text);
	}
	arena_free(arena);
}

static void
utf8_well_formed(void **state)
{
	static const struct {
		const char	*text;
		size_t		 length;
	} cases[] = {
		{ "", 0 }, { "abc", 3 }, { "\x7f", 1 },
		{ "\xc2\x80", 1 }, { "\xdf\xbf", 1 },		/* two bytes */
		{ "\xe0\xa0\x80", 1 }, { "\xef\xbf\xbf", 1 },	/* three */
		{ "\xed\x9f\xbf", 1 }, { "\xee\x80\x80", 1 },
		{ "\xf0\x90\x80\x80", 1 }, { "\xf4\x8f\xbf\xbf", 1 },
		{ "Zo\xc3\xab \xf0\x9f\x8e\x97", 5 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(encode_is_utf8(cases[i].text,
		    strlen(cases[i].text)));
		assert_int_equal(encode_length(cases[i].text),
		    cases[i].length);
	}
	assert_true(encode_is_utf8("a\0b", 3));
}

static void
utf8_malformed(void **state)
{
	static const char *const cases[] = {
		"\x80", "\xbf", "a\x80", "\xc2", "\xc2" "a", "\xc3\xa9\xa9",
		"\xc0\x80", "\xc1\xbf",			/* overlong */
		"\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf",
		"\xed\xa0\x80", "\xed\xbf\xbf",		/* surrogates */
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80",
		"\xfe", "\xff", "\xe2\x82", "\xe2\x82" "a", "\xf0\x9f\x8e",
		"\xf0\x9f\x8e" "a", "\xe2" "a\x82", "\xf0\x9f" "a\x97",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (encode_is_utf8(cases[i], strlen(cases[i])))
			fail_msg("case %zu was taken", i);
	/* The end comes before the character's. */
	assert_false(encode_is_utf8("\xc3\xa9", 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex),
		cmocka_unit_test(base64),
		cmocka_unit_test(base64_that_is_none),
		cmocka_unit_test(base64_of_every_byte),
		cmocka_unit_test(base64_bare),
		cmocka_unit_test(percent),
		cmocka_unit_test(percent_there_and_back),
		cmocka_unit_test(utf8_well_formed),
		cmocka_unit_test(utf8_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
