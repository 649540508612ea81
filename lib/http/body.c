/*
 * The body of a request: all of it, or the reason why not.
 *
 * Servers differ in what they say about it (doc/hosting.md): without a body
 * CONTENT_LENGTH is missing, "0" or "".  A chunked body comes with no length
 * from Apache as CGI, with the length of what was sent from nginx, and as
 * any other from those that collect it first.
 */
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/http/body.h"
#include "lib/http/env.h"
#include "lib/http/http.h"

/* The first piece of a body whose length nobody told. */
#define PIECE	4096

static bool	parse_length(const char *, size_t *);
static bool	is_chunked(const struct request *);
static void	read_sized(struct request *, const struct source *, size_t);
static void	read_to_end(struct request *, const struct source *);
static void	drain(const struct source *, size_t most);

void
body_read(struct request *r, const struct source *from)
{
	const char *told = env_value(r->env, "CONTENT_LENGTH");
	size_t length = 0;

	r->body = "";
	r->body_size = 0;
	r->body_state = HTTP_BODY_GOOD;
	if (is_chunked(r)) {
		read_to_end(r, from);
	} else if (!parse_length(told, &length)) {
		r->body_state = HTTP_BODY_SHORT;
	} else if (length > LIMIT_BODY) {
		r->body_state = HTTP_BODY_LARGE;
		drain(from, length);
	} else if (length > 0) {
		read_sized(r, from, length);
	}
}

/* Digits only.  More than fit are too many in any case. */
static bool
parse_length(const char *text, size_t *length)
{
	*length = 0;
	if (text == NULL)
		return true;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		if (*length <= (SIZE_MAX - 9) / 10)
			*length = *length * 10 + (size_t)(*text - '0');
	}
	return true;
}

/* The last coding that was applied, which is the first to be undone. */
static bool
is_chunked(const struct request *r)
{
	const char *codings, *last;

	codings = env_value(r->env, "HTTP_TRANSFER_ENCODING");
	if (codings == NULL)
		return false;
	last = strrchr(codings, ',');
	last = last == NULL ? codings : last + 1;
	last += strspn(last, " \t");
	return strncasecmp(last, "chunked", 7) == 0;
}

/*
 * A client that goes away leaves a body that is too short; acting on it
 * would be acting on half a message.
 */
static void
read_sized(struct request *r, const struct source *from, size_t length)
{
	char *body = arena_alloc(r->arena, length + 1);

	r->body_size = from->read(from->from, body, length);
	r->body = body;
	if (r->body_size < length)
		r->body_state = HTTP_BODY_SHORT;
}

static void
read_to_end(struct request *r, const struct source *from)
{
	size_t room = PIECE, size = 0;
	char *body = arena_alloc(r->arena, room + 1), *larger;

	for (;;) {
		size += from->read(from->from, body + size, room - size);
		if (size < room || room > LIMIT_BODY)
			break;
		larger = arena_alloc(r->arena, 2 * room + 1);
		memcpy(larger, body, size);
		body = larger;
		room *= 2;
	}
	if (size > LIMIT_BODY) {
		r->body_state = HTTP_BODY_LARGE;
		drain(from, LIMIT_DRAIN);
		return;
	}
	body[size] = '\0';
	r->body = body;
	r->body_size = size;
}

static void
drain(const struct source *from, size_t most)
{
	char waste[8192];
	size_t piece;

	most = most < LIMIT_DRAIN ? most : LIMIT_DRAIN;
	for (; most > 0; most -= piece) {
		piece = most < sizeof(waste) ? most : sizeof(waste);
		if (from->read(from->from, waste, piece) < piece)
			return;
	}
}
