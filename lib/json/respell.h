#ifndef JSON_RESPELL_H
#define JSON_RESPELL_H

#include <stddef.h>

struct buf;

/* How a program spells the JSON that it writes. */
enum respell_flags {
	RESPELL_SORTED		= 1 << 0,	/* members by their names */
	RESPELL_SLASHES		= 1 << 1,	/* / as \/ */
	RESPELL_ASCII		= 1 << 2,	/* beyond ASCII as \u00e9 */
	RESPELL_HTML		= 1 << 3,	/* <, > and & as \u003c */
	RESPELL_SHORT		= 1 << 4,	/* 49.90 is 49.9, 50.00 is 50 */
	RESPELL_POINT		= 1 << 5,	/* and 50.00 stays 50.0 */
	RESPELL_PYTHON		= 1 << 6,	/* no JSON: {'a': True} */
};

struct spelling {
	const char	*comma, *colon;		/* "," and ": " */
	const char	*indent;		/* one depth; NULL: one line */
	unsigned	 flags;
};

/*
 * Write a text that strict_check() has let pass as another program would
 * have written the same value.  Numbers keep their digits but for the flags.
 */
void	respell_json(struct buf *, const struct spelling *, const char *,
	    size_t);

#endif
