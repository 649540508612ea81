/*
 * openapi: what each kind of field becomes in the OpenAPI document, heard and
 * said, and which refusals an operation has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/api/openapi.h"
#include "tests/unit/arena.h"

struct one {
	const char	*text, *raw;
	int64_t		 count;
	bool		 yes;
	enum maybe	 maybe;
	struct tokens	 tokens;
	struct decimal	 amount;
	struct moment	 at;
	int		 word;
	struct list	 list;
	const void	*object;
};

static const struct shape	 each = SHAPE("Each", struct one,
	{ "text", TEXT(struct one, text), .about = "a" });

static const struct form	 form = { "digits", "^\\d+$", NULL };
static const char *const	 words[] = { "A", "B", NULL };

/* A field, and what it is where it is heard and where it is said. */
static const struct {
	struct field	 field;
	const char	*heard, *said;
} kinds[] = {
	{ { "x", TEXT(struct one, text), .about = "a" },
	    "'type':'string'", "'type':'string'" },
	{ { "x", TEXT(struct one, text), NULLS, 1, 9, .form = &form,
	    .about = "a" },
	    "'type':['string','null'],'minLength':1,'maxLength':9,"
	    "'pattern':'^\\\\d+$'",
	    "'type':['string','null'],'minLength':1,'maxLength':9,"
	    "'pattern':'^\\\\d+$'" },
	{ { "x", TEXT(struct one, text), CLEARS, .about = "a" },
	    "'type':['string','null']", "'type':['string','null']" },
	{ { "x", TEXT(struct one, text), .words = words, .about = "a" },
	    "'type':'string','enum':['A','B']",
	    "'type':'string','enum':['A','B']" },
	{ { "x", INT(struct one, count), 0, 1, 100, .preset = 20,
	    .about = "a" },
	    "'type':'integer','format':'int64','minimum':1,'maximum':100,"
	    "'default':20",
	    "'type':'integer','format':'int64','minimum':1,'maximum':100" },
	{ { "x", INT(struct one, count), NEED, .about = "a" },
	    "'type':'integer','format':'int64','minimum':0",
	    "'type':'integer','format':'int64'" },
	{ { "x", INT(struct one, count), 0, INT64_MIN, -1, .preset = 5,
	    .about = "a" },
	    "'type':'integer','format':'int64','maximum':-1", NULL },
	{ { "x", BOOL(struct one, yes), .about = "a" },
	    "'type':'boolean','default':false", "'type':'boolean'" },
	{ { "x", MAYBE(struct one, maybe), .about = "a" },
	    "'type':'boolean'", "'type':'boolean'" },
	{ { "x", TOKENS(struct one, tokens), NEED, 1, 7, .about = "a" },
	    "'type':'integer','format':'int64','minimum':1,'maximum':7",
	    NULL },
	{ { "x", DECIMAL(struct one, amount), 0, -1, .about = "a" },
	    "'type':'number'", "'type':'number'" },
	{ { "x", DECIMAL(struct one, amount), 0, 0, 100, .about = "a" },
	    "'type':'number','minimum':0,'maximum':100", NULL },
	{ { "x", MOMENT(struct one, at), .about = "a" },
	    "'type':'string','format':'date-time'",
	    "'type':'string','format':'date-time'" },
	{ { "x", WORD(struct one, word), NULLS, .words = words,
	    .about = "a" },
	    "'type':['string','null'],'enum':['A','B',null]", NULL },
	{ { "x", RAW(struct one, raw), 0, 0, 50, .about = "a" },
	    "'type':'object','maxProperties':50,"
	    "'additionalProperties':true", NULL },
	{ { "x", LIST(struct one, list), 0, 1, 20, .each = &each,
	    .about = "a" },
	    "'type':'array','minItems':1,'maxItems':20,"
	    "'items':{'$ref':'#/components/schemas/Each'}", NULL },
	{ { "x", ITEMS(struct one, list), 0, 1, 20, .each = &each,
	    .about = "a" },
	    "'type':'array','minItems':1,'maxItems':20,"
	    "'items':{'$ref':'#/components/schemas/Each'}", NULL },
	{ { "x", LIST(struct one, list), .form = &form, .about = "a" },
	    "'type':'array','items':{'type':'string','minLength':1,"
	    "'maxLength':255,'pattern':'^\\\\d+$'}",
	    "'type':'array','items':{'type':'string',"
	    "'pattern':'^\\\\d+$'}" },
	{ { "x", INTS(struct one, list), .about = "a" },
	    NULL, "'type':'array','items':{'type':'integer'}" },
	{ { "x", OBJECT(struct one, object), .each = &each, .about = "a" },
	    "'$ref':'#/components/schemas/Each'", NULL },
	{ { "x", OBJECT(struct one, object), NULLS, .each = &each,
	    .about = "a" },
	    "'anyOf':[{'$ref':'#/components/schemas/Each'},"
	    "{'type':'null'}]", NULL },
};

/* 'a' for "a", which a test can say without so many backslashes. */
static char *
unquoted(const char *text)
{
	char	*copy = arena_text(arena, text);

	for (char *c = copy; *c != '\0'; c++)
		if (*c == '"')
			*c = '\'';

	return copy;
}

static void
assert_field(const struct field *f, enum openapi_way way, const char *is)
{
	struct buf	 out;

	if (is == NULL)
		return;
	buf_init(&out, arena);
	openapi_schema_field(&out, f, way);
	assert_string_equal(unquoted(buf_str(&out)), arena_printf(arena,
	    "{%s,'description':'a'}", is));
}

static void
test_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		assert_field(&kinds[i].field, HEARD, kinds[i].heard);
		assert_field(&kinds[i].field, SAID, kinds[i].said);
	}
}

static const struct shape	 mixed = SHAPE("Mixed", struct one,
	{ "id",   TEXT(struct one, text), PATH | NEED, .about = "a" },
	{ "page", INT(struct one, count), QUERY, .about = "a" },
	{ "must", BOOL(struct one, yes), NEED, .about = "a" },
	{ "may",  MAYBE(struct one, maybe), HIDE, .about = "a" });

static const struct shape	 asked = SHAPE("Asked", struct one,
	{ "id",   TEXT(struct one, text), PATH | NEED, .about = "a" });

static void
test_shapes(void **state)
{
	struct openapi	 o = { 0 };

	(void)state;
	buf_init(&o.lines, arena);
	openapi_schema_lines(&o, &mixed, HEARD);
	openapi_schema_lines(&o, &mixed, SAID);
	assert_null(o.broken);
	assert_string_equal(unquoted(buf_str(&o.lines)),
	    "schemas\tMixed\t{'type':'object','properties':{"
	    "'must':{'type':'boolean','description':'a'},"
	    "'may':{'type':'boolean','description':'a'}},"
	    "'required':['must']}\n"
	    "schemas\tMixed\t{'type':'object','properties':{"
	    "'must':{'type':'boolean','description':'a'},"
	    "'may':{'type':'boolean','description':'a'}},"
	    "'required':['must']}\n");
	assert_true(openapi_schema_body(&mixed));
	assert_true(openapi_schema_needed(&mixed));
	assert_false(openapi_schema_body(&asked));
	assert_false(openapi_schema_body(NULL));
}

/* The names of an operation's answers: "200 400 401 …". */
static const char *
statuses(const struct route *r)
{
	struct openapi	 o = { 0 };
	struct buf	 out, list;
	const char	*at;

	buf_init(&o.lines, arena);
	buf_init(&out, arena);
	buf_init(&list, arena);
	openapi_answer(&o, &out, r);
	for (at = buf_str(&out); *at != '\0'; at++)
		if (strchr("{,", at[0]) != NULL && at[1] == '"' &&
		    strspn(at + 2, "0123456789") == 3 && at[5] == '"')
			buf_printf(&list, "%.3s ", at + 2);

	return buf_str(&list);
}

static void
test_answers(void **state)
{
	struct route	 r = { "GET", "/v1/partner/x", ACCESS_WIDGET };

	(void)state;
	assert_string_equal(statuses(&r),
	    "200 400 401 403 405 429 500 503 ");
	r.path = "/v1/partner/x/{id}";
	assert_string_equal(statuses(&r),
	    "200 400 401 403 404 405 429 500 503 ");
	r.method = "POST";
	r.success = 201;
	assert_string_equal(statuses(&r),
	    "201 400 401 403 404 405 413 415 422 429 500 503 ");
	r.keyed = true;
	r.out = &each;
	r.refuses = REFUSES(ERR_IDEMPOTENT, ERR_INSUFFICIENT_POOL);
	assert_string_equal(statuses(&r),
	    "201 400 401 402 403 404 405 409 413 415 429 500 503 ");
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
