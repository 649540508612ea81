#ifndef JSON_STRICT_H
#define JSON_STRICT_H

#include <stdbool.h>
#include <stddef.h>

struct faults;

/*
 * Is this exactly one JSON text as RFC 8259 has it, which every parser reads
 * alike?  So beyond the grammar: UTF-8 without U+0000 and lone surrogates,
 * whole numbers within 64 bits, no name twice in one object however it is
 * escaped, and LIMIT_JSON_DEPTH arrays and objects in each other at most.
 *
 * If not, one fault is added that names the innermost place that was being
 * read, and begins with the number of the wrong byte, counted from 0.
 */
bool	strict_check(const char *, size_t, struct faults *);

#endif
