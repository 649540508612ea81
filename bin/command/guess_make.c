/*
 * guess_make: what the tables of ways have in common: bytes added, taken
 * away, replaced, or turned into the other case.
 */
#include <string.h>

#include "bin/command/guess_make.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"

char *
guess_make_copy(const struct guess_request *r, struct piece p)
{
	return arena_copy(r->arena, p.data, p.size);
}

bool
guess_make_say(struct piece *out, const char *text)
{
	*out = (struct piece){ text, strlen(text) };

	return true;
}

bool
guess_make_text(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	(void)r;
	(void)right;

	return guess_make_say(out, way->to);
}

bool
guess_make_around(const struct guess_request *r,
    const struct guess_way *way, struct piece right, struct piece *out)
{
	struct buf	 all;

	buf_init(&all, r->arena);
	buf_text(&all, way->from);
	buf_add(&all, right.data, right.size);
	buf_text(&all, way->to);
	*out = (struct piece){ buf_str(&all), all.size };

	return true;
}

bool
guess_make_behind(const struct guess_request *r,
    const struct guess_way *way, struct piece right, struct piece *out)
{
	size_t	 size = strlen(way->from);

	(void)r;
	if (right.size < size || memcmp(right.data, way->from, size) != 0)
		return false;
	*out = (struct piece){ (const char *)right.data + size,
		right.size - size };

	return true;
}

bool
guess_make_replaced(const struct guess_request *r,
    const struct guess_way *way, struct piece right, struct piece *out)
{
	const char	*at = right.data, *end = at + right.size;
	size_t		 size = strlen(way->from);
	struct buf	 all;

	buf_init(&all, r->arena);
	while (at < end)
		if ((size_t)(end - at) >= size &&
		    memcmp(at, way->from, size) == 0) {
			buf_text(&all, way->to);
			at += size;
		} else
			buf_byte(&all, *at++);
	*out = (struct piece){ buf_str(&all), all.size };

	return true;
}

/* Without asking the locale. */
bool
guess_make_case(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	char	*copy = guess_make_copy(r, right);

	for (size_t i = 0; i < right.size; i++)
		if (copy[i] >= way->from[0] && copy[i] <= way->to[0])
			copy[i] ^= 0x20;
	*out = (struct piece){ copy, right.size };

	return true;
}
