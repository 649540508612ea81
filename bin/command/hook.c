/*
 * webhook: for who writes a receiver.  What will come, what came, and why its
 * signature does not match; no site and no books are needed for it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command/cli.h"
#include "bin/command/credentials.h"
#include "bin/command/hook.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/encode.h"

#define FORMAT "sir|standard|chuffed|qiibee"
#define SECRET { "secret", "SECRET", "of the webhook, or @FILE; for qiibee" \
	" it is user:password", false }

static const struct option sample_options[] = {
	{ "format", FORMAT, "how it is told", true },
	SECRET,
	{ "old", "SECRET", "the one before, while both count", false },
	{ "number", "N", "which of the samples, from 1", false },
	{ "at", "TIME", "when it is sent: unix seconds, or like"
	    " 2026-05-10T09:12:00Z; else now", false },
	{ "url", "URL", "print a curl command that sends it there", false },
	{ 0 }
};

static const struct option verify_options[] = {
	SECRET,
	{ "format", FORMAT, "what it should be; else by its headers",
	    false },
	{ "request", "FILE", "the delivery: headers, an empty line, body; -"
	    " reads what is typed", false },
	{ "headers", "FILE", "its headers alone, one a line", false },
	{ "body", "BODY", "what arrived, or @FILE", false },
	{ "signature", "TEXT", "what the header of the signature said, or"
	    " your own program made", false },
	{ "timestamp", "SECONDS", "what its header said", false },
	{ "id", "ID", "what webhook-id said", false },
	{ "at", "TIME", "when it arrived: unix seconds, or like"
	    " 2026-05-10T09:12:00Z; else now", false },
	{ 0 }
};

static const struct option listen_options[] = {
	{ "port", "PORT", "of 127.0.0.1; 0 takes one that is free", true },
	SECRET,
	{ "format", FORMAT, "what should come; else by its headers", false },
	{ "once", NULL, "end after one delivery", false },
	{ "count", "N", "end after so many", false },
	{ "answer", "STATUS", "what they are answered: 200", false },
	{ 0 }
};

const struct command hook_commands[] = {
	{ "webhook listen", "Print webhooks that arrive on this machine",
	    listen_options, hook_listen },
	{ "webhook verify", "Say why a webhook's signature does not match",
	    verify_options, hook_verify },
	{ "webhook sample", "Print a signed webhook as it is sent",
	    sample_options, hook_sample },
	{ 0 }
};

enum dialect_name
hook_format(const struct cli *c)
{
	const char		*said = cli_value(c, "format");
	enum dialect_name	 name;

	if (said == NULL)
		return 0;
	name = dialect_find(said);
	if (name == 0)
		cli_usage(c, "--format is %s", FORMAT);

	return name;
}

const char *
hook_value(const struct cli *c, const char *option, size_t *size)
{
	const char	*said = cli_value(c, option), *file;

	if (said == NULL)
		return NULL;
	*size = strlen(said);
	if (said[0] != '@')
		return said;
	file = credentials_file(c->arena, said + 1, size);
	if (file == NULL)
		cli_usage(c, "cannot read %s", said + 1);

	return file;
}

const char *
hook_secret(const struct cli *c, const char *option)
{
	size_t		 size;
	const char	*text = hook_value(c, option, &size);

	if (text == NULL || cli_value(c, option)[0] != '@')
		return text;

	return arena_copy(c->arena, text, strcspn(text, "\r\n"));
}

struct moment
hook_at(const struct cli *c)
{
	const char	*said = cli_value(c, "at");
	struct moment	 at;
	char		*end;

	if (!clock_set(getenv("ALMONER_NOW")))
		cli_usage(c, "ALMONER_NOW is not a time");
	at = clock_now();
	if (said == NULL)
		return at;
	at.ms = strtoll(said, &end, 10);
	at.ms = at.ms > 0 && at.ms < INT64_MAX / 1000 ? at.ms * 1000 : 0;
	if (*end != '\0' ? !clock_parse(said, &at) : at.ms == 0)
		cli_usage(c, "--at is unix seconds, or a time with its zone,"
		    " like 2026-05-10T09:12:00Z");

	return at;
}

/* what is told of it */

static const struct shape header_out = SHAPE("Header", struct hook_header,
	{ "name",  TEXT(struct hook_header, name) },
	{ "value", TEXT(struct hook_header, value) });

static const struct shape finding_out = SHAPE("Finding",
    struct hook_finding,
	{ "code",   TEXT(struct hook_finding, code) },
	{ "detail", TEXT(struct hook_finding, detail) });

struct report {
	const char	*method, *target;
	struct list	 headers;
	const char	*body, *format;
	bool		 right, accepted;
	struct list	 findings;
};

static const struct shape report_out = SHAPE("Verdict", struct report,
	{ "method",   TEXT(struct report, method), HIDE },
	{ "target",   TEXT(struct report, target), HIDE },
	{ "headers",  LIST(struct report, headers), HIDE,
	    .each = &header_out },
	{ "body",     TEXT(struct report, body), HIDE },
	{ "format",   TEXT(struct report, format) },
	{ "signatureRight", BOOL(struct report, right) },
	{ "accepted", BOOL(struct report, accepted) },
	{ "findings", LIST(struct report, findings),
	    .each = &finding_out });

/* Text that JSON can hold: what is not UTF-8 becomes question marks. */
static const char *
utf8(struct arena *arena, const char *text, size_t size)
{
	char	*copy = arena_copy(arena, text, size);

	if (encode_is_utf8(copy, size) && strlen(copy) == size)
		return copy;
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)copy[i] >= 0x80 || copy[i] == '\0')
			copy[i] = '?';

	return copy;
}

static void
tell_delivery(const struct hook_verdict *v, struct report *out)
{
	const struct hook_parcel	*p = v->parcel;
	struct hook_header		*all;

	all = arena_array(v->arena, p->count, sizeof(*all));
	for (size_t i = 0; i < p->count; i++)
		all[i] = (struct hook_header){ p->headers[i].name,
			utf8(v->arena, p->headers[i].value,
			strlen(p->headers[i].value)) };
	out->headers = (struct list){ all, p->count };
	out->method = p->method;
	out->target = utf8(v->arena, p->target, strlen(p->target));
	out->body = utf8(v->arena, p->body.data, p->body.size);
}

void
hook_json(struct buf *out, const struct hook_verdict *v, bool delivery)
{
	struct report	 r = {
		.format = v->format, .right = v->right,
		.accepted = v->right && v->count == 0,
	};

	r.findings = (struct list){ (void *)(uintptr_t)v->findings,
		v->count };
	if (delivery)
		tell_delivery(v, &r);
	shape_write(out, &report_out, &r);
}

void
hook_print(const struct hook_verdict *v, const char *indent)
{
	if (v->right)
		printf("%sThe signature is right; the format is %s.\n",
		    indent, v->format);
	for (size_t i = 0; i < v->count; i++)
		printf("%s%s\n%s    %s\n", indent, v->findings[i].code,
		    indent, v->findings[i].detail);
}
