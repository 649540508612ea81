/*
 * openapi: the routes of a program as operations of an OpenAPI 3.1 document.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/api/call.h"
#include "lib/api/openapi.h"
#include "lib/base/arena.h"
#include "lib/base/limits.h"

/* "actions" of /v1/partner/actions/submit, "admin" of /v1/admin/keys. */
static const char *
tag(struct arena *arena, const char *path)
{
	static const char	 version[] = "/v1/", partner[] = "partner/";

	path += strncmp(path, version, 4) == 0 ? 4 : 1;
	if (strncmp(path, partner, sizeof(partner) - 1) == 0)
		path += sizeof(partner) - 1;

	return arena_copy(arena, path, strcspn(path, "/"));
}

static bool
reads(const struct route *r)
{
	return strcmp(r->method, "GET") == 0;
}

static void
write_about(struct buf *out, const struct route *r)
{
	static const char *const	 access[] = {
		[ACCESS_WIDGET] = "For web pages: a publishable key and no"
		    " signature.",
		[ACCESS_SIGNED] = "Signed, with any key of the set.",
		[ACCESS_SECRET] = "Signed, with a secret key.",
		[ACCESS_OPEN] = "For people: what is sent says who asks.",
		[ACCESS_SESSION] = "For people, with an access token.",
	};
	struct buf			 text;

	buf_init(&text, out->arena);
	buf_printf(&text, "%s.\n\n%s", r->about, access[r->access]);
	if (r->scope != NULL)
		buf_printf(&text, "  The key has the scope `%s`.", r->scope);
	if (r->keyed)
		buf_text(&text, "\n\nAn idempotency key in the body keeps it"
		    " from being done twice, for ever.");
	else if (!reads(r) && route_by_key(r))
		buf_text(&text, "\n\nThe same signed request again, or"
		    " another with the same `Idempotency-Key` within a day,"
		    " gets the first answer again.");
	openapi_json_text(out, "summary", r->about);
	openapi_json_text(out, "description", buf_str(&text));
}

/* The schemes stand in etc/openapi.sh. */
static void
write_security(struct buf *out, const struct route *r)
{
	openapi_json_name(out, "security");
	if (r->access == ACCESS_OPEN)
		buf_text(out, "[]");
	else if (r->access == ACCESS_SESSION)
		buf_text(out, "[{\"AccessToken\":[]}]");
	else if (r->access != ACCESS_WIDGET)
		buf_text(out, "[{\"PartnerKey\":[],\"Timestamp\":[],"
		    "\"Signature\":[]}]");
	else if (reads(r))
		buf_text(out, "[{\"PartnerKey\":[]},{\"KeyInQuery\":[]}]");
	else
		buf_text(out, "[{\"PartnerKey\":[]}]");
}

static void
write_parameter(struct buf *out, const struct field *f)
{
	bool	 path = (f->flags & PATH) != 0;

	openapi_json_next(out);
	buf_byte(out, '{');
	openapi_json_text(out, "name", f->name);
	openapi_json_text(out, "in", path ? "path" : "query");
	if (path || (f->flags & NEED)) {
		openapi_json_name(out, "required");
		buf_text(out, "true");
	}
	openapi_json_text(out, "description", f->about);
	openapi_json_name(out, "schema");
	openapi_schema_field(out, f, HEARD);
	buf_byte(out, '}');
}

static void
write_parameters(struct buf *out, const struct route *r)
{
	openapi_json_name(out, "parameters");
	buf_byte(out, '[');
	if (r->in != NULL)
		for (const struct field *f = r->in->fields; f->name != NULL;
		    f++)
			if (f->flags & (PATH | QUERY))
				write_parameter(out, f);
	if (!reads(r) && !r->keyed && route_by_key(r)) {
		openapi_json_next(out);
		buf_byte(out, '{');
		openapi_json_ref(out, "parameters", "IdempotencyKey");
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

static void
write_body(struct openapi *o, struct buf *out, const struct route *r)
{
	openapi_json_name(out, "requestBody");
	buf_byte(out, '{');
	openapi_json_name(out, "required");
	buf_text(out, openapi_schema_needed(r->in) ? "true" : "false");
	openapi_json_name(out, "content");
	buf_text(out, "{\"application/json\":{\"schema\":{");
	openapi_json_ref(out, "schemas", r->in->name);
	buf_byte(out, '}');
	openapi_json_example(o, out, r->name, "request");
	buf_text(out, "}}}");
	openapi_schema_lines(o, r->in, HEARD);
}

static const char *
lower(struct arena *arena, const char *text)
{
	char	*copy = arena_text(arena, text);

	for (char *c = copy; *c != '\0'; c++)
		*c = (char)(*c - 'A' + 'a');

	return copy;
}

/*
 * Pages are for people, and what others' servers send us has a form of
 * theirs, not a shape of ours: neither is for the clients of this document.
 */
static void
operation(struct openapi *o, const struct route *r)
{
	struct buf	 line;

	if (r->page || (r->access == ACCESS_OPEN && r->in == NULL))
		return;
	if (r->name == NULL || r->about == NULL) {
		o->broken = arena_printf(o->lines.arena, "%s %s has no %s",
		    r->method, r->path, r->name == NULL ? "name" : "about");
		return;
	}
	buf_init(&line, o->lines.arena);
	openapi_json_name(&line, lower(line.arena, r->method));
	buf_byte(&line, '{');
	openapi_json_text(&line, "operationId", r->name);
	openapi_json_name(&line, "tags");
	buf_byte(&line, '[');
	shape_quote(&line, tag(line.arena, r->path));
	buf_byte(&line, ']');
	write_about(&line, r);
	write_security(&line, r);
	write_parameters(&line, r);
	if (!reads(r) && openapi_schema_body(r->in))
		write_body(o, &line, r);
	openapi_answer(o, &line, r);
	buf_byte(&line, '}');
	buf_printf(&o->lines, "paths\t%s\t%s\n", r->path, buf_str(&line));
}

int
openapi_print(const struct route *routes, const char *folder)
{
	struct arena	*arena = arena_new();
	struct openapi	 o = { .folder = folder };
	bool		 good;

	buf_init(&o.lines, arena);
	openapi_answer_lines(&o);
	for (const struct route *r = routes;
	    r->method != NULL && o.broken == NULL; r++)
		operation(&o, r);
	good = o.broken == NULL &&
	    fputs(buf_str(&o.lines), stdout) != EOF && fflush(stdout) == 0;
	if (o.broken != NULL)
		fprintf(stderr, "openapi: %s\n", o.broken);
	arena_free(arena);

	return good ? 0 : 1;
}

/*
 * Apache hands the words of a query to a CGI program as arguments, so what is
 * asked on the command line is only heard where there is no request.
 */
int
api_main(int argc, char **argv, const struct route *routes)
{
	if (argc == 3 && strcmp(argv[1], "--openapi") == 0 &&
	    getenv("REQUEST_METHOD") == NULL)
		return openapi_print(routes, argv[2]);

	return api_serve(routes);
}
