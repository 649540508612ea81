/*
 * webhook sample: a delivery as it is sent, of something that never was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command/cli.h"
#include "bin/command/hook.h"
#include "bin/command/quoted.h"
#include "lib/base/arena.h"
#include "lib/hooks/dialect.h"

struct sample {
	const char	*format, *secret, *body;
	struct list	 headers;
};

static const struct shape header_out = SHAPE("Header", struct dialect_header,
	{ "name",  TEXT(struct dialect_header, name) },
	{ "value", TEXT(struct dialect_header, value) });

static const struct shape sample_out = SHAPE("Sample", struct sample,
	{ "format",  TEXT(struct sample, format) },
	{ "secret",  TEXT(struct sample, secret) },
	{ "headers", LIST(struct sample, headers), .each = &header_out },
	{ "body",    TEXT(struct sample, body) });

static void
print_curl(const struct cli *c, const char *url, const struct sample *s)
{
	const struct dialect_header	*h = s->headers.items;

	fputs("curl -sS -i -H 'Content-Type: application/json'", stdout);
	for (size_t i = 0; i < s->headers.count; i++) {
		fputs(" \\\n  -H ", stdout);
		quoted_print(arena_printf(c->arena, "%s: %s", h[i].name,
		    h[i].value));
	}
	fputs(" \\\n  --data-binary ", stdout);
	quoted_print(s->body);
	fputs(" ", stdout);
	quoted_print(url);
	putchar('\n');
}

/* As it goes over the wire; `webhook verify --request` reads it. */
static void
print_wire(const struct sample *s)
{
	const struct dialect_header	*h = s->headers.items;

	printf("POST / HTTP/1.1\r\nContent-Type: application/json\r\n"
	    "Content-Length: %zu\r\n", strlen(s->body));
	for (size_t i = 0; i < s->headers.count; i++)
		printf("%s: %s\r\n", h[i].name, h[i].value);
	printf("\r\n%s", s->body);
}

static size_t
read_number(const struct cli *c)
{
	const char	*said = cli_value(c, "number");

	return said == NULL ? 0 : strtoul(said, NULL, 10) - 1;
}

int
hook_sample(struct cli *c)
{
	enum dialect_name	 name = hook_format(c);
	const struct dialect	*d = dialect_get(name);
	struct dialect_header	 headers[DIALECT_HEADERS];
	struct moment		 at = hook_at(c);
	const struct told	*told;
	struct sample		 s = { .format = d->name };
	struct dialect_seal	 seal = { .at = at };

	told = dialect_sample(c->arena, name, read_number(c), at);
	if (told == NULL)
		cli_usage(c, "there is no such --number in this format");
	s.secret = hook_secret(c, "secret");
	if (s.secret == NULL)
		s.secret = d->secret(c->arena);
	s.body = d->body(c->arena, told);
	seal.id = told->id;
	seal.body = s.body;
	seal.size = strlen(s.body);
	seal.secrets[0] = s.secret;
	seal.secrets[1] = hook_secret(c, "old");
	s.headers = (struct list){ headers, d->sign(c->arena, &seal,
	    headers) };
	if (c->json)
		print_one(c, &sample_out, &s);
	else if (cli_value(c, "url") != NULL)
		print_curl(c, cli_value(c, "url"), &s);
	else
		print_wire(&s);
	if (!c->json && cli_value(c, "secret") == NULL)
		fprintf(stderr, "almoner: signed with a new secret: %s\n",
		    s.secret);

	return 0;
}
