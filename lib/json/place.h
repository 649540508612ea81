#ifndef JSON_PLACE_H
#define JSON_PLACE_H

#include <stddef.h>

struct arena;

/*
 * Where in a body we are, as a chain from the inside out that lives on the
 * stack of whoever reads: a pointer is only written when something is wrong
 * there.  NULL is the whole body.
 */
struct place {
	const struct place	*up;
	const char		*name;	/* of a member; NULL: an element */
	size_t			 size;	/* bytes of the name */
	size_t			 index;	/* of an element, from 0 */
};

/* The JSON pointer of RFC 6901: "/stakeholders/0/userEmail". */
const char	*place_pointer(struct arena *, const struct place *);

#endif
