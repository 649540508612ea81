/*
 * tree: what we ask of json-c as a whole.  Its parser is made once a thread,
 * since making one costs as much as reading a short body.
 */
#include <assert.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/limits.h"
#include "lib/base/money.h"
#include "lib/json/shape.h"
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
	json_tokener_set_flags(parser,
	    JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);

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

void
tree_decimal(struct buf *out, const struct decimal *d)
{
	int64_t	 digits = d->digits;
	int	 scale = d->scale;

	while (digits != 0 && digits % 10 == 0) {
		digits /= 10;
		scale--;
	}
	buf_int(out, digits);
	buf_byte(out, 'e');
	buf_int(out, digits == 0 ? 0 : -scale);
}

/* A number too long for a decimal of ours keeps the digits it came with. */
static void
canon_number(struct buf *out, struct json_object *value)
{
	const char	*text = json_object_get_string(value);
	struct decimal	 d;

	if (money_decimal(text, &d))
		tree_decimal(out, &d);
	else
		buf_text(out, text);
}

static void
canon_array(struct buf *out, struct json_object *value)
{
	size_t	 count = json_object_array_length(value);

	buf_byte(out, '[');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_byte(out, ',');
		tree_canon(out, json_object_array_get_idx(value, i));
	}
	buf_byte(out, ']');
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
canon_object(struct buf *out, struct json_object *value)
{
	struct json_object_iterator	 it = json_object_iter_begin(value);
	struct json_object_iterator	 end = json_object_iter_end(value);
	size_t				 count, i = 0;
	const char			**names;

	count = (size_t)json_object_object_length(value);
	names = arena_array(out->arena, count, sizeof(*names));
	for (; !json_object_iter_equal(&it, &end); json_object_iter_next(&it))
		names[i++] = json_object_iter_peek_name(&it);
	assert(i == count);
	qsort(names, count, sizeof(*names), by_name);

	buf_byte(out, '{');
	for (i = 0; i < count; i++) {
		if (i > 0)
			buf_byte(out, ',');
		shape_quote(out, names[i]);
		buf_byte(out, ':');
		tree_canon(out, json_object_object_get(value, names[i]));
	}
	buf_byte(out, '}');
}

void
tree_canon(struct buf *out, struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_null:
		buf_text(out, "null");
		break;
	case json_type_boolean:
		buf_text(out, json_object_get_boolean(value) ?
		    "true" : "false");
		break;
	case json_type_int:
	case json_type_double:
		canon_number(out, value);
		break;
	case json_type_string:
		shape_quote(out, json_object_get_string(value));
		break;
	case json_type_array:
		canon_array(out, value);
		break;
	case json_type_object:
		canon_object(out, value);
		break;
	}
}
