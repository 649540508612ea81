/*
 * place: JSON pointers, RFC 6901.  A name's own "~" and "/" are written "~0"
 * and "~1"; everything else stands for itself, control characters too, so
 * who puts a pointer into a header has to encode it for that.
 */
#include "lib/base/buf.h"
#include "lib/json/place.h"

static void
add_name(struct buf *out, const struct place *at)
{
	for (size_t i = 0; i < at->size; i++) {
		if (at->name[i] == '~')
			buf_text(out, "~0");
		else if (at->name[i] == '/')
			buf_text(out, "~1");
		else
			buf_byte(out, at->name[i]);
	}
}

/* As deep as the body is nested: LIMIT_JSON_DEPTH. */
static void
add_place(struct buf *out, const struct place *at)
{
	if (at == NULL)
		return;
	add_place(out, at->up);
	buf_byte(out, '/');
	if (at->name != NULL)
		add_name(out, at);
	else
		buf_int(out, (int64_t)at->index);
}

const char *
place_pointer(struct arena *arena, const struct place *at)
{
	struct buf	 out;

	buf_init(&out, arena);
	add_place(&out, at);

	return buf_str(&out);
}
