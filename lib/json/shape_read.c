/*
 * shape_read: a request into a C struct, field by field in the order of the
 * shape, with all that is wrong with it.  strict_check() goes first, so what
 * json-c builds a tree of has one meaning only.
 */
#include <assert.h>
#include <string.h>

#include <json-c/json.h>

#include "lib/base/arena.h"
#include "lib/base/faults.h"
#include "lib/base/limits.h"
#include "lib/json/reading.h"
#include "lib/json/strict.h"
#include "lib/json/tree.h"

static_assert(sizeof((struct ignored){ 0 }.pointers) ==
    LIMIT_IGNORED * sizeof(char *), "struct ignored holds LIMIT_IGNORED");

static void
ignore(struct reading *r, const struct place *at)
{
	struct ignored	*i = r->ignored;

	if (i->count < sizeof(i->pointers) / sizeof(i->pointers[0]))
		i->pointers[i->count++] = place_pointer(r->arena, at);
}

/* bodies */

/* What a body says of a field; JSON's null has no address. */
struct said {
	bool			 said;
	struct json_object	*value;
};

static bool
is_member(const struct field *f, const char *name)
{
	return (f->flags & (PATH | QUERY)) == 0 && strcmp(f->name, name) == 0;
}

/*
 * Which of `count` fields this member is, or `count`.  Most bodies have the
 * shape's order, so the field behind the last one is looked at first.
 */
static size_t
find_member(const struct field *fields, size_t count, size_t next,
    const char *name)
{
	for (size_t i = next; i < count; i++)
		if (is_member(&fields[i], name))
			return i;
	for (size_t i = 0; i < next; i++)
		if (is_member(&fields[i], name))
			return i;

	return count;
}

/* Each member to its field.  False if some have none. */
static bool
sort_members(const struct field *fields, size_t count,
    struct json_object *object, struct said *said)
{
	struct json_object_iterator	 it = json_object_iter_begin(object);
	struct json_object_iterator	 end = json_object_iter_end(object);
	size_t				 i, next = 0;
	bool				 all = true;

	for (; !json_object_iter_equal(&it, &end); json_object_iter_next(&it)) {
		i = find_member(fields, count, next,
		    json_object_iter_peek_name(&it));
		if (i == count) {
			all = false;
			continue;
		}
		said[i] = (struct said){
		    true, json_object_iter_peek_value(&it) };
		next = i + 1;
	}

	return all;
}

/* Name the members that are not in the shape. */
static void
ignore_members(struct reading *r, const struct field *fields, size_t count,
    const struct place *up, struct json_object *object)
{
	struct json_object_iterator	 it = json_object_iter_begin(object);
	struct json_object_iterator	 end = json_object_iter_end(object);

	for (; !json_object_iter_equal(&it, &end); json_object_iter_next(&it)) {
		const char	*name = json_object_iter_peek_name(&it);
		struct place	 at = { up, name, strlen(name), 0 };

		if (find_member(fields, count, 0, name) == count)
			ignore(r, &at);
	}
}

void
shape_read_object(struct reading *r, const struct shape *shape,
    const struct place *up, struct json_object *object, void *out)
{
	const struct field	*fields = shape->fields;
	struct said		*said;
	size_t			 count = 0;
	bool			 all;

	while (fields[count].name != NULL)
		count++;
	said = arena_array(r->arena, count, sizeof(*said));
	all = sort_members(fields, count, object, said);
	for (size_t i = 0; i < count; i++) {
		const struct field	*f = &fields[i];
		struct place		 at = { up, f->name,
		    strlen(f->name), 0 };
		struct spot		 spot = { r, f, &at,
		    (char *)out + f->at };

		if (f->flags & (PATH | QUERY))
			continue;
		if (said[i].said)
			shape_field_json(&spot, said[i].value);
		else
			shape_field_absent(&spot);
	}
	if (!all)
		ignore_members(r, fields, count, up, object);
}

/* No body is an object without members; any that is not one is a fault. */
static bool
read_body(struct reading *r, const struct shape *shape,
    const struct source *src, void *out)
{
	static const char	 nothing[] = "{}";
	const char		*body = src->body;
	size_t			 size = src->body_size;
	struct json_object	*tree;

	if (body == NULL || size == 0) {
		body = nothing;
		size = 2;
	}
	if (!strict_check(body, size, r->faults))
		return false;
	while (strchr(" \t\r\n", *body) != NULL) {
		body++;
		size--;
	}
	if (*body != '{') {
		r->wrong = true;
		faults_add(r->faults, "", "Must be a JSON object.");
		return true;
	}
	tree = tree_parse(body, size);
	if (tree == NULL) {
		faults_add(r->faults, "", "This JSON cannot be read.");
		return false;
	}
	shape_read_object(r, shape, NULL, tree, out);
	json_object_put(tree);

	return true;
}

/* paths and queries */

static void
read_pairs(struct reading *r, const struct field *f, const struct pair *pairs,
    size_t count, void *out)
{
	struct place	 at = { NULL, f->name, strlen(f->name), 0 };
	struct spot	 spot = { r, f, &at, out };
	const char	*value = NULL;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(pairs[i].name, f->name) != 0)
			continue;
		if (value != NULL) {
			r->wrong = true;
			faults_add(r->faults, place_pointer(r->arena, &at),
			    "Said more than once in the query: say it once.");
			return;
		}
		value = pairs[i].value;
	}
	if (value != NULL)
		shape_field_text(&spot, value);
	else
		shape_field_absent(&spot);
}

static bool
is_query(const struct shape *shape, const char *name)
{
	for (const struct field *f = shape->fields; f->name != NULL; f++)
		if ((f->flags & QUERY) != 0 && strcmp(f->name, name) == 0)
			return true;

	return false;
}

static void
ignore_queries(struct reading *r, const struct shape *shape,
    const struct source *src)
{
	for (size_t i = 0; i < src->queries; i++) {
		const char	*name = src->query[i].name;
		struct place	 at = { NULL, name, strlen(name), 0 };

		if (!is_query(shape, name))
			ignore(r, &at);
	}
}

enum shape_read
shape_read(const struct shape *shape, const struct source *src,
    struct arena *arena, void *out, struct faults *faults,
    struct ignored *ignored)
{
	struct reading	 r = { arena, faults, ignored, false };

	memset(out, 0, shape->size);
	ignored->count = 0;
	if (!read_body(&r, shape, src, out))
		return SHAPE_MALFORMED;
	for (const struct field *f = shape->fields; f->name != NULL; f++) {
		void	*at = (char *)out + f->at;

		if (f->flags & PATH)
			read_pairs(&r, f, src->path, src->paths, at);
		else if (f->flags & QUERY)
			read_pairs(&r, f, src->query, src->queries, at);
	}
	ignore_queries(&r, shape, src);

	return r.wrong ? SHAPE_FAULTS : SHAPE_GOOD;
}
