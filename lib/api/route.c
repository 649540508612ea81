/*
 * route: which endpoint does this request mean?
 */
#include <string.h>

#include "lib/api/call.h"
#include "lib/base/arena.h"
#include "lib/base/encode.h"

/* One segment of a path: from after a slash to before the next. */
struct segment {
	const char	*text;
	size_t		 size;
};

static bool
next_segment(const char **at, struct segment *s)
{
	if (**at != '/')
		return false;
	s->text = *at + 1;
	s->size = strcspn(s->text, "/");
	*at = s->text + s->size;

	return true;
}

/* {name}: any one segment that is not empty, percent-decoded. */
static bool
take(struct call *c, struct segment name, struct segment value)
{
	struct arena	*arena = c->work.arena;
	const char	*text;

	text = encode_unpercent(arena, value.text, value.size, false);
	if (text == NULL || text[0] == '\0' || c->paths == LIMIT_PATH_PARTS)
		return false;
	c->path[c->paths].name = arena_copy(arena, name.text + 1,
	    name.size - 2);
	c->path[c->paths++].value = text;

	return true;
}

static bool
matches(struct call *c, const struct route *r)
{
	const char	*pattern = r->path, *path = c->request.path;
	struct segment	 want, have;

	c->paths = 0;
	while (next_segment(&pattern, &want)) {
		if (!next_segment(&path, &have))
			return false;
		if (want.text[0] == '{') {
			if (!take(c, want, have))
				return false;
		} else if (want.size != have.size ||
		    memcmp(want.text, have.text, want.size) != 0)
			return false;
	}

	return *path == '\0';
}

/* HEAD is served as GET; the http room leaves the body out. */
static const char *
method(const struct call *c)
{
	return strcmp(c->request.method, "HEAD") == 0 ? "GET" :
	    c->request.method;
}

static void
allow(struct call *c, const struct route *r)
{
	const char	*also = strcmp(r->method, "GET") == 0 ?
	    "GET, HEAD" : r->method;

	c->allow = c->allow == NULL ? also :
	    arena_printf(c->work.arena, "%s, %s", c->allow, also);
}

enum err
route_find(struct call *c)
{
	if (c->request.path == NULL)
		return ERR_NOT_FOUND;
	for (const struct route *r = c->routes; r->method != NULL; r++) {
		if (!matches(c, r))
			continue;
		if (strcmp(method(c), r->method) == 0) {
			c->route = r;
			return OK;
		}
		allow(c, r);
	}

	return c->allow != NULL ? ERR_METHOD_NOT_ALLOWED : ERR_NOT_FOUND;
}

/* Does any browser endpoint live at this path?  Its methods, or NULL. */
const char *
route_browser(struct call *c)
{
	c->allow = NULL;
	for (const struct route *r = c->routes;
	    c->request.path != NULL && r->method != NULL; r++)
		if (r->access == ACCESS_WIDGET && matches(c, r))
			allow(c, r);

	return c->allow;
}

bool
route_by_key(const struct route *r)
{
	switch (r->access) {
	case ACCESS_WIDGET:
	case ACCESS_SIGNED:
	case ACCESS_SECRET:
		return true;
	case ACCESS_OPEN:
	case ACCESS_SESSION:
		break;
	}

	return false;
}

bool
route_calls(struct call *c)
{
	for (const struct route *r = c->routes;
	    c->request.path != NULL && r->method != NULL; r++)
		if (r->calls != NULL && matches(c, r))
			return true;

	return false;
}

bool
route_before_books(struct call *c)
{
	for (const struct route *r = c->routes;
	    c->request.path != NULL && r->method != NULL; r++)
		if (r->before_books && matches(c, r))
			return true;

	return false;
}
