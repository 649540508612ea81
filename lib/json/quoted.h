#ifndef JSON_QUOTED_H
#define JSON_QUOTED_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Step over a JSON string, from the quote at *p to behind the other one.
 * NULL if it is well-formed UTF-8 without U+0000 and lone surrogates;
 * *escaped if its bytes are not its characters.  Else what is wrong, with *p
 * at the byte where.
 */
const char	*quoted_check(const char **p, const char *end, bool *escaped);

/*
 * Behind the printable ASCII that stands for itself in a string: at the first
 * quote, backslash, control character or byte of a wider one, or at `end`.
 */
const char	*quoted_plain(const char *p, const char *end);

/*
 * Write the characters of such a string, given without its quotes; `out`
 * holds as many bytes as `in`.  How many were written.
 */
size_t		 quoted_unescape(char *out, const char *in, size_t);

#endif
