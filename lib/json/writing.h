#ifndef JSON_WRITING_H
#define JSON_WRITING_H

#include <stdbool.h>

struct buf;
struct shape;

/* How shape_write() and shape_digest() share the work. */
struct writing {
	struct buf	*out;
	bool		 canon;	/* equal values in equal bytes, for nobody
				   to read: see tree_canon() */
};

void	shape_write_object(const struct writing *, const struct shape *,
	    const void *);

#endif
