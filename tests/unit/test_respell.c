/*
 * respell_json: one value as several programs spell it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/buf.h"
#include "lib/base/faults.h"
#include "lib/json/respell.h"
#include "lib/json/strict.h"
#include "tests/unit/arena.h"

static void
respelt(const struct spelling *how, const char *text, const char *expected)
{
	/* Of exactly its size, so that a read behind it shows. */
	size_t		 size = strlen(text);
	char		*copy = malloc(size);
	struct faults	 faults;
	struct buf	 out;

	memcpy(copy, text, size);
	faults_init(&faults, arena);
	assert_true(strict_check(copy, size, &faults));
	buf_init(&out, arena);
	respell_json(&out, how, copy, size);
	free(copy);
	assert_string_equal(buf_str(&out), expected);
}

#define TEXT " {\"b\" : [1, {}, [ ] ,\r\n\"a/b <\\u00e9\\uD834\\udd1e>\"]," \
	"\t\"a\":{\"x\":49.90,\"y\":50.00,\"z\":-1.5e2},\"\\u0061b\":null, " \
	"\"c\":true} "

static void
compact(void **state)
{
	(void)state;
	respelt(&(struct spelling){ ",", ":", NULL, 0 }, TEXT,
	    "{\"b\":[1,{},[],\"a/b <é𝄞>\"],\"a\":{\"x\":49.90,\"y\":50.00,"
	    "\"z\":-1.5e2},\"ab\":null,\"c\":true}");
	respelt(&(struct spelling){ ",", ":", NULL, 0 }, "[]", "[]");
	respelt(&(struct spelling){ ",", ":", NULL, 0 }, "12", "12");
	respelt(&(struct spelling){ ",", ":", NULL, 0 }, " \"\" ", "\"\"");
	respelt(&(struct spelling){ ",", ":", NULL, 0 },
	    "\"\\u001f\\n\\\"\\\\\\/\"", "\"\\u001f\\n\\\"\\\\/\"");
}

static void
escapes(void **state)
{
	static const char	 text[] = "[\"a/b\",\"<é𝄞>&\"]";

	(void)state;
	respelt(&(struct spelling){ ",", ":", NULL,
	    RESPELL_ASCII | RESPELL_SLASHES }, text,
	    "[\"a\\/b\",\"<\\u00e9\\ud834\\udd1e>&\"]");
	respelt(&(struct spelling){ ", ", ": ", NULL, RESPELL_ASCII }, text,
	    "[\"a/b\", \"<\\u00e9\\ud834\\udd1e>&\"]");
	respelt(&(struct spelling){ ",", ":", NULL, RESPELL_HTML }, text,
	    "[\"a/b\",\"\\u003cé𝄞\\u003e\\u0026\"]");
}

static void
sorted(void **state)
{
	(void)state;
	respelt(&(struct spelling){ ",", ":", NULL, RESPELL_SORTED },
	    "{\"b\":{\"d\":1,\"c\":[{\"f\":2,\"e\":3}]},\"a\":0,\"A\":9,"
	    "\"aa\":\"}\"}",
	    "{\"A\":9,\"a\":0,\"aa\":\"}\",\"b\":{\"c\":[{\"e\":3,\"f\":2}],"
	    "\"d\":1}}");
}

static void
numbers(void **state)
{
	static const char	 text[] = "[49.90,50.00,0.0,5,-0.10,1.50e1]";

	(void)state;
	respelt(&(struct spelling){ ",", ":", NULL, RESPELL_SHORT }, text,
	    "[49.9,50,0,5,-0.1,1.50e1]");
	respelt(&(struct spelling){ ",", ":", NULL,
	    RESPELL_SHORT | RESPELL_POINT }, text,
	    "[49.9,50.0,0.0,5,-0.1,1.50e1]");
}

static void
indented(void **state)
{
	(void)state;
	respelt(&(struct spelling){ ",", ": ", "  ", 0 },
	    "{\"a\":[1,{\"b\":2}],\"c\":{},\"d\":[]}",
	    "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ],\n"
	    "  \"c\": {},\n  \"d\": []\n}");
}

static void
python(void **state)
{
	(void)state;
	respelt(&(struct spelling){ ", ", ": ", NULL, RESPELL_PYTHON },
	    "{\"a\":true,\"b\":[false,null],\"c\":\"it's\",\"d\":\"\"}",
	    "{'a': True, 'b': [False, None], 'c': \"it's\", 'd': ''}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compact),
		cmocka_unit_test(escapes),
		cmocka_unit_test(sorted),
		cmocka_unit_test(numbers),
		cmocka_unit_test(indented),
		cmocka_unit_test(python),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
