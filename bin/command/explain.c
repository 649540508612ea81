/*
 * explain: why was the signature of a request refused?
 *
 * A partner pastes the request; the secrets come from the partner's own file,
 * or, on the site's host, out of the books, where each set of the partner's
 * keys is tried.  No secret is ever printed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command/cli.h"
#include "bin/command/credentials.h"
#include "bin/command/judge.h"
#include "bin/command/paste.h"
#include "bin/command/suspects.h"
#include "lib/base/arena.h"

static int	explain(struct cli *);

static const struct option explain_options[] = {
	{ "request", "FILE", "a curl command, what curl -v printed, or the"
	    " request itself; - reads what is typed", false },
	{ "credentials", "FILE", "JSON with the keys that were meant; else"
	    " the site's books are asked", false },
	{ "other", "FILE", "keys that might have been taken instead", false },
	{ "key", "KEY", "what X-Partner-Key said, or the id of its set",
	    false },
	{ "timestamp", "SECONDS", "what X-Timestamp said", false },
	{ "signature", "HEX", "what X-Signature said", false },
	{ "method", "METHOD", "GET, or POST where there is a body", false },
	{ "path", "PATH", "as it was sent, with its query", false },
	{ "url", "URL", "or the whole address", false },
	{ "body", "BODY", "what was sent, or @FILE", false },
	{ "at", "TIME", "when it arrived: unix seconds, or like"
	    " 2026-05-10T09:12:00Z; else now", false },
	{ 0 }
};

const struct command explain_commands[] = {
	{ "explain", "Say why a request's signature is wrong",
	    explain_options, explain },
	{ 0 }
};

/* For programs. */
struct explanation {
	bool		 right, accepted;
	int64_t		 off_s;
	const char	*text;
	struct list	 findings;
};

static const struct shape finding_out = SHAPE("Finding", struct finding,
	{ "code",   TEXT(struct finding, code) },
	{ "detail", TEXT(struct finding, detail) });

static const struct shape explanation_out = SHAPE("Explanation",
    struct explanation,
	{ "signatureRight", BOOL(struct explanation, right) },
	{ "accepted",       BOOL(struct explanation, accepted) },
	{ "clockOffSeconds", INT(struct explanation, off_s) },
	{ "signedText",     TEXT(struct explanation, text) },
	{ "findings",       LIST(struct explanation, findings),
	    .each = &finding_out });

/* what was sent */

/* An option's value takes the place of what was pasted. */
static void
prefer(const struct cli *c, const char *option, const char **out)
{
	if (cli_value(c, option) != NULL)
		*out = cli_value(c, option);
}

static void
read_body(struct cli *c, struct paste *p)
{
	const char	*body = cli_value(c, "body");

	if (body == NULL)
		return;
	p->body_said = true;
	p->body = (struct piece){ body, strlen(body) };
	if (body[0] == '@') {
		p->body.data = credentials_file(c->arena, body + 1,
		    &p->body.size);
		if (p->body.data == NULL)
			cli_usage(c, "cannot read %s", body + 1);
	}
}

static void
gather(struct cli *c, struct paste *p)
{
	const char	*file = cli_value(c, "request"), *text;
	size_t		 size;

	p->arena = c->arena;
	p->length = -1;
	read_body(c, p);
	if (file != NULL) {
		text = credentials_file(c->arena, file, &size);
		if (text == NULL)
			cli_usage(c, "cannot read %s", file);
		if (!paste_read(p, text))
			cli_usage(c, "%s: %s", file, p->why);
	}
	prefer(c, "key", &p->key);
	prefer(c, "timestamp", &p->timestamp);
	prefer(c, "signature", &p->signature);
	prefer(c, "method", &p->method);
	prefer(c, "path", &p->url);
	prefer(c, "url", &p->url);
	if (p->url == NULL)
		cli_usage(c, "where was it sent?  Say --request, --url or"
		    " --path");
	if (p->body.data == NULL && p->length > 0)
		cli_usage(c, "its body of %" PRId64 " bytes is not there: say"
		    " --body, as @FILE", p->length);
	if (p->body.data == NULL)
		p->body = (struct piece){ "", 0 };
	if (p->method == NULL)
		p->method = p->body.size > 0 ? "POST" : "GET";
}

/* Shell variables that nobody has filled in. */
static void
refuse_variables(const struct cli *c, const struct paste *p)
{
	const char *const	all[] = { p->key, p->timestamp, p->signature,
				    p->url };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] != NULL && strchr(all[i], '$') != NULL)
			cli_usage(c, "%s is a variable of a shell: paste what"
			    " curl -v prints, or what it stood for", all[i]);
}

/* The address as the server takes it apart. */
static bool
read_url(struct judge *j, const struct paste *p)
{
	struct guess_request	*r = &j->request;
	const char		*url = p->url, *path, *api;

	r->host = p->host;
	if (url[0] != '/' && (path = strstr(url, "://")) != NULL) {
		path += 3;
		url = path + strcspn(path, "/?#");
		r->host = arena_copy(r->arena, path, (size_t)(url - path));
	}
	url = arena_copy(r->arena, url, strcspn(url, "#"));
	api = strstr(url, "/v1/");
	if (api == NULL || strcspn(url, "?") < (size_t)(api - url)) {
		judge_add(j, "NO_V1", "There is no /v1/ in the path %s, so"
		    " nothing answers there.  The paths of the API begin"
		    " with /v1/partner/.", url);
		return false;
	}
	r->target = api;
	r->prefix = arena_copy(r->arena, url, (size_t)(api - url));

	return true;
}

/* what came of it */

static void
report(const struct cli *c, const struct judge *j)
{
	struct explanation	 e = { j->right, j->count == 0, j->off_s,
				    judge_text(j), { NULL, j->count } };

	e.findings.items = arena_copy(c->arena, j->findings,
	    j->count * sizeof(*j->findings));
	if (c->json) {
		print_one(c, &explanation_out, &e);
		return;
	}
	printf(j->right ? "The signature is right.\n" :
	    "The signature is wrong.\n");
	for (size_t i = 0; i < j->count; i++)
		printf("\n%s\n    %s\n", j->findings[i].code,
		    j->findings[i].detail);
	if (j->count == 0)
		printf("The timestamp is %" PRId64 " s from our clock, which"
		    " is near enough.\n", j->off_s < 0 ? -j->off_s :
		    j->off_s);
	if (!j->right)
		printf("\nWhat has to be signed, on one line and without a"
		    " line end:\n    %s\n", e.text);
}

/* False, with findings, if headers are not there or not once. */
static bool
has_headers(const struct cli *c, struct judge *j, const struct paste *p)
{
	const struct { const char *name, *value; } all[] = {
		{ "X-Partner-Key", cli_value(c, "request") != NULL ?
		    p->key : "" },
		{ "X-Timestamp", p->timestamp },
		{ "X-Signature", p->signature },
	};
	bool	 good = true;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].value == NULL) {
			judge_add(j, "MISSING_HEADER", "The request has no"
			    " %s.  A signed request has X-Partner-Key,"
			    " X-Timestamp and X-Signature.", all[i].name);
			good = false;
		}
	if (p->twice != NULL) {
		judge_add(j, "HEADER_TWICE", "%s came twice.  Send it once.",
		    p->twice);
		good = false;
	}

	return good;
}

/* When it arrived: as we are told, as its answer is dated, or now. */
static void
read_time(struct cli *c, struct judge *j, const struct paste *p)
{
	const char	*said = cli_value(c, "at");
	char		*end;

	j->at = c->work.now;
	j->at_known = said != NULL || p->date != NULL;
	if (said != NULL) {
		j->at.ms = strtoll(said, &end, 10) * 1000;
		if (*end != '\0' && !clock_parse(said, &j->at))
			cli_usage(c, "--at is unix seconds, or a time with"
			    " its zone, like 2026-05-10T09:12:00Z");
	} else if (p->date != NULL && !paste_date(p, &j->at))
		j->at_known = false;
}

static void
look(struct cli *c, struct judge *j, const struct paste *p)
{
	bool	 files = cli_value(c, "credentials") != NULL;

	j->request.timestamp = p->timestamp != NULL ? p->timestamp : "";
	j->request.method = p->method;
	j->request.body = p->body;
	j->request.file = p->file;
	if (!read_url(j, p) || !has_headers(c, j, p))
		return;
	if (p->length >= 0 && (size_t)p->length != p->body.size)
		judge_add(j, "BODY_LENGTH", "Content-Length says %" PRId64
		    ", but the body that is shown has %zu bytes: it is not"
		    " byte for byte what was sent.", p->length,
		    p->body.size);
	if (!(files ? suspects_from_files(c, j, p->key) :
	    suspects_from_books(c, j, p->key)))
		return;
	judge_signature(j, p->signature);
	judge_clock(j);
}

static int
explain(struct cli *c)
{
	bool		 files = cli_value(c, "credentials") != NULL;
	struct paste	 p = { 0 };
	struct judge	 j = { 0 };

	gather(c, &p);
	refuse_variables(c, &p);
	if (cli_value(c, "other") != NULL && !files)
		cli_usage(c, "--other is said beside --credentials");
	if (files && !clock_set(getenv("ALMONER_NOW")))
		cli_usage(c, "ALMONER_NOW is not a time");
	c->work.now = clock_now();
	if (!files && p.key == NULL && cli_value(c, "request") == NULL)
		cli_usage(c, "whose is it?  Say --credentials or --key");
	if (!files)
		cli_open(c, DB_READ);
	j.request.arena = c->arena;
	j.request.target = j.request.prefix = "";
	read_time(c, &j, &p);
	look(c, &j, &p);
	report(c, &j);
	if (!files && cli_close(c) != 0)
		return 1;

	return j.right ? 0 : 1;
}
