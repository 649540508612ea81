/*
 * shape_read: each plain kind of field at both sides of its limits.
 */
#include "tests/unit/json_read.h"

static const struct shape text_in = SHAPE("T", struct one,
	{ "text", TEXT(struct one, text), NEED, 2, 5 });
static const struct shape form_in = SHAPE("T", struct one,
	{ "text", TEXT(struct one, text), 0, 2, 5, .form = &id_form });
static const struct shape loose_in = SHAPE("T", struct one,
	{ "text", TEXT(struct one, text), NULLS });
static const struct shape int_in = SHAPE("T", struct one,
	{ "count", INT(struct one, count), NULLS, -5, 100, .preset = 7 },
	{ "any",   INT(struct one, any),   0, INT64_MIN });
static const struct shape bool_in = SHAPE("T", struct one,
	{ "yes",   BOOL(struct one, yes) },
	{ "maybe", MAYBE(struct one, maybe) });
static const struct shape tokens_in = SHAPE("T", struct one,
	{ "tokens", TOKENS(struct one, tokens), 0, 1, 1000 });
static const struct shape decimal_in = SHAPE("T", struct one,
	{ "amount", DECIMAL(struct one, amount), NULLS },
	{ "delta",  DECIMAL(struct one, delta),  0, -1 },
	{ "rate",   DECIMAL(struct one, rate),   0, -2, 3 });
static const struct shape moment_in = SHAPE("T", struct one,
	{ "at", MOMENT(struct one, at), NULLS });
static const struct shape word_in = SHAPE("T", struct one,
	{ "word", WORD(struct one, word), 0, .words = words });

static void
test_text(void **state)
{
	static const char	 must[] =
	    "Must be a string of 2 to 5 characters";
	char			 detail[128];

	(void)state;
	good(&text_in, "{\"text\":\"ab\"}");
	assert_string_equal(one.text, "ab");
	good(&text_in, "{\"text\":\"abcde\"}");
	/* Five characters, of 1 to 4 bytes, however they are written. */
	good(&text_in, "{\"text\":\"a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80!\"}");
	good(&text_in, "{\"text\":\"\\uD83D\\uDE00\\u00e9\\t\\\"\\/\"}");
	assert_string_equal(one.text, "\xF0\x9F\x98\x80\xC3\xA9\t\"/");

	(void)snprintf(detail, sizeof(detail), "%s, not 1.", must);
	bad(&text_in, "{\"text\":\"a\"}", "/text", detail);
	bad(&text_in, "{\"text\":\"\xF0\x9F\x98\x80\"}", "/text", detail);
	(void)snprintf(detail, sizeof(detail), "%s, not 6.", must);
	bad(&text_in, "{\"text\":\"abcdef\"}", "/text", detail);
	(void)snprintf(detail, sizeof(detail), "%s, not null.", must);
	bad(&text_in, "{\"text\":null}", "/text", detail);
	(void)snprintf(detail, sizeof(detail), "%s, not an integer.", must);
	bad(&text_in, "{\"text\":12}", "/text", detail);
	(void)snprintf(detail, sizeof(detail), "%s, not an array.", must);
	bad(&text_in, "{\"text\":[\"ab\"]}", "/text", detail);
	bad(&text_in, "{}", "/text",
	    "Required: a string of 2 to 5 characters.");

	good(&form_in, "{\"text\":\"0af\"}");
	good(&form_in, "{}");
	assert_null(one.text);
	bad(&form_in, "{\"text\":\"xyz\"}", "/text",
	    "Must be a string of 2 to 5 characters (hex digits).");

	good(&loose_in, "{\"text\":\"\"}");
	assert_string_equal(one.text, "");
	good(&loose_in, "{\"text\":null}");
	assert_null(one.text);
	bad(&loose_in, "{\"text\":false}", "/text",
	    "Must be a string, not a boolean.");
}

static void
test_int(void **state)
{
	(void)state;
	good(&int_in, "{\"count\":-5,\"any\":-9223372036854775808}");
	assert_int_equal(one.count, -5);
	assert_true(one.any == INT64_MIN);
	good(&int_in, "{\"count\":100,\"any\":9223372036854775807}");
	assert_int_equal(one.count, 100);
	assert_true(one.any == INT64_MAX);
	good(&int_in, "{\"count\":-0}");
	assert_int_equal(one.count, 0);
	good(&int_in, "{\"count\":null}");
	assert_int_equal(one.count, 7);
	good(&int_in, "{}");
	assert_int_equal(one.count, 7);
	assert_int_equal(one.any, 0);

	bad(&int_in, "{\"count\":-6}", "/count",
	    "Must be an integer from -5 to 100, not -6.");
	bad(&int_in, "{\"count\":101}", "/count",
	    "Must be an integer from -5 to 100, not 101.");
	bad(&int_in, "{\"count\":1.0}", "/count", "Must be an integer from "
	    "-5 to 100, not a number with fraction or exponent.");
	bad(&int_in, "{\"count\":1e1}", "/count", "Must be an integer from "
	    "-5 to 100, not a number with fraction or exponent.");
	bad(&int_in, "{\"count\":\"1\"}", "/count",
	    "Must be an integer from -5 to 100, not a string.");
	bad(&int_in, "{\"any\":true}", "/any",
	    "Must be an integer, not a boolean.");
	assert_int_equal(read_body(&int_in, "{\"any\":9223372036854775808}"),
	    SHAPE_MALFORMED);

	good(&tokens_in, "{\"tokens\":1000}");
	assert_int_equal(one.tokens.units, 1000);
	good(&tokens_in, "{\"tokens\":1}");
	bad(&tokens_in, "{\"tokens\":0}", "/tokens",
	    "Must be an integer from 1 to 1000, not 0.");
	bad(&tokens_in, "{\"tokens\":1001}", "/tokens",
	    "Must be an integer from 1 to 1000, not 1001.");
	bad(&tokens_in, "{\"tokens\":5.5}", "/tokens", "Must be an integer "
	    "from 1 to 1000, not a number with fraction or exponent.");
}

static void
test_bool(void **state)
{
	(void)state;
	good(&bool_in, "{\"yes\":true,\"maybe\":false}");
	assert_true(one.yes);
	assert_int_equal(one.maybe, NO);
	good(&bool_in, "{\"yes\":false,\"maybe\":true}");
	assert_false(one.yes);
	assert_int_equal(one.maybe, YES);
	good(&bool_in, "{}");
	assert_false(one.yes);
	assert_int_equal(one.maybe, UNSAID);
	bad(&bool_in, "{\"yes\":1}", "/yes",
	    "Must be true or false, not an integer.");
	bad(&bool_in, "{\"maybe\":\"true\"}", "/maybe",
	    "Must be true or false, not a string.");
	bad(&bool_in, "{\"maybe\":null}", "/maybe",
	    "Must be true or false, not null.");
}

static void
test_decimal(void **state)
{
	static const char	 must[] =
	    "Must be a number of at least 0, of at most 18 digits.";
	static const char	 rate[] =
	    "Must be a number from -2 to 3, of at most 18 digits.";

	(void)state;
	good(&decimal_in, "{\"amount\":49.99,\"delta\":-0.1000,\"rate\":1e0}");
	check_decimal(one.amount, 4999, 2);
	check_decimal(one.delta, -1000, 4);
	check_decimal(one.rate, 1, 0);
	good(&decimal_in, "{\"amount\":0,\"delta\":-12}");
	check_decimal(one.amount, 0, 0);
	check_decimal(one.delta, -12, 0);
	assert_false(one.rate.said);
	good(&decimal_in, "{\"amount\":0.1,\"delta\":123456789.012345678}");
	check_decimal(one.amount, 1, 1);
	check_decimal(one.delta, 123456789012345678, 9);
	good(&decimal_in, "{\"amount\":null}");
	assert_false(one.amount.said);

	good(&decimal_in, "{\"rate\":3.000}");
	good(&decimal_in, "{\"rate\":-2}");
	good(&decimal_in, "{\"rate\":-1.999}");
	good(&decimal_in, "{\"rate\":-0.5}");
	bad(&decimal_in, "{\"rate\":3.001}", "/rate", rate);
	bad(&decimal_in, "{\"rate\":-2.001}", "/rate", rate);
	bad(&decimal_in, "{\"rate\":4}", "/rate", rate);
	bad(&decimal_in, "{\"rate\":-3}", "/rate", rate);

	bad(&decimal_in, "{\"amount\":-0.01}", "/amount", must);
	bad(&decimal_in, "{\"amount\":-1}", "/amount", must);
	bad(&decimal_in, "{\"amount\":1e999}", "/amount", must);
	bad(&decimal_in, "{\"amount\":0.0000000000000000001}", "/amount", must);
	bad(&decimal_in, "{\"amount\":1234567890.123456789}", "/amount", must);
	bad(&decimal_in, "{\"amount\":9223372036854775807}", "/amount", must);
	bad(&decimal_in, "{\"amount\":\"49.99\"}", "/amount",
	    "Must be a number of at least 0, of at most 18 digits, "
	    "not a string.");
	bad(&decimal_in, "{\"delta\":[]}", "/delta",
	    "Must be a number, of at most 18 digits, not an array.");
}

static void
test_moment(void **state)
{
	static const char	 must[] = "Must be a time after 1970, "
	    "such as \"2026-05-10T09:12:00Z\".";

	(void)state;
	good(&moment_in, "{\"at\":\"2026-05-10T09:12:00Z\"}");
	assert_true(one.at.ms == 1778404320000);
	good(&moment_in, "{\"at\":\"2026-05-10T11:12:00.5+02:00\"}");
	assert_true(one.at.ms == 1778404320500);
	good(&moment_in, "{\"at\":null}");
	assert_true(one.at.ms == 0);
	good(&moment_in, "{}");
	bad(&moment_in, "{\"at\":\"2026-05-10\"}", "/at", must);
	bad(&moment_in, "{\"at\":\"2026-05-10T09:12:00\"}", "/at", must);
	bad(&moment_in, "{\"at\":\"2026-02-30T09:12:00Z\"}", "/at", must);
	bad(&moment_in, "{\"at\":\"\"}", "/at", must);
	/* This one would say that there is none. */
	bad(&moment_in, "{\"at\":\"1970-01-01T00:00:00Z\"}", "/at", must);
	good(&moment_in, "{\"at\":\"1970-01-01T00:00:01Z\"}");
	assert_int_equal(read_body(&moment_in, "{\"at\":1778404320}"),
	    SHAPE_FAULTS);
}

static void
test_word(void **state)
{
	static const char	 must[] = "Must be one of RED, GREEN, BLUE.";

	(void)state;
	good(&word_in, "{\"word\":\"RED\"}");
	assert_int_equal(one.word, 0);
	good(&word_in, "{\"word\":\"BL\\u0055E\"}");
	assert_int_equal(one.word, 2);
	good(&word_in, "{}");
	assert_int_equal(one.word, -1);
	bad(&word_in, "{\"word\":\"red\"}", "/word", must);
	bad(&word_in, "{\"word\":\"REDD\"}", "/word", must);
	bad(&word_in, "{\"word\":\"\"}", "/word", must);
	bad(&word_in, "{\"word\":0}", "/word",
	    "Must be one of RED, GREEN, BLUE, not an integer.");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_int),
		cmocka_unit_test(test_bool),
		cmocka_unit_test(test_decimal),
		cmocka_unit_test(test_moment),
		cmocka_unit_test(test_word),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
