#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include <stddef.h>

struct request;

/*
 * Where a body comes from.  read() gives up to `size` bytes; fewer only when
 * there are no more.
 */
struct source {
	size_t	(*read)(void *from, void *to, size_t size);
	void	*from;
};

/* Fill in the body of a request whose `env` and `arena` are set. */
void	body_read(struct request *, const struct source *);

#endif
