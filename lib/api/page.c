/*
 * page: answers that people read in a browser.
 *
 * Nothing of ours needs a script, so the policy that goes with each page
 * allows none; a form may lead to wherever a payment is made.
 */
#include <string.h>

#include "lib/api/call.h"
#include "lib/api/page.h"
#include "lib/api/problem.h"
#include "lib/base/arena.h"
#include "lib/base/conf.h"

#define HTML	"text/html; charset=utf-8"

#define STYLE	"/checkout/page.css"

/* The style's address, if it is not below our own; and where forms lead,
 * redirects included: https, and for tests a loopback address. */
#define POLICY	"default-src 'none'; style-src 'self'%s; base-uri 'none';" \
	" frame-ancestors 'none'; form-action 'self' https:%s"

void
page_text(struct buf *out, const char *text)
{
	static const char	 special[] = "&<>\"'";
	static const char *const escapes[] = { "&amp;", "&lt;", "&gt;",
		"&quot;", "&#39;" };
	size_t			 n;

	for (; *text != '\0'; text++) {
		n = strcspn(text, special);
		buf_add(out, text, n);
		text += n;
		if (*text == '\0')
			break;
		buf_text(out, escapes[strchr(special, *text) - special]);
	}
}

/* Where browsers find the files of htdocs/; NULL: below our own address. */
static const char *
elsewhere(struct call *c)
{
	return c->conf != NULL && c->conf->assets_url[0] != '\0' ?
	    c->conf->assets_url : NULL;
}

void
page_begin(struct call *c, struct buf *out, const char *title)
{
	const char	*assets = elsewhere(c);

	buf_text(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width,"
	    " initial-scale=1\">\n"
	    "<meta name=\"robots\" content=\"noindex\">\n<title>");
	page_text(out, title);
	buf_text(out, "</title>\n<link rel=\"stylesheet\" href=\"");
	page_text(out, assets != NULL ? assets : c->request.prefix);
	buf_text(out, STYLE "\">\n</head>\n<body>\n<main>\n<h1>");
	page_text(out, title);
	buf_text(out, "</h1>\n");
}

void
page_end(struct buf *out)
{
	buf_text(out, "</main>\n</body>\n</html>\n");
}

size_t
page_headers(struct call *c, struct header *to)
{
	const char	*assets = elsewhere(c), *style = "";
	size_t		 n = 0;

	if (c->content_type == NULL || strcmp(c->content_type, HTML) != 0)
		return 0;
	if (assets != NULL)
		style = arena_printf(c->work.arena, " %s" STYLE, assets);
	to[n++] = (struct header){ "Content-Security-Policy",
	    arena_printf(c->work.arena, POLICY, style,
	    c->key.live ? "" : " http:") };
	to[n++] = (struct header){ "Referrer-Policy", "no-referrer" };

	return n;
}

static void
write_faults(struct call *c, struct buf *out)
{
	if (c->faults.count == 0)
		return;
	buf_text(out, "<ul>\n");
	for (const struct fault *f = c->faults.first; f != NULL;
	    f = f->next) {
		buf_text(out, "<li>");
		if (f->pointer[0] == '/') {
			buf_text(out, "<code>");
			page_text(out, f->pointer + 1);
			buf_text(out, "</code>: ");
		}
		page_text(out, f->detail);
		buf_text(out, "</li>\n");
	}
	buf_text(out, "</ul>\n");
}

void
page_problem(struct call *c, const struct problem *p, const char *detail)
{
	c->body.size = 0;
	page_begin(c, &c->body, p->title);
	buf_text(&c->body, "<div class=\"alert\" role=\"alert\">\n<p>");
	page_text(&c->body, detail);
	buf_text(&c->body, "</p>\n");
	write_faults(c, &c->body);
	buf_text(&c->body, "</div>\n");
	buf_text(&c->body, "<p class=\"small\">If you ask for help, say: ");
	page_text(&c->body, c->id);
	buf_text(&c->body, "</p>\n");
	page_end(&c->body);
	c->content_type = HTML;
}

enum err
api_page(struct call *c, int status, const char *html)
{
	if (status != 0)
		c->status = status;
	c->content_type = HTML;
	buf_text(&c->body, html);

	return OK;
}

enum err
api_redirect(struct call *c, const char *url)
{
	c->status = 303;
	c->content_type = NULL;
	c->location = url;

	return OK;
}

/*
 * The server's own name as the client wrote it is good enough to lead that
 * client back here; what others are told should come from base_url.
 */
const char *
api_site(struct call *c)
{
	const char	*host = http_header(&c->request, "Host", NULL);

	if (c->conf != NULL && c->conf->base_url[0] != '\0')
		return c->conf->base_url;

	return arena_printf(c->work.arena, "%s://%s%s",
	    c->request.secure ? "https" : "http",
	    host != NULL ? host : "localhost", c->request.prefix);
}

const char *
api_address(struct call *c)
{
	return c->request.address;
}

const struct conf *
api_conf(struct call *c)
{
	return c->conf;
}

bool
api_live(struct call *c)
{
	return c->key.live;
}

const char *
api_key(struct call *c)
{
	return c->presented;
}

const char *
api_body(struct call *c, size_t *size)
{
	*size = c->request.body_size;

	return c->request.body;
}

const char *
api_header(struct call *c, const char *name)
{
	return http_header(&c->request, name, NULL);
}

const char *
api_path(struct call *c, const char *name)
{
	for (size_t i = 0; i < c->paths; i++)
		if (strcmp(c->path[i].name, name) == 0)
			return c->path[i].value;

	return NULL;
}

void
api_tenant(struct call *c, int64_t tenant, int64_t ahead_ms)
{
	c->work.tenant = tenant;
	c->work.now.ms = c->arrived.ms + ahead_ms;
}
