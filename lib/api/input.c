/*
 * input: what was said, in the shape that the endpoint asks for.
 */
#include <string.h>
#include <strings.h>

#include "lib/api/call.h"
#include "lib/base/arena.h"
#include "lib/base/encode.h"

/* For endpoints that take nothing: all that is sent is ignored. */
static const struct shape	nothing = SHAPE("Nothing", char, { 0 });

enum err
input_whole(struct call *c)
{
	switch (c->request.body_state) {
	case HTTP_BODY_SHORT:
		return ERR_INCOMPLETE_BODY;
	case HTTP_BODY_LARGE:
		return ERR_PAYLOAD_TOO_LARGE;
	case HTTP_BODY_GOOD:
		break;
	}

	return OK;
}

/* "application/json", with or without parameters such as a charset. */
static bool
is_json(const char *type)
{
	static const char	 json[] = "application/json";
	size_t			 size = sizeof(json) - 1;

	return strncasecmp(type, json, size) == 0 &&
	    (type[size] == '\0' || type[size] == ';' || type[size] == ' ');
}

static bool
reads_body(const struct call *c)
{
	return c->request.body_size > 0 &&
	    strcmp(c->route->method, "GET") != 0;
}

/* a=1&b=2 into pairs; ERR_INVALID_REQUEST with a fault at what is broken. */
static enum err
split_query(struct call *c, struct pair *pairs, size_t *count)
{
	struct arena	*arena = c->work.arena;
	const char	*at = c->request.query, *equals;
	size_t		 size, name;

	for (*count = 0; at != NULL && *at != '\0'; at += size,
	    at += *at == '&') {
		size = strcspn(at, "&");
		if (size == 0)
			continue;
		if (*count == LIMIT_QUERY_FIELDS) {
			faults_add(&c->faults, "", "The query has more than"
			    " %d fields.", LIMIT_QUERY_FIELDS);
			return ERR_INVALID_REQUEST;
		}
		equals = memchr(at, '=', size);
		name = equals == NULL ? size : (size_t)(equals - at);
		pairs[*count].name = encode_unpercent(arena, at, name, true);
		pairs[*count].value = equals == NULL ? "" :
		    encode_unpercent(arena, equals + 1, size - name - 1,
		    true);
		if (pairs[*count].name == NULL ||
		    pairs[*count].value == NULL) {
			faults_add(&c->faults, "", "The query is not UTF-8"
			    " in percent-encoding.");
			return ERR_INVALID_REQUEST;
		}
		/* A page's key in its address is for auth alone. */
		if (c->route->access != ACCESS_WIDGET ||
		    strcmp(pairs[*count].name, "key") != 0)
			(*count)++;
	}

	return OK;
}

enum err
input_read(struct call *c)
{
	const struct shape		*shape = c->route->in;
	struct pair			 query[LIMIT_QUERY_FIELDS];
	struct source			 from = { 0 };

	if (reads_body(c)) {
		if (!is_json(c->request.content_type))
			return ERR_UNSUPPORTED_MEDIA_TYPE;
		from.body = c->request.body;
		from.body_size = c->request.body_size;
	}
	from.path = c->path;
	from.paths = c->paths;
	from.query = query;
	if (split_query(c, query, &from.queries) != OK)
		return ERR_INVALID_REQUEST;

	if (shape == NULL)
		shape = &nothing;
	c->input = arena_alloc(c->work.arena, shape->size);
	switch (shape_read(shape, &from, c->work.arena, c->input,
	    &c->faults, &c->ignored)) {
	case SHAPE_GOOD:
		return OK;
	case SHAPE_FAULTS:
		return ERR_INVALID_REQUEST;
	case SHAPE_MALFORMED:
		break;
	}

	return ERR_MALFORMED_JSON;
}
