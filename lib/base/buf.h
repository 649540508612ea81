#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

struct arena;

/*
 * A string that grows in an arena.  `data` is always NUL-terminated after
 * the first byte was added; `size` does not count that NUL.
 */
struct buf {
	struct arena	*arena;
	char		*data;
	size_t		 size, room;
};

void	buf_init(struct buf *, struct arena *);
void	buf_add(struct buf *, const void *, size_t);
void	buf_byte(struct buf *, char);
void	buf_text(struct buf *, const char *);
void	buf_int(struct buf *, int64_t);
void	buf_printf(struct buf *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));

/* The text so far, "" if nothing was added; valid until the next add. */
const char	*buf_str(struct buf *);

#endif
