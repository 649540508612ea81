#ifndef JSON_TREE_H
#define JSON_TREE_H

#include <stddef.h>

struct buf;
struct decimal;
struct json_object;

/*
 * The json-c tree of a text that strict_check() has let pass and that is an
 * object or an array.  NULL only if json-c refuses it all the same.  The
 * caller gives it back with json_object_put().
 */
struct json_object	*tree_parse(const char *, size_t);

/*
 * Write a value so that equal values give equal bytes: members in the order
 * of their names, no spaces, one spelling for each string and number.
 */
void			 tree_canon(struct buf *, struct json_object *);

/* A number of the decimal's value: 100, 100.0 and 1e2 are all "1e2". */
void			 tree_decimal(struct buf *, const struct decimal *);

#endif
