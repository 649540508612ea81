/*
 * shape_read: whole requests, their path and query too; everything that is
 * wrong at once.
 */
#include "tests/unit/json_read.h"

static const struct shape text_in = SHAPE("T", struct one,
	{ "text", TEXT(struct one, text), NEED, 2, 5 });
static const struct shape query_in = SHAPE("T", struct one,
	{ "id",    TEXT(struct one, id),       PATH, 1, 6, .form = &id_form },
	{ "page",  INT(struct one, page),      QUERY, 1, 100, .preset = 1 },
	{ "any",   INT(struct one, any),       QUERY, INT64_MIN },
	{ "flag",  BOOL(struct one, flag),     QUERY },
	{ "maybe", MAYBE(struct one, maybe),   QUERY },
	{ "tokens", TOKENS(struct one, tokens), QUERY },
	{ "from",  DECIMAL(struct one, from),  QUERY },
	{ "since", MOMENT(struct one, since),  QUERY },
	{ "sort",  WORD(struct one, sort),     QUERY, .words = words },
	{ "text",  TEXT(struct one, text),     0, 1, 5 });

static const struct shape many_in = SHAPE("T", struct one,
	{ "id",     TEXT(struct one, id),         PATH, 1, 3 },
	{ "page",   INT(struct one, page),        QUERY | NEED, 1, 9 },
	{ "text",   TEXT(struct one, text),       NEED, 1, 3 },
	{ "count",  INT(struct one, count),       NEED, 1 },
	{ "people", LIST(struct one, people),     NEED, 1, 3,
	    .each = &person_in },
	{ "raw",    RAW(struct one, raw),         NEED },
	{ "tags",   LIST(struct one, tags),       NEED });

static void
check_all(const char *const (*rows)[2], size_t count)
{
	const struct fault	*fault = faults.first;

	assert_int_equal(faults.count, count);
	for (size_t i = 0; i < count; i++, fault = fault->next)
		check_fault(fault, rows[i][0], rows[i][1]);
	assert_null(fault);
}

/* Nobody has to mend a body once for each fault it has. */
static void
test_all_at_once(void **state)
{
	static const char *const	 said[][2] = {
		{ "/text", "Must be a string of 1 to 3 characters, not 4." },
		{ "/count", "Must be an integer of at least 1, not 0." },
		{ "/people/0/userEmail",
		    "Required: a string of 3 to 10 characters." },
		{ "/people/0/age",
		    "Must be an integer from 0 to 150, not 151." },
		{ "/people/2", "Must be an object, not a string." },
		{ "/raw", "Must be an object of at most 16384 bytes, "
		    "not a string." },
		{ "/tags", "Required: an array of strings." },
		{ "/id", "Must be a string of 1 to 3 characters in the path, "
		    "not 4." },
		{ "/page", "Required in the query: an integer from 1 to 9." },
	};
	static const char *const	 unsaid[][2] = {
		{ "/text", "Required: a string of 1 to 3 characters." },
		{ "/count", "Required: an integer of at least 1." },
		{ "/people", "Required: an array of 1 to 3 objects." },
		{ "/raw", "Required: an object of at most 16384 bytes." },
		{ "/tags", "Required: an array of strings." },
		{ "/id", "Required in the path: a string of 1 to 3 "
		    "characters." },
		{ "/page", "Required in the query: an integer from 1 to 9." },
	};
	static const char		 body[] =
	    "{\"text\":\"long\",\"count\":0,"
	    "\"people\":[{\"age\":151},{\"userEmail\":\"a@b\"},\"c\"],"
	    "\"raw\":\"\",\"typo\":1}";
	struct pair			 path = { "id", "1234" };
	struct source			 src = { .body = body,
	    .body_size = sizeof(body) - 1, .path = &path, .paths = 1 };

	(void)state;
	assert_int_equal(read_source(&many_in, &src), SHAPE_FAULTS);
	check_all(said, sizeof(said) / sizeof(said[0]));
	assert_int_equal(ignored.count, 1);

	src = (struct source){ .body = "", .body_size = 0 };
	assert_int_equal(read_source(&many_in, &src), SHAPE_FAULTS);
	check_all(unsaid, sizeof(unsaid) / sizeof(unsaid[0]));
	assert_int_equal(read_body(&many_in, NULL), SHAPE_FAULTS);
	check_all(unsaid, sizeof(unsaid) / sizeof(unsaid[0]));
}

static const struct shape endless_in = SHAPE("T", struct one,
	{ "tags", LIST(struct one, tags) });

/* A body of nothing but faults is told the first of them. */
static void
test_too_many(void **state)
{
	char	*body = arena_alloc(arena, 20 * 1024), *p = body;

	(void)state;
	p += sprintf(p, "{\"tags\":[0");
	for (int i = 0; i < 5000; i++)
		p += sprintf(p, ",%d", i % 10);
	(void)strcpy(p, "]}");
	assert_int_equal(read_body(&endless_in, body), SHAPE_FAULTS);
	assert_int_equal(faults.count, LIMIT_FAULTS);
}

static void
test_not_object(void **state)
{
	static const char *const	 bodies[] = {
		"[]", "null", " \"text\" ", "12", "true", "[{\"text\":\"ab\"}]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		bad(&text_in, bodies[i], "", "Must be a JSON object.");
}

static void
test_malformed(void **state)
{
	(void)state;
	assert_int_equal(read_body(&text_in, "{\"text\":\"ab\",}"),
	    SHAPE_MALFORMED);
	assert_int_equal(faults.count, 1);
	check_fault(faults.first, "",
	    "Byte 13: a member's name in double quotes is expected.");
	assert_int_equal(read_body(&many_in, "{\"text\":1,\"t\\u0065xt\":2}"),
	    SHAPE_MALFORMED);
	assert_int_equal(faults.count, 1);
	check_fault(faults.first, "/text",
	    "Byte 10: this object has a member of that name already.");
	assert_int_equal(read_body(&text_in, " "), SHAPE_MALFORMED);
	/* A parser that stopped in the middle reads the next body all right. */
	good(&text_in, " \r\n\t{\"text\":\"ab\"} \r\n\t");
}

static enum shape_read
ask(const char *name, const char *value)
{
	struct pair	 path = { "id", "af" };
	struct pair	 query = { name, value };
	struct source	 src = { .path = &path, .paths = 1, .query = &query,
				 .queries = 1 };

	return read_source(&query_in, &src);
}

static void
bad_query(const char *name, const char *value)
{
	char	 pointer[32];

	assert_int_equal(ask(name, value), SHAPE_FAULTS);
	assert_int_equal(faults.count, 1);
	(void)snprintf(pointer, sizeof(pointer), "/%s", name);
	assert_string_equal(faults.first->pointer, pointer);
	assert_non_null(strstr(faults.first->detail, " in the query"));
}

static void
test_query(void **state)
{
	static const char *const	 not_ints[] = { "", "-", "+1", " 1",
	    "1 ", "1.0", "1e3", "0x1", "9223372036854775808", "--1", "1-",
	    "-9223372036854775809", "99999999999999999999999999" };

	(void)state;
	assert_int_equal(ask("page", "100"), SHAPE_GOOD);
	assert_int_equal(one.page, 100);
	assert_string_equal(one.id, "af");
	assert_int_equal(one.sort, -1);
	assert_int_equal(ask("any", "9223372036854775807"), SHAPE_GOOD);
	assert_true(one.any == INT64_MAX);
	assert_int_equal(one.page, 1);
	assert_int_equal(ask("any", "-9223372036854775808"), SHAPE_GOOD);
	assert_true(one.any == INT64_MIN);
	for (size_t i = 0; i < sizeof(not_ints) / sizeof(not_ints[0]); i++)
		bad_query("any", not_ints[i]);
	bad_query("page", "0");
	bad_query("page", "101");
	check_fault(faults.first, "/page",
	    "Must be an integer from 1 to 100 in the query, not 101.");

	assert_int_equal(ask("flag", "true"), SHAPE_GOOD);
	assert_true(one.flag);
	assert_int_equal(ask("maybe", "false"), SHAPE_GOOD);
	assert_int_equal(one.maybe, NO);
	bad_query("flag", "1");
	bad_query("maybe", "TRUE");
	bad_query("maybe", "truex");
	assert_int_equal(ask("tokens", "12"), SHAPE_GOOD);
	assert_int_equal(one.tokens.units, 12);
	bad_query("tokens", "-1");
	assert_int_equal(ask("from", "49.99"), SHAPE_GOOD);
	check_decimal(one.from, 4999, 2);
	bad_query("from", "-0.01");
	bad_query("from", "49,99");
	bad_query("from", "");
	assert_int_equal(ask("since", "2026-05-10T09:12:00Z"), SHAPE_GOOD);
	assert_true(one.since.ms == 1778404320000);
	bad_query("since", "yesterday");
	assert_int_equal(ask("sort", "GREEN"), SHAPE_GOOD);
	assert_int_equal(one.sort, 1);
	bad_query("sort", "green");

	/* Names of other sources are not of the query. */
	assert_int_equal(ask("id", "ff"), SHAPE_GOOD);
	assert_string_equal(one.id, "af");
	assert_string_equal(ignored.pointers[0], "/id");
	assert_int_equal(ask("text", "ff"), SHAPE_GOOD);
	assert_null(one.text);
}

static void
test_query_twice(void **state)
{
	struct pair	 path = { "id", "xyz" };
	struct pair	 query[] = { { "page", "1" }, { "page", "1" } };
	struct source	 src = { .path = &path, .paths = 1, .query = query,
				 .queries = 2 };

	(void)state;
	assert_int_equal(read_source(&query_in, &src), SHAPE_FAULTS);
	assert_int_equal(faults.count, 2);
	check_fault(faults.first, "/id", "Must be a string of 1 to 6 "
	    "characters (hex digits) in the path.");
	check_fault(faults.first->next, "/page",
	    "Said more than once in the query: say it once.");
}

static void
test_sources(void **state)
{
	struct pair	 query = { "statsu", "PAID" };
	struct source	 src = { .query = &query, .queries = 1 };

	(void)state;
	/* A body cannot say what the path and the query say. */
	src.body = "{\"id\":\"1\",\"page\":\"x\"}";
	src.body_size = strlen(src.body);
	assert_int_equal(read_source(&query_in, &src), SHAPE_FAULTS);
	assert_int_equal(faults.count, 1);
	assert_string_equal(faults.first->pointer, "/id");
	assert_int_equal(ignored.count, 3);
	assert_string_equal(ignored.pointers[0], "/id");
	assert_string_equal(ignored.pointers[1], "/page");
	assert_string_equal(ignored.pointers[2], "/statsu");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_at_once),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_not_object),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_query_twice),
		cmocka_unit_test(test_sources),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
