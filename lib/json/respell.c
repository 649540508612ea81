/*
 * respell: the same JSON as another program would write it.  Whoever signs
 * one spelling and sends another is refused; with this the spelling that was
 * signed can be found.
 *
 * The text is known to be well-formed, so nothing is checked here.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/json/quoted.h"
#include "lib/json/respell.h"

struct respell {
	const char		*p, *end;
	struct buf		*out;
	const struct spelling	*how;
	int			 depth;
};

/* A member: its name as it sorts, and where both begin in the text. */
struct member {
	const char	*name, *from;
};

static void	value(struct respell *);

static void
skip_space(struct respell *r)
{
	while (r->p < r->end && strchr(" \t\r\n", *r->p) != NULL)
		r->p++;
}

static void
skip_string(struct respell *r)
{
	bool	 escaped;

	quoted_check(&r->p, r->end, &escaped);
}

/* Behind the value that begins here. */
static void
skip_value(struct respell *r)
{
	int	 depth = 0;

	do {
		if (*r->p == '"') {
			skip_string(r);
			continue;
		}
		if (*r->p == '{' || *r->p == '[')
			depth++;
		if (*r->p == '}' || *r->p == ']')
			depth--;
		r->p++;
	} while (r->p < r->end && (depth > 0 ||
	    strchr(",]} \t\r\n", *r->p) == NULL));
}

static void
new_line(struct respell *r)
{
	if (r->how->indent == NULL)
		return;
	buf_byte(r->out, '\n');
	for (int i = 0; i < r->depth; i++)
		buf_text(r->out, r->how->indent);
}

/* The code point of the bytes at *p, and *p behind them. */
static uint32_t
code_point(const unsigned char **p)
{
	unsigned char	 c = *(*p)++;
	uint32_t	 point;
	int		 more;

	if (c < 0x80)
		return c;
	more = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
	for (point = c & (0x3Fu >> more); more > 0; more--)
		point = point << 6 | (*(*p)++ & 0x3F);

	return point;
}

static void
wide(struct respell *r, const unsigned char *from, const unsigned char *to,
    uint32_t point)
{
	if ((r->how->flags & RESPELL_ASCII) == 0)
		buf_add(r->out, from, (size_t)(to - from));
	else if (point < 0x10000)
		buf_printf(r->out, "\\u%04x", (unsigned)point);
	else
		buf_printf(r->out, "\\u%04x\\u%04x",
		    (unsigned)(0xD800 + ((point - 0x10000) >> 10)),
		    (unsigned)(0xDC00 + ((point - 0x10000) & 0x3FF)));
}

static void
narrow(struct respell *r, char c, char quote)
{
	static const char	 names[] = "bfnrt", means[] = "\b\f\n\r\t";
	const char		*name;
	unsigned		 flags = r->how->flags;

	if (c == quote || c == '\\' ||
	    (c == '/' && (flags & RESPELL_SLASHES) != 0)) {
		buf_byte(r->out, '\\');
		buf_byte(r->out, c);
	} else if ((unsigned char)c < 0x20) {
		name = strchr(means, c);
		if (name != NULL)
			buf_printf(r->out, "\\%c", names[name - means]);
		else
			buf_printf(r->out, "\\u%04x", (unsigned)c);
	} else if ((flags & RESPELL_HTML) != 0 && strchr("<>&", c) != NULL)
		buf_printf(r->out, "\\u%04x", (unsigned)c);
	else
		buf_byte(r->out, c);
}

/* The characters of the string that begins here, and behind it. */
static const char *
characters(struct respell *r, size_t *size)
{
	const char	*from = r->p + 1;
	char		*text;

	skip_string(r);
	text = arena_alloc(r->out->arena, (size_t)(r->p - from));
	*size = quoted_unescape(text, from, (size_t)(r->p - from) - 1);

	return text;
}

static void
string(struct respell *r)
{
	size_t			 size;
	const char		*text = characters(r, &size);
	const unsigned char	*p = (const unsigned char *)text, *from;
	const unsigned char	*end = p + size;
	uint32_t		 point;
	char			 quote = '"';

	/* Python takes the quotes that the text does not have. */
	if ((r->how->flags & RESPELL_PYTHON) != 0 &&
	    (memchr(text, '\'', size) == NULL ||
	    memchr(text, '"', size) != NULL))
		quote = '\'';
	buf_byte(r->out, quote);
	while (p < end) {
		from = p;
		point = code_point(&p);
		if (point < 0x80)
			narrow(r, (char)point, quote);
		else
			wide(r, from, p, point);
	}
	buf_byte(r->out, quote);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct member *)a)->name,
	    ((const struct member *)b)->name);
}

/* The members of the object that begins here, and behind it. */
static struct member *
members(struct respell *r, size_t *count)
{
	struct member	*all = NULL, *more;
	size_t		 room = 0, size;

	*count = 0;
	r->p++;
	for (skip_space(r); *r->p != '}'; skip_space(r)) {
		if (*r->p == ',') {
			r->p++;
			continue;
		}
		if (*count == room) {
			room = room == 0 ? 16 : 2 * room;
			more = arena_array(r->out->arena, room,
			    sizeof(*more));
			if (*count > 0)
				memcpy(more, all, *count * sizeof(*more));
			all = more;
		}
		all[*count].from = r->p;
		all[*count].name = characters(r, &size);
		++*count;
		skip_space(r);
		r->p++;		/* the colon */
		skip_space(r);
		skip_value(r);
	}
	r->p++;

	return all;
}

static void
object(struct respell *r)
{
	struct member	*all;
	const char	*behind;
	size_t		 count;

	all = members(r, &count);
	behind = r->p;
	if ((r->how->flags & RESPELL_SORTED) != 0 && count > 1)
		qsort(all, count, sizeof(*all), by_name);
	buf_byte(r->out, '{');
	r->depth++;
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_text(r->out, r->how->comma);
		new_line(r);
		r->p = all[i].from;
		string(r);
		buf_text(r->out, r->how->colon);
		skip_space(r);
		r->p++;
		value(r);
	}
	r->depth--;
	if (count > 0)
		new_line(r);
	buf_byte(r->out, '}');
	r->p = behind;
}

static void
array(struct respell *r)
{
	bool	 first = true;

	buf_byte(r->out, '[');
	r->p++;
	r->depth++;
	for (skip_space(r); *r->p != ']'; skip_space(r)) {
		if (*r->p == ',')
			r->p++;
		if (!first)
			buf_text(r->out, r->how->comma);
		new_line(r);
		value(r);
		first = false;
	}
	r->p++;
	r->depth--;
	if (!first)
		new_line(r);
	buf_byte(r->out, ']');
}

static void
number(struct respell *r, const char *from, size_t size)
{
	unsigned	 flags = r->how->flags;
	const char	*point = memchr(from, '.', size);

	if (point != NULL && (flags & RESPELL_SHORT) != 0 &&
	    memchr(from, 'e', size) == NULL &&
	    memchr(from, 'E', size) == NULL) {
		while (from[size - 1] == '0')
			size--;
		if (from[size - 1] == '.')
			size += (flags & RESPELL_POINT) != 0 ? 1 : (size_t)-1;
	}
	buf_add(r->out, from, size);
}

/* A number, true, false or null. */
static void
plain(struct respell *r)
{
	static const char *const	 json[] = { "true", "false", "null" };
	static const char *const	 python[] = { "True", "False",
					    "None" };
	const char			*from = r->p;
	size_t				 size;

	skip_value(r);
	size = (size_t)(r->p - from);
	if ((r->how->flags & RESPELL_PYTHON) != 0)
		for (size_t i = 0; i < 3; i++)
			if (strlen(json[i]) == size &&
			    memcmp(json[i], from, size) == 0) {
				buf_text(r->out, python[i]);
				return;
			}
	number(r, from, size);
}

static void
value(struct respell *r)
{
	skip_space(r);
	if (*r->p == '{')
		object(r);
	else if (*r->p == '[')
		array(r);
	else if (*r->p == '"')
		string(r);
	else
		plain(r);
}

void
respell_json(struct buf *out, const struct spelling *how, const char *text,
    size_t size)
{
	struct respell	 r = { text, text + size, out, how, 0 };

	value(&r);
}
