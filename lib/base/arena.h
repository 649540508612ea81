#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

/*
 * An arena gives memory that lives until the arena is reset: one a request,
 * so that nothing of a request is freed piece by piece.  Running out of
 * memory ends the process; no caller ever sees NULL.
 */
struct arena;

struct arena	*arena_new(void);
void		 arena_free(struct arena *);

/* Forget all that was given out, keep the first block for the next request. */
void		 arena_reset(struct arena *);

/* `size` zeroed bytes, aligned for any type.  Size 0 gives a valid pointer. */
void		*arena_alloc(struct arena *, size_t size);

/* `count` zeroed elements of `size`; ends the process if that overflows. */
void		*arena_array(struct arena *, size_t count, size_t size);

/* Copies, always NUL-terminated.  arena_text() of NULL is NULL. */
char		*arena_text(struct arena *, const char *);
char		*arena_copy(struct arena *, const void *, size_t);
char		*arena_printf(struct arena *, const char *, ...)
		    __attribute__((format(printf, 2, 3)));
char		*arena_vprintf(struct arena *, const char *, va_list)
		    __attribute__((format(printf, 2, 0)));

#endif
