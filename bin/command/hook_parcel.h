#ifndef COMMAND_HOOK_PARCEL_H
#define COMMAND_HOOK_PARCEL_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/crypto/hmac.h"

struct arena;

/* A header of a delivery; the value has no blanks around it. */
struct hook_header {
	const char	*name, *value;
};

#define HOOK_HEADERS 64

/* A delivery as it arrived, or as somebody kept it. */
struct hook_parcel {
	struct arena		*arena;
	const char		*method, *target;	/* NULL: not said */
	struct hook_header	 headers[HOOK_HEADERS];
	size_t			 count;
	struct piece		 body;		/* data NULL: not said */
	const char		*why;		/* it could not be read */
};

/*
 * Read a delivery as it goes over the wire: "POST /hook HTTP/1.1", which may
 * be missing, headers, an empty line, and all the rest is its body; or the
 * headers alone.  Lines end with CR LF or LF.  False, with a sentence in
 * `why`, for anything else.
 */
bool		 hook_parcel_read(struct hook_parcel *, const char *,
		    size_t);

/* Add a header, or change the one that is there. */
void		 hook_parcel_set(struct hook_parcel *,
		    const char *name, const char *value);

/* The first value of a header, in whatever case it is written, or NULL. */
const char	*hook_parcel_header(const struct hook_parcel *,
		    const char *name);

/* The same text without bytes that a terminal could take for a command. */
const char	*hook_parcel_plain(struct arena *, struct piece);

#endif
