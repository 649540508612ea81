/*
 * shape_digest: was the same said?  The struct is written in its canonical
 * form and folded, so order, spaces, escapes and trailing zeros of the body
 * do not show.  Whoever makes two bodies collide fools only themselves, so
 * this need not be a cryptographic hash.
 */
#include "lib/base/buf.h"
#include "lib/json/shape.h"
#include "lib/json/writing.h"

/* FNV-1a, 64 bits, then the last mix of MurmurHash3: each bit counts. */
static uint64_t
fold(const char *text, size_t size)
{
	uint64_t	 h = 0xcbf29ce484222325;

	for (size_t i = 0; i < size; i++) {
		h ^= (unsigned char)text[i];
		h *= 0x100000001b3;
	}
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccd;
	h ^= h >> 33;
	h *= 0xc4ceb9fe1a85ec53;
	h ^= h >> 33;

	return h;
}

int64_t
shape_digest(struct arena *arena, const struct shape *shape, const void *from)
{
	struct buf	 out;
	struct writing	 w = { &out, true };

	buf_init(&out, arena);
	shape_write_object(&w, shape, from);

	return (int64_t)(fold(out.data, out.size) & INT64_MAX);
}
