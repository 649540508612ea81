/*
 * strict: one pass over the bytes of a body before json-c sees them, because
 * json-c 0.16 takes more than RFC 8259 gives even when told to be strict:
 * names in single quotes, NaN, \u0000 (which then ends the text early), the
 * last of two members with one name, and any whole number, cut to 64 bits.
 * A descent, one function for each rule of the grammar; each says false
 * after it has said what is wrong.  Memory is taken from the arena of the
 * faults.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/faults.h"
#include "lib/base/limits.h"
#include "lib/json/place.h"
#include "lib/json/quoted.h"
#include "lib/json/strict.h"

/* So many names of one object are few. */
#define FEW	16

/* A member's name: in the body itself, or unescaped in the arena. */
struct key {
	const char	*text;
	size_t		 size;
	const char	*from;		/* its first quote in the body */
};

struct strict {
	const char	*text, *end;	/* the whole body */
	const char	*p;		/* the byte to be read next */
	size_t		 depth;		/* arrays and objects around it */
	struct key	*keys;		/* of all objects around it */
	size_t		 count, room;
	struct faults	*faults;
};

static bool	value(struct strict *, const struct place *);

static bool
fail(const struct strict *s, const struct place *at, const char *where,
    const char *why)
{
	faults_add(s->faults, place_pointer(s->faults->arena, at),
	    "Byte %zu: %s.", (size_t)(where - s->text), why);

	return false;
}

static bool
is_digit(const struct strict *s)
{
	return s->p < s->end && *s->p >= '0' && *s->p <= '9';
}

/* Step over white space; the byte after it, or NUL at the end. */
static char
next(struct strict *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\n' ||
	    *s->p == '\r' || *s->p == '\t'))
		s->p++;

	return s->p < s->end ? *s->p : '\0';
}

/* A whole string; *escaped if its bytes are not its characters. */
static bool
string(struct strict *s, const struct place *at, bool *escaped)
{
	const char	*why = quoted_check(&s->p, s->end, escaped);

	return why == NULL || fail(s, at, s->p, why);
}

/* objects */

static void
keep(struct strict *s, struct key key)
{
	struct key	*more;

	if (s->count == s->room) {
		s->room = s->room == 0 ? 32 : 2 * s->room;
		more = arena_array(s->faults->arena, s->room, sizeof(*more));
		if (s->count > 0)
			memcpy(more, s->keys, s->count * sizeof(*more));
		s->keys = more;
	}
	s->keys[s->count++] = key;
}

/* Equal names side by side, and the earlier of them first. */
static int
by_text(const void *a, const void *b)
{
	const struct key	*x = a, *y = b;
	int			 d;

	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	d = memcmp(x->text, y->text, x->size);
	if (d == 0)
		d = x->from < y->from ? -1 : x->from > y->from;

	return d;
}

/* Few names are compared each with each, which is quicker than sorting. */
static const struct key *
twin_of_few(const struct key *keys, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (keys[i].size == keys[j].size && memcmp(
			    keys[i].text, keys[j].text, keys[i].size) == 0)
				return &keys[i];

	return NULL;
}

/*
 * Sorted, so that a body full of names costs no more than its size times the
 * logarithm.
 */
static const struct key *
twin_of_many(struct key *keys, size_t count)
{
	qsort(keys, count, sizeof(*keys), by_text);
	for (size_t i = 1; i < count; i++)
		if (keys[i].size == keys[i - 1].size && memcmp(keys[i].text,
		    keys[i - 1].text, keys[i].size) == 0)
			return &keys[i];

	return NULL;
}

/* No two members of the object that ends here have one name. */
static bool
unique(struct strict *s, const struct place *up, size_t first)
{
	size_t			 count = s->count - first;
	const struct key	*twin;

	s->count = first;
	if (count < 2)
		return true;
	twin = count <= FEW ? twin_of_few(s->keys + first, count) :
	    twin_of_many(s->keys + first, count);
	if (twin == NULL)
		return true;

	return fail(s, &(struct place){ up, twin->text, twin->size, 0 },
	    twin->from, "this object has a member of that name already");
}

static bool
member(struct strict *s, const struct place *up)
{
	struct key	 key = { 0 };
	struct place	 at = { up, NULL, 0, 0 };
	bool		 escaped;
	char		*text;

	if (next(s) != '"')
		return fail(s, up, s->p,
		    "a member's name in double quotes is expected");
	key.from = s->p;
	if (!string(s, up, &escaped))
		return false;
	key.text = key.from + 1;
	key.size = (size_t)(s->p - 1 - key.text);
	if (escaped) {
		text = arena_alloc(s->faults->arena, key.size);
		key.size = quoted_unescape(text, key.text, key.size);
		key.text = text;
	}
	keep(s, key);
	at.name = key.text;
	at.size = key.size;
	if (next(s) != ':')
		return fail(s, &at, s->p,
		    "a colon is expected after a member's name");
	s->p++;

	return value(s, &at);
}

static bool
object(struct strict *s, const struct place *up)
{
	size_t	 first = s->count;

	s->p++;
	if (next(s) != '}') {
		if (!member(s, up))
			return false;
		while (next(s) == ',') {
			s->p++;
			if (!member(s, up))
				return false;
		}
		if (next(s) != '}')
			return fail(s, up, s->p,
			    "a comma or } is expected in an object");
	}
	s->p++;

	return unique(s, up, first);
}

/* arrays and plain values */

static bool
array(struct strict *s, const struct place *up)
{
	struct place	 at = { up, NULL, 0, 0 };

	s->p++;
	if (next(s) != ']') {
		if (!value(s, &at))
			return false;
		while (next(s) == ',') {
			s->p++;
			at.index++;
			if (!value(s, &at))
				return false;
		}
		if (next(s) != ']')
			return fail(s, up, s->p,
			    "a comma or ] is expected in an array");
	}
	s->p++;

	return true;
}

/* Is the number of these digits, 64 bits without sign, a number of ours? */
static bool
fits(const char *digits, const char *end, bool minus)
{
	static const char	 most[2][20] = {
		"9223372036854775807", "9223372036854775808",
	};

	if (end - digits != 19)
		return end - digits < 19;

	return memcmp(digits, most[minus], 19) <= 0;
}

static bool
number(struct strict *s, const struct place *at)
{
	const char	*from = s->p, *digits, *whole;

	if (*s->p == '-')
		s->p++;
	digits = s->p;
	while (is_digit(s))
		s->p++;
	whole = s->p;
	if (whole == digits)
		return fail(s, at, s->p, "a digit is expected");
	if (*digits == '0' && whole - digits > 1)
		return fail(s, at, from, "a number has no leading zeros");
	if (s->p < s->end && *s->p == '.') {
		s->p++;
		if (!is_digit(s))
			return fail(s, at, s->p, "a digit is expected");
		while (is_digit(s))
			s->p++;
	}
	if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
		s->p++;
		if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
			s->p++;
		if (!is_digit(s))
			return fail(s, at, s->p, "a digit is expected");
		while (is_digit(s))
			s->p++;
	}
	if (s->p == whole && !fits(digits, whole, digits != from))
		return fail(s, at, from, "this whole number is beyond 64 bits; "
		    "send it as a string");

	return true;
}

static bool
literal(struct strict *s, const struct place *at)
{
	static const char *const	 words[] = { "true", "false", "null" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t	 size = strlen(words[i]);

		if ((size_t)(s->end - s->p) >= size &&
		    memcmp(s->p, words[i], size) == 0) {
			s->p += size;
			return true;
		}
	}
	if (s->p == s->end)
		return fail(s, at, s->p, "the text ends where a value is due");

	return fail(s, at, s->p, "a value is expected: an object, an array, "
	    "a string in double quotes, a number, true, false or null");
}

static bool
value(struct strict *s, const struct place *at)
{
	char	 c = next(s);
	bool	 good, escaped;

	if (c == '"')
		return string(s, at, &escaped);
	if (c == '-' || is_digit(s))
		return number(s, at);
	if (c != '{' && c != '[')
		return literal(s, at);

	if (s->depth == LIMIT_JSON_DEPTH)
		return fail(s, at, s->p, "arrays and objects are nested too "
		    "deeply");
	s->depth++;
	good = c == '{' ? object(s, at) : array(s, at);
	s->depth--;

	return good;
}

bool
strict_check(const char *text, size_t size, struct faults *faults)
{
	struct strict	 s = { .text = text, .end = text + size, .p = text,
			       .faults = faults };

	assert(text != NULL);
	if (!value(&s, NULL))
		return false;
	next(&s);
	if (s.p < s.end)
		return fail(&s, NULL, s.p, "nothing may follow the value");

	return true;
}
