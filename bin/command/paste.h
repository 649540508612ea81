#ifndef COMMAND_PASTE_H
#define COMMAND_PASTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/clock.h"
#include "lib/crypto/hmac.h"

struct arena;

/* A request as somebody pasted it.  What it does not say is NULL. */
struct paste {
	struct arena	*arena;
	const char	*method;
	const char	*url;		/* a whole address, or a path */
	const char	*host;		/* of the header */
	const char	*key, *timestamp, *signature;
	const char	*date;		/* of the answer: "Sat, 10 May …" */
	const char	*twice;		/* a header that came more than once */
	struct piece	 body;		/* data NULL: it is not said */
	bool		 body_said;	/* already, and better */
	struct piece	 file;		/* what curl -d took line ends from */
	int64_t		 length;	/* Content-Length; -1: not said */
	const char	*why;		/* what could not be read, if so */
};

/*
 * Read a curl command, a request as it goes over the wire, or what curl -v
 * prints of one; the first with what curl printed after it, too.  False, with
 * a sentence in `why`, for anything else.
 */
bool	paste_read(struct paste *, const char *text);

/* The `date`, as HTTP writes it (RFC 9110, 5.6.7); false if it is not so. */
bool	paste_date(const struct paste *, struct moment *);

/* One header line, "Name: value". */
void	paste_header(struct paste *, const char *line);

/*
 * Read the curl command that `text` begins with.  Where it ends; NULL with a
 * sentence in `why` if it names a file that cannot be read.
 */
const char	*paste_curl(struct paste *, const char *text);

#endif
