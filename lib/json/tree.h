#ifndef JSON_TREE_H
#define JSON_TREE_H

#include <stddef.h>

struct json_object;

/*
 * The json-c tree of a text that strict_check() has let pass and that is an
 * object or an array.  NULL only if json-c refuses it all the same.  The
 * caller gives it back with json_object_put().
 */
struct json_object	*tree_parse(const char *, size_t);

#endif
