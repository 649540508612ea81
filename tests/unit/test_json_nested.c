/*
 * shape_read: objects, lists and what is in them; members that no shape has.
 */
#include "tests/unit/json_read.h"

static const struct shape text_in = SHAPE("T", struct one,
	{ "text", TEXT(struct one, text), NEED, 2, 5 });
static const struct shape raw_in = SHAPE("T", struct one,
	{ "raw", RAW(struct one, raw), NULLS, 0, 3 });
static const struct shape list_in = SHAPE("T", struct one,
	{ "people", LIST(struct one, people), 0, 1, 2, .each = &person_in },
	{ "tags",   LIST(struct one, tags),   0, 0, 3 });
static const struct shape object_in = SHAPE("T", struct one,
	{ "address", OBJECT(struct one, address), 0, .each = &person_in });

static void
test_raw(void **state)
{
	static const char	 must[] =
	    "Must be an object of at most 3 members and at most 16384 bytes";
	char			 detail[160], *body, *p;

	(void)state;
	good(&raw_in, "{\"raw\": { \"n\" : 49.9900, \"m\": 1e999, "
	    "\"o\": [ 12345678901234567.50, -7, null, true, {} ] } }");
	assert_string_equal(one.raw, "{\"n\":49.9900,\"m\":1e999,"
	    "\"o\":[12345678901234567.50,-7,null,true,{}]}");
	good(&raw_in, "{\"raw\":{\"a/b\":\"\\u00e9\\n\\u0001\\/\\\"\\\\\"}}");
	assert_string_equal(one.raw,
	    "{\"a/b\":\"\xC3\xA9\\n\\u0001/\\\"\\\\\"}");
	good(&raw_in, "{\"raw\":{}}");
	assert_string_equal(one.raw, "{}");
	good(&raw_in, "{\"raw\":null}");
	assert_null(one.raw);
	good(&raw_in, "{\"raw\":{\"a\":1,\"b\":2,\"c\":3}}");
	assert_int_equal(ignored.count, 0);

	(void)snprintf(detail, sizeof(detail), "%s, not 4.", must);
	bad(&raw_in, "{\"raw\":{\"a\":1,\"b\":2,\"c\":3,\"d\":4}}", "/raw",
	    detail);
	(void)snprintf(detail, sizeof(detail), "%s, not an array.", must);
	bad(&raw_in, "{\"raw\":[]}", "/raw", detail);

	/* The object is 8 bytes longer than the text in it. */
	body = p = arena_alloc(arena, LIMIT_METADATA + 64);
	p += sprintf(p, "{\"raw\":{ \"a\": \"");
	memset(p, 'x', LIMIT_METADATA - 8);
	p += LIMIT_METADATA - 8;
	(void)strcpy(p, "\"}}");
	good(&raw_in, body);
	assert_int_equal(strlen(one.raw), LIMIT_METADATA);
	(void)strcpy(p, "x\"}}");
	(void)snprintf(detail, sizeof(detail), "%s, not 16385 bytes.", must);
	bad(&raw_in, body, "/raw", detail);
}

static void
test_list(void **state)
{
	const struct person	*p;
	char			 body[LIMIT_ELEMENT + 32];

	(void)state;
	good(&list_in, "{\"people\":[{\"userEmail\":\"a@b\",\"role\":\"BLUE\"},"
	    "{\"age\":150,\"userEmail\":\"0123456789\"}],"
	    "\"tags\":[\"a\",\"b\",\"c\"]}");
	assert_int_equal(one.people.count, 2);
	p = one.people.items;
	assert_string_equal(p[0].email, "a@b");
	assert_int_equal(p[0].age, 18);
	assert_int_equal(p[0].role, 2);
	assert_int_equal(p[1].age, 150);
	assert_int_equal(p[1].role, -1);
	assert_int_equal(one.tags.count, 3);
	assert_string_equal(((const char **)one.tags.items)[2], "c");
	good(&list_in, "{\"tags\":[]}");
	assert_int_equal(one.tags.count, 0);
	assert_int_equal(one.people.count, 0);

	bad(&list_in, "{\"people\":[]}", "/people",
	    "Must be an array of 1 to 2 objects, not 0.");
	bad(&list_in, "{\"people\":[0,0,0]}", "/people",
	    "Must be an array of 1 to 2 objects, not 3.");
	bad(&list_in, "{\"people\":{}}", "/people",
	    "Must be an array of 1 to 2 objects, not an object.");
	bad(&list_in, "{\"people\":[null]}", "/people/0",
	    "Must be an object, not null.");
	bad(&list_in, "{\"people\":[{\"userEmail\":\"a@b\"},{}]}",
	    "/people/1/userEmail",
	    "Required: a string of 3 to 10 characters.");
	bad(&list_in, "{\"tags\":[\"a\",\"\"]}", "/tags/1",
	    "Must be a string of 1 to 255 characters, not 0.");
	bad(&list_in, "{\"tags\":[\"a\",null]}", "/tags/1",
	    "Must be a string of 1 to 255 characters, not null.");
	bad(&list_in, "{\"tags\":[\"a\",\"b\",\"c\",\"d\"]}", "/tags",
	    "Must be an array of at most 3 strings, not 4.");

	memset(body, 'x', sizeof(body));
	memcpy(body, "{\"tags\":[\"", 10);
	(void)strcpy(body + 10 + LIMIT_ELEMENT, "\"]}");
	good(&list_in, body);
	(void)strcpy(body + 10 + LIMIT_ELEMENT, "x\"]}");
	bad(&list_in, body, "/tags/0",
	    "Must be a string of 1 to 255 characters, not 256.");
}

static void
test_object(void **state)
{
	const struct person	*p;

	(void)state;
	good(&object_in, "{\"address\":{\"userEmail\":\"a@b\",\"age\":0}}");
	p = one.address;
	assert_string_equal(p->email, "a@b");
	assert_int_equal(p->age, 0);
	good(&object_in, "{}");
	assert_null(one.address);
	bad(&object_in, "{\"address\":{}}", "/address/userEmail",
	    "Required: a string of 3 to 10 characters.");
	bad(&object_in, "{\"address\":\"home\"}", "/address",
	    "Must be an object, not a string.");
	bad(&object_in, "{\"address\":null}", "/address",
	    "Must be an object, not null.");
}

static void
test_depth(void **state)
{
	char	 body[128];

	(void)state;
	/* Two objects and 14 arrays, with a value in the innermost. */
	(void)strcpy(body, "{\"raw\":{\"a\":[[[[[[[[[[[[[[1]]]]]]]]]]]]]]}}");
	good(&raw_in, body);
	assert_string_equal(one.raw, "{\"a\":[[[[[[[[[[[[[[1]]]]]]]]]]]]]]}");
	(void)strcpy(body, "{\"raw\":{\"a\":[[[[[[[[[[[[[[{}]]]]]]]]]]]]]]}}");
	assert_int_equal(read_body(&raw_in, body), SHAPE_MALFORMED);
}

static void
test_ignored(void **state)
{
	char		 body[1024], *p = body;

	(void)state;
	good(&list_in, "{\"a/b~c\":1,\"people\":[{\"userEmail\":\"a@b\","
	    "\"name\":{\"first\":1}}],\"\":null,\"TAGS\":[]}");
	assert_int_equal(ignored.count, 4);
	assert_string_equal(ignored.pointers[0], "/people/0/name");
	assert_string_equal(ignored.pointers[1], "/a~1b~0c");
	assert_string_equal(ignored.pointers[2], "/");
	assert_string_equal(ignored.pointers[3], "/TAGS");

	p += sprintf(p, "{\"text\":\"ab\"");
	for (int i = 0; i < 40; i++)
		p += sprintf(p, ",\"x%d\":%d", i, i);
	(void)strcpy(p, "}");
	good(&text_in, body);
	assert_int_equal(ignored.count, LIMIT_IGNORED);
	assert_string_equal(ignored.pointers[31], "/x31");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_object),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_ignored),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
