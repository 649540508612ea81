#ifndef JSON_WRITING_H
#define JSON_WRITING_H

#include <stdbool.h>

struct field;

/* Does this field of a struct, which is at `at`, say nothing? */
bool	shape_write_nothing(const struct field *, const void *at);

#endif
