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

/* With or without parameters such as a charset. */
static bool
is_type(const char *said, const char *type)
{
	size_t	 size = strlen(type);

	return strncasecmp(said, type, size) == 0 &&
	    (said[size] == '\0' || said[size] == ';' || said[size] == ' ');
}

static bool
reads_body(const struct call *c)
{
	return c->request.body_size > 0 &&
	    strcmp(c->route->method, "GET") != 0;
}

/* A key in the address or the form is for auth alone. */
static bool
is_key(const struct call *c, const char *name)
{
	return strcmp(name, "key") == 0 &&
	    (c->route->access == ACCESS_WIDGET || c->route->page);
}

enum err
input_pairs(struct call *c, const char *at, struct pair *pairs,
    size_t *count)
{
	struct arena	*arena = c->work.arena;
	const char	*equals;
	size_t		 size, name;

	for (; at != NULL && *at != '\0'; at += size,
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
		if (!is_key(c, pairs[*count].name))
			(*count)++;
	}

	return OK;
}

static enum err
read_shape(struct call *c, const struct shape *shape,
    const struct source *from, void *out)
{
	switch (shape_read(shape, from, c->work.arena, out, &c->faults,
	    &c->ignored)) {
	case SHAPE_GOOD:
		return OK;
	case SHAPE_FAULTS:
		return ERR_INVALID_REQUEST;
	case SHAPE_MALFORMED:
		break;
	}

	return ERR_MALFORMED_JSON;
}

/* The fields of a form are as those of a query. */
static enum err
read_form(struct call *c, struct source *from, struct pair *pairs)
{
	if (!is_type(c->request.content_type,
	    "application/x-www-form-urlencoded"))
		return ERR_UNSUPPORTED_MEDIA_TYPE;
	if (memchr(c->request.body, '\0', c->request.body_size) != NULL)
		return ERR_INVALID_REQUEST;

	return input_pairs(c, c->request.body, pairs, &from->queries);
}

/* What arrived besides the path and the query. */
static enum err
read_body(struct call *c, struct source *from, struct pair *pairs)
{
	/* What is for others to judge first is left to them: api_read(). */
	if (!reads_body(c) ||
	    (c->route->access == ACCESS_OPEN && c->route->in == NULL))
		return OK;
	if (c->route->page)
		return read_form(c, from, pairs);
	if (!is_type(c->request.content_type, "application/json"))
		return ERR_UNSUPPORTED_MEDIA_TYPE;
	from->body = c->request.body;
	from->body_size = c->request.body_size;

	return OK;
}

enum err
input_read(struct call *c)
{
	const struct shape		*shape = c->route->in;
	struct pair			 pairs[LIMIT_QUERY_FIELDS];
	struct source			 from = { 0 };
	enum err			 e;

	from.path = c->path;
	from.paths = c->paths;
	from.query = pairs;
	e = input_pairs(c, c->request.query, pairs, &from.queries);
	if (e == OK)
		e = read_body(c, &from, pairs);
	if (e != OK)
		return e;
	if (shape == NULL)
		shape = &nothing;
	c->input = arena_alloc(c->work.arena, shape->size);

	return read_shape(c, shape, &from, c->input);
}

enum err
api_read(struct call *c, const struct shape *shape, void *out)
{
	return read_shape(c, shape, &(struct source){
	    .body = c->request.body, .body_size = c->request.body_size },
	    out);
}
