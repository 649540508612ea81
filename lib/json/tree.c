/*
 * tree: what we ask of json-c as a whole.  Its parser is made once a thread,
 * since making one costs as much as reading a short body.
 */
#include <assert.h>
#include <limits.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "lib/base/limits.h"
#include "lib/json/tree.h"

static pthread_key_t	parsers;	/* a thread's ends with it */

static void
free_parser(void *parser)
{
	json_tokener_free(parser);
}

static void
make_key(void)
{
	if (pthread_key_create(&parsers, free_parser) != 0)
		abort();
}

static struct json_tokener *
own_parser(void)
{
	static pthread_once_t	 once = PTHREAD_ONCE_INIT;
	struct json_tokener	*parser;

	pthread_once(&once, make_key);
	parser = pthread_getspecific(parsers);
	if (parser != NULL)
		return parser;
	/* json-c counts the values in the innermost array as one level more. */
	parser = json_tokener_new_ex(LIMIT_JSON_DEPTH + 1);
	if (parser == NULL || pthread_setspecific(parsers, parser) != 0)
		abort();
	/* It is known to be UTF-8. */
	json_tokener_set_flags(parser, JSON_TOKENER_STRICT);
	/*
	 * To read numbers json-c copies the thread's locale each time, under a
	 * lock of the process, unless it is the C locale's own: then it has
	 * nothing to do.  We have no other.
	 */
	(void)uselocale(newlocale(LC_ALL_MASK, "C", (locale_t)0));

	return parser;
}

struct json_object *
tree_parse(const char *text, size_t size)
{
	struct json_tokener	*parser = own_parser();

	assert(size < INT_MAX);
	json_tokener_reset(parser);

	return json_tokener_parse_ex(parser, text, (int)size);
}
