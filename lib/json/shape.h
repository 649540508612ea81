#ifndef JSON_SHAPE_H
#define JSON_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/clock.h"
#include "lib/base/money.h"
#include "lib/base/tokens.h"
#include "lib/base/work.h"

struct arena;
struct buf;

/*
 * A shape is a JSON object written down as a table.  The same table reads a
 * request into a C struct, writes a C struct into a reply, and documents
 * both.  Limits are of the value for numbers, of characters for text, of
 * elements for lists, of members for free objects; max 0 is no limit.
 */
enum field_kind {
	F_TEXT,		/* const char *; NULL when absent */
	F_INT,		/* int64_t; .preset when absent */
	F_BOOL,		/* bool; false when absent */
	F_MAYBE,	/* enum maybe: absent is not false */
	F_TOKENS,	/* struct tokens */
	F_DECIMAL,	/* struct decimal, limits in whole units; a min below
			   0 without a max is no limit either */
	F_MOMENT,	/* struct moment; 0 when absent, null when written */
	F_WORD,		/* int: index into .words; -1 when absent */
	F_RAW,		/* const char *: an object of any content, as compact
			   JSON of LIMIT_METADATA bytes at most */
	F_LIST,		/* struct list of .each, or of text (const char *) of
			   1 to LIMIT_ELEMENT characters without .each */
	F_OBJECT,	/* const void *: .each; NULL when absent */
	F_INTS,		/* struct list of int64_t; only ever written */
	F_ITEMS,	/* struct list of struct item; only ever read */
};

enum maybe { UNSAID, NO, YES };

enum field_flags {
	NEED	= 1 << 0,	/* refuse the request without it */
	PATH	= 1 << 1,	/* taken from {name} in the route */
	QUERY	= 1 << 2,	/* taken from ?name= */
	HIDE	= 1 << 3,	/* written only when it says something */
	NULLS	= 1 << 4,	/* null is taken for absent; may be written as
				   null, an F_INT where it is its .preset */
	CLEARS	= 1 << 5,	/* F_TEXT, F_RAW: null is read as "", which
				   says: empty it; absent is NULL as ever */
};

struct list {
	void	*items;
	size_t	 count;
};

/*
 * An element that is read for itself, so that one bad one does not spoil the
 * others: its .each, or what is wrong with it.
 */
struct item {
	const void	*value;
	struct faults	 faults;	/* count 0: it is good */
};

/* Text that must look like something, beyond its length. */
struct form {
	const char	*says;		/* "24 hex digits": for people */
	const char	*pattern;	/* the same as ECMA-262: for OpenAPI */
	bool		(*fits)(const char *);
};

struct field {
	const char		*name;		/* as partners spell it */
	enum field_kind		 kind;
	size_t			 at;		/* where in the C struct */
	unsigned		 flags;
	int64_t			 min, max;
	int64_t			 preset;	/* F_INT: when absent */
	const struct form	*form;		/* F_TEXT, text in F_LIST */
	const char *const	*words;		/* F_WORD: what may be said */
	const struct shape	*each;		/* F_LIST, F_OBJECT */
	const char		*about;		/* one phrase, for the manual */
};

struct shape {
	const char		*name;		/* "ActionSubmission" */
	size_t			 size;		/* of the C struct */
	const struct field	*fields;	/* ends with a NULL name */
};

/* Kind and place in one word; does not compile if the C type disagrees. */
#define FIELD(kind, type, s, m) \
	kind, offsetof(s, m) + 0 * sizeof(_Generic(((s *)0)->m, type: 1))
#define TEXT(s, m)	FIELD(F_TEXT, const char *, s, m)
#define INT(s, m)	FIELD(F_INT, int64_t, s, m)
#define BOOL(s, m)	FIELD(F_BOOL, bool, s, m)
#define MAYBE(s, m)	FIELD(F_MAYBE, enum maybe, s, m)
#define TOKENS(s, m)	FIELD(F_TOKENS, struct tokens, s, m)
#define DECIMAL(s, m)	FIELD(F_DECIMAL, struct decimal, s, m)
#define MOMENT(s, m)	FIELD(F_MOMENT, struct moment, s, m)
#define WORD(s, m)	FIELD(F_WORD, int, s, m)
#define RAW(s, m)	FIELD(F_RAW, const char *, s, m)
#define LIST(s, m)	FIELD(F_LIST, struct list, s, m)
#define INTS(s, m)	FIELD(F_INTS, struct list, s, m)
#define ITEMS(s, m)	FIELD(F_ITEMS, struct list, s, m)
#define OBJECT(s, m)	FIELD(F_OBJECT, const void *, s, m)

#define SHAPE(name, s, ...) \
	{ name, sizeof(s), (const struct field[]){ __VA_ARGS__, { 0 } } }

/* Where the fields of one request come from, beside its body. */
struct pair {
	const char	*name, *value;	/* already percent-decoded */
};

struct source {
	const char		*body;		/* NULL: there is none */
	size_t			 body_size;
	const struct pair	*path, *query;
	size_t			 paths, queries;
};

/*
 * Fields that were sent but are not in the shape, in the body or the query:
 * JSON pointers.  They hold what the caller sent, control characters too, so
 * a header can only take them encoded.
 */
struct ignored {
	const char	*pointers[32];
	size_t		 count;
};

enum shape_read {
	SHAPE_GOOD,
	SHAPE_FAULTS,		/* well-formed; *faults says what is wrong */
	SHAPE_MALFORMED,	/* not JSON as RFC 8259 has it, or a duplicate
				   key, a whole number beyond 64 bits, or too
				   deep: one fault says where */
};

/*
 * Read a request into `out` (shape->size bytes, zeroed here).  All faults at
 * once.  Text is UTF-8 without NUL; a member's value of another JSON type is
 * a fault, never converted, except in path and query, where all is text.
 * Integers are written without fraction and exponent and fit 64 bits.
 */
enum shape_read	shape_read(const struct shape *, const struct source *,
		    struct arena *, void *out, struct faults *,
		    struct ignored *);

/* Write one object as compact JSON, fields in the shape's order. */
void		shape_write(struct buf *, const struct shape *, const void *);

/* A JSON string with its quotes. */
void		shape_quote(struct buf *, const char *);

/*
 * The members of one object of free JSON, changed by another's: a member
 * whose new value is null goes, any other is added or takes the old one's
 * place.  `old` may be NULL.  NULL if that makes more than `most` members or
 * LIMIT_METADATA bytes.
 */
const char	*shape_merge(struct arena *, const char *old,
		    const char *changes, size_t most);

/*
 * A digest of what was said, however it was spelled: two bodies with equal
 * members have equal digests in any order and with any spaces.  It has 47
 * bits, since SQLite keeps such a number in six bytes.
 */
int64_t		shape_digest(const struct shape *, const void *);

#endif
