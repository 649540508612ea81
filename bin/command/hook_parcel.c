/*
 * hook_parcel: the headers and the body of a delivery, out of its bytes.
 */
#include <string.h>
#include <strings.h>

#include "bin/command/hook_parcel.h"
#include "lib/base/arena.h"

#define TOKEN "!#$%&'*+-.^_`|~0123456789" \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

const char *
hook_parcel_header(const struct hook_parcel *p, const char *name)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcasecmp(p->headers[i].name, name) == 0)
			return p->headers[i].value;

	return NULL;
}

void
hook_parcel_set(struct hook_parcel *p, const char *name,
    const char *value)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcasecmp(p->headers[i].name, name) == 0) {
			p->headers[i].value = value;
			return;
		}
	if (p->count < HOOK_HEADERS)
		p->headers[p->count++] = (struct hook_header){ name,
			value };
}

static bool
wrong(struct hook_parcel *p, const char *why)
{
	p->why = why;

	return false;
}

/* "POST /hook HTTP/1.1" */
static bool
read_start(struct hook_parcel *p, const char *line)
{
	size_t		 method = strcspn(line, " ");
	const char	*target = line + method, *version;

	target += strspn(target, " ");
	version = strchr(target, ' ');
	if (method == 0 || strspn(line, TOKEN) != method || version == NULL ||
	    strncmp(version, " HTTP/1.", 8) != 0)
		return wrong(p, "its first line is neither a header nor"
		    " like POST /hook HTTP/1.1");
	p->method = arena_copy(p->arena, line, method);
	p->target = arena_copy(p->arena, target, (size_t)(version - target));

	return true;
}

static bool
read_header(struct hook_parcel *p, char *line)
{
	size_t	 name = strspn(line, TOKEN), end;
	char	*value = line + name + 1;

	if (name == 0 || line[name] != ':')
		return wrong(p, "a line before the empty one is no header,"
		    " like Name: value");
	if (p->count == HOOK_HEADERS)
		return wrong(p, "it has more than 64 headers");
	line[name] = '\0';
	value += strspn(value, " \t");
	for (end = strlen(value); end > 0 && strchr(" \t", value[end - 1]);
	    end--)
		value[end - 1] = '\0';
	p->headers[p->count++] = (struct hook_header){ line, value };

	return true;
}

/* The line at *at, without its end; *at moves behind it. */
static char *
next_line(struct hook_parcel *p, const char **at, const char *end)
{
	const char	*from = *at;
	const char	*stop = memchr(from, '\n', (size_t)(end - from));
	size_t		 size;

	*at = stop != NULL ? stop + 1 : end;
	size = (size_t)((stop != NULL ? stop : end) - from);
	if (size > 0 && from[size - 1] == '\r')
		size--;

	return arena_copy(p->arena, from, size);
}

bool
hook_parcel_read(struct hook_parcel *p, const char *text, size_t size)
{
	const char	*at = text, *end = text + size;
	char		*line;
	bool		 first = true;

	while (at < end) {
		line = next_line(p, &at, end);
		if (line[0] == '\0') {
			p->body = (struct piece){ at, (size_t)(end - at) };
			return true;
		}
		if (first && line[strspn(line, TOKEN)] != ':') {
			if (!read_start(p, line))
				return false;
		} else if (!read_header(p, line))
			return false;
		first = false;
	}

	return true;
}

const char *
hook_parcel_plain(struct arena *arena, struct piece p)
{
	char	*text = arena_copy(arena, p.data, p.size);

	for (size_t i = 0; i < p.size; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			text[i] = '?';

	return text;
}
