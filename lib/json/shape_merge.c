/*
 * shape_merge: free JSON of a partner's, changed in part.  It is the first
 * level of a JSON merge patch (RFC 7396), which is what partners know from
 * other APIs; what a member holds is replaced as a whole.
 */
#include <string.h>

#include <json-c/json.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/json/shape.h"
#include "lib/json/tree.h"

/* As json-c 0.16 writes it: short, and "/" stands for itself. */
#define PLAIN (JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

static void
change(struct json_object *object, struct json_object *changes)
{
	struct json_object_iterator	 it = json_object_iter_begin(changes);
	struct json_object_iterator	 end = json_object_iter_end(changes);

	for (; !json_object_iter_equal(&it, &end);
	    json_object_iter_next(&it)) {
		const char		*name = json_object_iter_peek_name(&it);
		struct json_object	*value;

		value = json_object_iter_peek_value(&it);
		if (value == NULL)
			json_object_object_del(object, name);
		else
			(void)json_object_object_add(object, name,
			    json_object_get(value));
	}
}

const char *
shape_merge(struct arena *arena, const char *old, const char *changes,
    size_t most)
{
	struct json_object	*object, *by;
	const char		*text, *copy = NULL;
	size_t			 size;

	if (old == NULL)
		old = "{}";
	object = tree_parse(old, strlen(old));
	by = tree_parse(changes, strlen(changes));
	if (object != NULL && by != NULL) {
		change(object, by);
		text = json_object_to_json_string_length(object, PLAIN,
		    &size);
		if (size <= LIMIT_METADATA && (size_t)
		    json_object_object_length(object) <= most)
			copy = arena_copy(arena, text, size);
	}
	json_object_put(by);
	json_object_put(object);

	return copy;
}
