/*
 * Strings that grow.  Room doubles, so that adding n bytes one by one copies
 * fewer than 2n; what is outgrown stays in the arena until its reset.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"

/* Most answers fit; an answer that does not costs a copy or two. */
#define FIRST_ROOM 512

/* Make sure that `more` bytes and a NUL fit behind what is there. */
static void
reserve(struct buf *buf, size_t more)
{
	char	*data;
	size_t	 room = buf->room == 0 ? FIRST_ROOM : buf->room;

	assert(more < SIZE_MAX / 4 && buf->size < SIZE_MAX / 4);
	if (buf->size + more < buf->room)
		return;
	while (room < buf->size + more + 1)
		room *= 2;
	data = arena_array(buf->arena, room, 1);
	if (buf->size > 0)
		memcpy(data, buf->data, buf->size);
	buf->data = data;
	buf->room = room;
}

void
buf_init(struct buf *buf, struct arena *arena)
{
	*buf = (struct buf){ .arena = arena };
}

void
buf_add(struct buf *buf, const void *bytes, size_t size)
{
	if (size == 0)
		return;
	reserve(buf, size);
	memcpy(buf->data + buf->size, bytes, size);
	buf->size += size;
	buf->data[buf->size] = '\0';
}

void
buf_byte(struct buf *buf, char byte)
{
	reserve(buf, 1);
	buf->data[buf->size++] = byte;
	buf->data[buf->size] = '\0';
}

void
buf_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void
buf_int(struct buf *buf, int64_t number)
{
	char		 digits[20];
	char		*at = digits + sizeof(digits);
	uint64_t	 left;

	/* The negative of INT64_MIN exists only without a sign. */
	left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	do {
		*--at = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (number < 0)
		*--at = '-';
	buf_add(buf, at, (size_t)(digits + sizeof(digits) - at));
}

void
buf_printf(struct buf *buf, const char *format, ...)
{
	va_list	 args;
	size_t	 room;
	int	 size;

	reserve(buf, 0);
	room = buf->room - buf->size;
	va_start(args, format);
	size = vsnprintf(buf->data + buf->size, room, format, args);
	va_end(args);
	assert(size >= 0);

	if ((size_t)size >= room) {
		reserve(buf, (size_t)size);
		va_start(args, format);
		(void)vsnprintf(buf->data + buf->size, (size_t)size + 1,
		    format, args);
		va_end(args);
	}
	buf->size += (size_t)size;
}

const char *
buf_str(struct buf *buf)
{
	return buf->data == NULL ? "" : buf->data;
}
