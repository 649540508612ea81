/*
 * paste: a request as people show it to each other: a curl command, the
 * bytes on the wire, or the lines that curl -v prints.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bin/command/paste.h"
#include "lib/base/arena.h"

/* The headers that say something about a signature, and where they go. */
static const struct {
	const char	*name;
	size_t		 at;
	bool		 once;
} headers[] = {
	{ "Host", offsetof(struct paste, host), false },
	{ "X-Partner-Key", offsetof(struct paste, key), true },
	{ "X-Timestamp", offsetof(struct paste, timestamp), true },
	{ "X-Signature", offsetof(struct paste, signature), true },
};

#define HEADERS (sizeof(headers) / sizeof(headers[0]))

void
paste_header(struct paste *p, const char *line)
{
	size_t		 size = strcspn(line, ":"), end;
	const char	*value, **out;

	if (line[size] != ':')
		return;
	value = line + size + 1;
	value += strspn(value, " \t");
	end = strlen(value);
	while (end > 0 && strchr(" \t\r", value[end - 1]) != NULL)
		end--;
	value = arena_copy(p->arena, value, end);
	if (size == 14 && strncasecmp(line, "Content-Length", size) == 0)
		p->length = strtoll(value, NULL, 10);
	for (size_t i = 0; i < HEADERS; i++) {
		if (size != strlen(headers[i].name) ||
		    strncasecmp(line, headers[i].name, size) != 0)
			continue;
		out = (const char **)((char *)p + headers[i].at);
		if (*out != NULL && headers[i].once)
			p->twice = headers[i].name;
		*out = value;
	}
}

bool
paste_date(const struct paste *p, struct moment *at)
{
	static const char	 months[] = "JanFebMarAprMayJunJulAugSepOctNov"
				    "Dec";
	char			 month[4], time[9];
	const char		*found;
	int			 day, year;

	if (sscanf(p->date, "%*3s, %d %3s %d %8s GMT", &day, month, &year,
	    time) != 4 || (found = strstr(months, month)) == NULL)
		return false;

	return clock_parse(arena_printf(p->arena, "%04d-%02d-%02dT%sZ", year,
	    (int)(found - months) / 3 + 1, day, time), at);
}

/* The line that *text begins with, without its end; *text behind it. */
static const char *
next_line(struct paste *p, const char **text)
{
	size_t		 size = strcspn(*text, "\n");
	const char	*from = *text;

	*text += size;
	*text += **text == '\n';
	if (size > 0 && from[size - 1] == '\r')
		size--;

	return arena_copy(p->arena, from, size);
}

/* "POST /v1/… HTTP/1.1": false if it is not that. */
static bool
request_line(struct paste *p, const char *line)
{
	size_t		 method = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	const char	*target = line + method + 1, *end;

	if (method == 0 || line[method] != ' ')
		return false;
	end = strrchr(target, ' ');
	if (end == NULL || strncmp(end, " HTTP/", 6) != 0)
		end = target + strlen(target);
	p->method = arena_copy(p->arena, line, method);
	p->url = arena_copy(p->arena, target, (size_t)(end - target));

	return strchr("/h", target[0]) != NULL;
}

/*
 * What curl -v prints: "> " before the request's lines, "< " before the
 * answer's.  It shows what was really sent, so it counts more than a command
 * before it.
 */
static bool
verbose(struct paste *p, const char *text)
{
	const char	*line;
	bool		 request = false;

	while (*text != '\0') {
		line = next_line(p, &text);
		if (strncmp(line, "> ", 2) == 0) {
			if (request_line(p, line + 2)) {
				p->key = p->timestamp = p->signature = NULL;
				p->twice = NULL;
				p->length = -1;
				request = true;
			} else
				paste_header(p, line + 2);
		}
		if (strncasecmp(line, "< Date: ", 8) == 0)
			p->date = line + 8;
	}

	return request;
}

/*
 * The body is what follows the empty line, as long as Content-Length says:
 * who pastes adds a line end to it.
 */
static void
wire_body(struct paste *p, const char *text)
{
	size_t	 size = strlen(text);

	if (p->length >= 0 && (uint64_t)p->length <= size)
		size = (size_t)p->length;
	else if (size > 0 && text[size - 1] == '\n')
		size -= size > 1 && text[size - 2] == '\r' ? 2 : 1;
	if (!p->body_said)
		p->body = (struct piece){ text, size };
}

static bool
wire(struct paste *p, const char *text)
{
	const char	*line;

	if (!request_line(p, next_line(p, &text)))
		return false;
	while (*text != '\0') {
		line = next_line(p, &text);
		if (line[0] == '\0') {
			wire_body(p, text);
			break;
		}
		paste_header(p, line);
	}

	return true;
}

bool
paste_read(struct paste *p, const char *text)
{
	text += strspn(text, " \t\r\n");
	if (strncmp(text, "$ ", 2) == 0)
		text += 2;
	if (strncmp(text, "curl", 4) == 0 && strchr(" \t\\", text[4])) {
		text = paste_curl(p, text);
		if (text != NULL)
			verbose(p, text);
		return text != NULL;
	}
	if (verbose(p, text) || wire(p, text))
		return true;
	p->why = "that is neither a curl command, nor a request that begins"
	    " like POST /v1/partner/… HTTP/1.1, nor what curl -v prints";

	return false;
}
