#ifndef JSON_READING_H
#define JSON_READING_H

#include <stdbool.h>

#include "lib/json/place.h"
#include "lib/json/shape.h"

struct arena;
struct faults;
struct json_object;

/* One shape_read(), as all its functions see it. */
struct reading {
	struct arena	*arena;
	struct faults	*faults;
	struct ignored	*ignored;
	bool		 wrong;		/* a fault was found */
};

/* One field of it: what the table asks for, where it is said, where it goes. */
struct spot {
	struct reading		*r;
	const struct field	*f;
	const struct place	*at;
	void			*out;	/* the struct's member */
};

/* Read the fields of one object into its zeroed struct. */
void		 shape_read_object(struct reading *, const struct shape *,
		    const struct place *, struct json_object *, void *out);

/* Read one field, from its JSON value or from a path's or query's text. */
void		 shape_field_json(const struct spot *, struct json_object *);
void		 shape_field_text(const struct spot *, const char *);

/* The field was not said at all: what that leaves, or a fault. */
void		 shape_field_absent(const struct spot *);

/* "a string of 1 to 255 characters": what this field has to be. */
const char	*shape_says(struct arena *, const struct field *);

/* What a JSON value is, for people: "a number". */
const char	*shape_says_type(struct json_object *);

#endif
