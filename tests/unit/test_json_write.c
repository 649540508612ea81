/*
 * shape_write, shape_quote and shape_digest: what each kind looks like, that
 * it reads back as itself, and when two bodies say the same.
 */
#include <json-c/json.h>

#include "tests/unit/json_read.h"

#include "lib/base/buf.h"

static const char *const	 roles[] = { "A", "B", NULL };

#define FIELDS(flags) \
	{ "text",    TEXT(struct one, text),       flags }, \
	{ "count",   INT(struct one, count),       flags, INT64_MIN }, \
	{ "yes",     BOOL(struct one, yes),        flags }, \
	{ "maybe",   MAYBE(struct one, maybe),     flags }, \
	{ "tokens",  TOKENS(struct one, tokens),   flags }, \
	{ "amount",  DECIMAL(struct one, amount),  flags, -1 }, \
	{ "at",      MOMENT(struct one, at),       flags }, \
	{ "word",    WORD(struct one, word),       flags, .words = roles }, \
	{ "raw",     RAW(struct one, raw),         flags }, \
	{ "people",  LIST(struct one, people),     flags, \
	    .each = &person_in }, \
	{ "tags",    LIST(struct one, tags),       flags }, \
	{ "address", OBJECT(struct one, address),  flags, .each = &person_in }

static const struct shape	 all = SHAPE("All", struct one, FIELDS(NULLS));
static const struct shape	 hide = SHAPE("All", struct one, FIELDS(HIDE));

static const char *
write_one(const struct shape *shape, const void *from)
{
	struct buf	 out;

	buf_init(&out, arena);
	shape_write(&out, shape, from);
	assert_int_equal(strlen(out.data), out.size);

	return buf_str(&out);
}

static void
test_quote(void **state)
{
	static const char *const	 rows[][2] = {
		{ "", "\"\"" },
		{ "plain", "\"plain\"" },
		{ "\"", "\"\\\"\"" },
		{ "a\\b/c", "\"a\\\\b/c\"" },
		{ "\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\"" },
		{ "\x01\x0B\x1F\x7F", "\"\\u0001\\u000b\\u001f\x7F\"" },
		{ "\xC3\xA9\xE2\x80\xA8\xF0\x9F\x98\x80",
		    "\"\xC3\xA9\xE2\x80\xA8\xF0\x9F\x98\x80\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf	 out;

		buf_init(&out, arena);
		shape_quote(&out, rows[i][0]);
		assert_string_equal(buf_str(&out), rows[i][1]);
	}
}

/* Eight bytes are looked at together: each value in each place among them. */
static void
test_quote_places(void **state)
{
	char	 text[24], other[24];

	(void)state;
	for (int c = 1; c < 0x80; c++) {
		for (size_t at = 0; at < 20; at++) {
			struct buf		 out;
			struct json_object	*string;

			memset(text, 'x', sizeof(text));
			text[20] = '\0';
			text[at] = (char)c;
			buf_init(&out, arena);
			shape_quote(&out, text);
			string = json_tokener_parse(buf_str(&out));
			(void)strcpy(other, json_object_get_string(string));
			json_object_put(string);
			assert_string_equal(text, other);
			/* Only what must be is escaped. */
			assert_int_equal(out.size == 22, c >= 0x20 &&
			    c != '"' && c != '\\');
		}
	}
}

static void
test_nothing(void **state)
{
	struct one	 none = { .word = -1 };

	(void)state;
	assert_string_equal(write_one(&all, &none),
	    "{\"text\":null,\"count\":null,\"yes\":false,\"maybe\":null,"
	    "\"tokens\":0,\"amount\":null,\"at\":null,\"word\":null,"
	    "\"raw\":null,\"people\":[],\"tags\":[],\"address\":null}");
	assert_string_equal(write_one(&hide, &none), "{}");
}

static void
test_everything(void **state)
{
	static const char	*tags[] = { "x", "", "\"" };
	struct person		 people[] = {
		{ "a@b", 1, 2 }, { NULL, -3, -1 },
	};
	struct one		 full = {
		.text = "t", .count = INT64_MIN, .yes = true, .maybe = NO,
		.tokens = { INT64_MAX }, .amount = { 4999, 2, true },
		.at = { 1778404320500 }, .word = 0, .raw = "{\"a\":1.50}",
		.people = { people, 2 }, .tags = { tags, 3 },
		.address = &people[0],
	};
	static const char	 json[] =
	    "{\"text\":\"t\",\"count\":-9223372036854775808,\"yes\":true,"
	    "\"maybe\":false,\"tokens\":9223372036854775807,"
	    "\"amount\":49.99,\"at\":\"2026-05-10T09:12:00.500Z\","
	    "\"word\":\"A\",\"raw\":{\"a\":1.50},\"people\":["
	    "{\"userEmail\":\"a@b\",\"age\":1,\"role\":\"BLUE\"},"
	    "{\"userEmail\":null,\"age\":-3,\"role\":null}],"
	    "\"tags\":[\"x\",\"\",\"\\\"\"],"
	    "\"address\":{\"userEmail\":\"a@b\",\"age\":1,\"role\":\"BLUE\"}}";

	(void)state;
	assert_string_equal(write_one(&all, &full), json);
	assert_string_equal(write_one(&hide, &full), json);
}

static const struct shape	 decimal_out = SHAPE("D", struct one,
	{ "amount", DECIMAL(struct one, amount) });

static void
test_decimals(void **state)
{
	static const struct {
		struct decimal	 d;
		const char	*text;
	} rows[] = {
		{ { 0, 0, true }, "0" },
		{ { 0, 2, true }, "0.00" },
		{ { 5, 1, true }, "0.5" },
		{ { -5, 3, true }, "-0.005" },
		{ { 1000, 4, true }, "0.1000" },
		{ { -4990, 2, true }, "-49.90" },
		{ { 500, 0, true }, "500" },
		{ { 999999999999999999, 18, true }, "0.999999999999999999" },
		{ { -1, 18, true }, "-0.000000000000000001" },
		{ { 999999999999999999, 0, true }, "999999999999999999" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct one	 from = { .amount = rows[i].d };
		char		 json[64];

		(void)snprintf(json, sizeof(json), "{\"amount\":%s}",
		    rows[i].text);
		assert_string_equal(write_one(&decimal_out, &from), json);
	}
}

/* What was written reads back as what it was, down to its bytes. */
static void
test_round_trip(void **state)
{
	static const char *const	 bodies[] = {
		"{}",
		"{\"text\":\"\\u0001\\\"\\\\\xE2\x80\xA8\\u20ac/\"}",
		"{\"count\":-9223372036854775808,\"tokens\":1}",
		"{\"amount\":-0.10,\"maybe\":true,\"word\":\"B\"}",
		"{\"amount\":1e3,\"at\":\"2026-05-10T11:12:00.123+02:00\"}",
		"{\"raw\":{\"\":[1.10,{\"x\":null}],\"\\u0007\":\"\\/\"}}",
		"{\"people\":[{\"userEmail\":\"a@b\",\"role\":\"RED\"},"
		    "{\"userEmail\":\"c@d\",\"age\":0,\"role\":\"BLUE\"}]}",
		"{\"tags\":[\"\\n\",\"b\"],\"yes\":true,"
		    "\"address\":{\"userEmail\":\"a@b\",\"role\":\"GREEN\"}}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		const char	*first, *again;

		good(&all, bodies[i]);
		first = write_one(&all, &one);
		good(&all, first);
		again = write_one(&all, &one);
		assert_string_equal(again, first);
		good(&all, write_one(&hide, &one));
		assert_string_equal(write_one(&all, &one), first);
	}
}

static int64_t
digest(const char *body)
{
	int64_t	 d;

	good(&all, body);
	d = shape_digest(&all, &one);
	assert_true(d >= 0);

	return d;
}

static const char	 said[] =
    "{\"text\":\"caf\xC3\xA9/\",\"count\":5,\"amount\":49.90,"
    "\"at\":\"2026-05-10T09:12:00Z\",\"maybe\":false,"
    "\"raw\":{\"a\":[1,2.50,\"x\"],\"b\":{\"c\":null,\"d\":true}},"
    "\"people\":[{\"userEmail\":\"a@b\",\"age\":18},"
    "{\"userEmail\":\"c@d\",\"age\":5}],\"tags\":[\"x\",\"y\"]}";

/* Order, spaces, escapes, zeros, presets and unknown members do not count. */
static void
test_digest_same(void **state)
{
	static const char	 other[] =
	    " { \"tags\" : [ \"x\" , \"\\u0079\" ], \"unknown\": 1,\n"
	    "\"people\":[{\"userEmail\":\"\\u0061@b\"},"
	    "{\"age\":5,\"userEmail\":\"c@d\"}],"
	    "\"r\\u0061w\":{\"b\":{\"d\":true,\"c\":null},"
	    "\"a\":[1.0,25e-1,\"\\u0078\"]},\"yes\":false,"
	    "\"maybe\":false,\"at\":\"2026-05-10T11:12:00.000+02:00\","
	    "\"amount\":4.99e1,\"count\":5,\"text\":\"caf\\u00E9\\/\"}\r\n";

	(void)state;
	assert_true(digest(said) == digest(other));
	assert_true(digest("{\"amount\":49.9}") ==
	    digest("{\"amount\":49.90000}"));
	assert_true(digest("{\"amount\":0}") == digest("{\"amount\":-0.00}"));
	assert_true(digest("{\"amount\":100}") == digest("{\"amount\":1e2}"));
	assert_true(digest("{\"text\":null}") == digest("{}"));
}

/* Each value that changes changes the digest, and each its own way. */
static void
test_digest_other(void **state)
{
	static const char *const	 swaps[][2] = {
		{ "\"caf\xC3\xA9/\"", "\"cafe/\"" },
		{ "\"caf\xC3\xA9/\"", "null" },
		{ "\"caf\xC3\xA9/\"", "\"\"" },
		{ "\"count\":5", "\"count\":6" },
		{ "\"count\":5", "\"count\":-5" },
		{ "\"count\":5", "\"tokens\":5" },
		{ "49.90", "49.91" },
		{ "49.90", "4990" },
		{ "49.90", "-49.90" },
		{ "09:12:00Z", "09:12:00.001Z" },
		{ "09:12:00Z", "09:12:00+01:00" },
		{ "\"maybe\":false", "\"maybe\":true" },
		{ "\"maybe\":false", "\"yes\":true" },
		{ "[1,2.50,\"x\"]", "[2.50,1,\"x\"]" },
		{ "[1,2.50,\"x\"]", "[1,2.51,\"x\"]" },
		{ "[1,2.50,\"x\"]", "[1,\"2.50\",\"x\"]" },
		{ "[1,2.50,\"x\"]", "[12.50,\"x\"]" },
		{ "[1,2.50,\"x\"]", "[]" },
		{ "\"c\":null", "\"c\":false" },
		{ "\"c\":null", "\"c\":\"null\"" },
		{ "\"c\":null,", "" },
		{ "\"c\":null", "\"C\":null" },
		{ "\"d\":true", "\"d\":1" },
		{ "a@b", "a@c" },
		{ "\"age\":5", "\"age\":18" },
		{ "\"x\",\"y\"", "\"y\",\"x\"" },
		{ "\"x\",\"y\"", "\"x\\\",\\\"y\"" },
		{ ",\"tags\":[\"x\",\"y\"]", "" },
	};
	const size_t	 count = sizeof(swaps) / sizeof(swaps[0]);
	int64_t		 seen[sizeof(swaps) / sizeof(swaps[0]) + 1];
	char		 body[1024];

	(void)state;
	seen[0] = digest(said);
	for (size_t i = 0; i < count; i++) {
		const char	*at = strstr(said, swaps[i][0]);

		assert_non_null(at);
		(void)snprintf(body, sizeof(body), "%.*s%s%s",
		    (int)(at - said), said, swaps[i][1],
		    at + strlen(swaps[i][0]));
		seen[i + 1] = digest(body);
		for (size_t j = 0; j <= i; j++)
			if (seen[j] == seen[i + 1])
				fail_msg("%s: same as %zu", body, j);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_quote_places),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_everything),
		cmocka_unit_test(test_decimals),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_digest_same),
		cmocka_unit_test(test_digest_other),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
