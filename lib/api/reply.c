/*
 * reply: the answer on its way out, with the headers that every one has.
 */
#include <string.h>

#include "lib/api/call.h"
#include "lib/api/page.h"
#include "lib/base/buf.h"

/* Headers of one answer, all kinds together. */
#define HEADERS_MAX 20

/* What we did not know: so that a misspelled field shows. */
static const char *
ignored(struct call *c)
{
	struct buf	 list;

	buf_init(&list, c->work.arena);
	for (size_t i = 0; i < c->ignored.count &&
	    list.size < LIMIT_IGNORED_TEXT; i++) {
		if (i > 0)
			buf_text(&list, ", ");
		for (const char *s = c->ignored.pointers[i]; *s != '\0' &&
		    list.size < LIMIT_IGNORED_TEXT; s++)
			/* A header is printable ASCII, RFC 9110 5.5. */
			if (*s > ' ' && *s < '\x7f' && *s != ',')
				buf_byte(&list, *s);
			else
				buf_printf(&list, "%%%02X",
				    (unsigned)(unsigned char)*s);
	}

	return buf_str(&list);
}

static const char *
number(struct call *c, int64_t n)
{
	struct buf	 text;

	buf_init(&text, c->work.arena);
	buf_int(&text, n);

	return buf_str(&text);
}

/* How to say who asks, RFC 9110 11.6.1; for people RFC 6750, section 3. */
static const char *
challenge(const struct call *c)
{
	if (c->route->challenge != NULL)
		return c->route->challenge;
	switch (c->refusal) {
	case ERR_INVALID_TOKEN:
	case ERR_SESSION_EXPIRED:
		return "Bearer realm=\"almoner\", error=\"invalid_token\"";
	case ERR_INVALID_CREDENTIALS:
		return "Bearer realm=\"almoner\"";
	default:
		return c->route->access == ACCESS_SESSION ?
		    "Bearer realm=\"almoner\"" :
		    "HMAC-SHA256 realm=\"almoner\"";
	}
}

void
reply_send(struct http *http, struct call *c)
{
	struct header	 h[HEADERS_MAX];
	size_t		 n = 0;

	h[n++] = (struct header){ "X-Request-Id", c->id };
	h[n++] = (struct header){ "Cache-Control", "no-store" };
	h[n++] = (struct header){ "X-Content-Type-Options", "nosniff" };
	if (c->status == 401)
		h[n++] = (struct header){ "WWW-Authenticate",
		    challenge(c) };
	if (c->status == 405)
		h[n++] = (struct header){ "Allow", c->allow };
	if (c->retry_s > 0 || c->status == 503)
		h[n++] = (struct header){ "Retry-After",
		    number(c, c->retry_s > 0 ? c->retry_s : 1) };
	if (c->allowance.limit > 0) {
		h[n++] = (struct header){ "X-RateLimit-Limit",
		    number(c, c->allowance.limit) };
		h[n++] = (struct header){ "X-RateLimit-Remaining",
		    number(c, c->allowance.remaining) };
		h[n++] = (struct header){ "X-RateLimit-Reset",
		    number(c, c->allowance.reset) };
	}
	if (c->replayed)
		h[n++] = (struct header){ "Idempotent-Replayed", "true" };
	if (c->ignored.count > 0)
		h[n++] = (struct header){ "X-Ignored-Fields", ignored(c) };
	if (c->location != NULL)
		h[n++] = (struct header){ "Location", c->location };
	n += page_headers(c, h + n);
	n += cors_headers(c, h + n);
	http_send(http, &c->request, c->status, h, n, c->content_type,
	    buf_str(&c->body), c->body.size);
}
