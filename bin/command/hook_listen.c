/*
 * webhook listen: what arrives on this machine, with the verdict on it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command/cli.h"
#include "bin/command/hook.h"
#include "bin/command/hook_http.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"

/* A whole number from `least` to `most`; `preset` if it is not said. */
static int
number(const struct cli *c, const char *option, int least, int most,
    int preset)
{
	const char	*said = cli_value(c, option);
	long		 n;
	char		*end;

	if (said == NULL)
		return preset;
	n = strtol(said, &end, 10);
	if (*end != '\0' || n < least || n > most)
		cli_usage(c, "--%s is a number from %d to %d", option, least,
		    most);

	return (int)n;
}

/* Bytes that a terminal can show, without the line end behind them. */
static const char *
plain(const struct hook_verdict *v, const char *text)
{
	return hook_parcel_plain(v->arena, (struct piece){ text,
	    strlen(text) });
}

static void
print_people(const struct hook_verdict *v)
{
	static const char *const	 shown[] = {
		"webhook-id", "X-SIR-Timestamp", "X-SIR-Signature",
		"webhook-timestamp", "webhook-signature", "Signature",
	};
	const struct hook_parcel	*p = v->parcel;
	char				 at[CLOCK_TEXT];
	const char			*value;

	clock_text(at, v->at);
	printf("%s  %s %s\n", at, plain(v, p->method), plain(v, p->target));
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		value = hook_parcel_header(p, shown[i]);
		if (value != NULL)
			printf("    %s: %s\n", shown[i], plain(v, value));
	}
	printf("    %s\n", hook_parcel_plain(v->arena, p->body));
	hook_print(v, "    ");
}

static void
print(const struct cli *c, const struct hook_verdict *v)
{
	struct buf	 out;

	if (c->json) {
		buf_init(&out, v->arena);
		hook_json(&out, v, true);
		puts(buf_str(&out));
	} else
		print_people(v);
	fflush(stdout);
}

/* One request; true if it was a delivery. */
static bool
serve(const struct cli *c, int listener, const char *secret, int status)
{
	struct hook_parcel	 p = { .arena = arena_new() };
	struct hook_verdict	 v = { .parcel = &p, .arena = p.arena,
				    .secret = secret, .at_known = true };
	int			 peer = hook_http_take(listener, &p);
	bool			 good = p.why == NULL;

	if (peer == -1) {
		perror("almoner: webhook listen");
		exit(1);
	}
	if (good) {
		v.at = clock_now();
		v.dialect = hook_format(c);
		hook_verdict(&v);
		hook_http_answer(peer, status, "");
		print(c, &v);
	} else {
		hook_http_answer(peer, 400, p.why);
		fprintf(stderr, "almoner: something came that is no webhook:"
		    " %s\n", p.why);
	}
	arena_free(p.arena);

	return good;
}

int
hook_listen(struct cli *c)
{
	const char	*secret = hook_secret(c, "secret");
	int		 port = number(c, "port", 0, 65535, 0), listener;
	int		 status = number(c, "answer", 200, 599, 200);
	int		 left = number(c, "count", 1, 1000000000, -1);

	hook_format(c);
	hook_at(c);
	if (cli_value(c, "once") != NULL)
		left = 1;
	listener = hook_http_listen(&port);
	if (listener == -1) {
		fprintf(stderr, "almoner: 127.0.0.1:%d: ", port);
		perror(NULL);
		return 1;
	}
	fprintf(stderr, "almoner: listening on http://127.0.0.1:%d/\n",
	    port);
	while (left != 0)
		if (serve(c, listener, secret, status) && left > 0)
			left--;

	return 0;
}
