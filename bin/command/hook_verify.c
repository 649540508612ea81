/*
 * webhook verify: why does the signature of a delivery not match?
 */
#include <stdio.h>
#include <string.h>

#include "bin/command/cli.h"
#include "bin/command/credentials.h"
#include "bin/command/hook.h"
#include "lib/base/buf.h"

static void
read_part(const struct cli *c, struct hook_parcel *p, const char *option)
{
	const char	*file = cli_value(c, option), *text;
	size_t		 size;

	if (file == NULL)
		return;
	text = credentials_file(c->arena, file, &size);
	if (text == NULL)
		cli_usage(c, "cannot read %s", file);
	if (!hook_parcel_read(p, text, size))
		cli_usage(c, "%s: %s", file, p->why);
}

/* --signature and the like: which header it is depends on the format. */
static void
read_headers(const struct cli *c, struct hook_parcel *p,
    enum dialect_name format)
{
	static const char *const signatures[DIALECT__MAX] = {
		"X-SIR-Signature", "X-SIR-Signature", "webhook-signature",
		"Signature", "Authorization",
	};
	const char	*timestamp = cli_value(c, "timestamp");

	if (cli_value(c, "signature") != NULL)
		hook_parcel_set(p, signatures[format],
		    cli_value(c, "signature"));
	if (timestamp != NULL && format != DIALECT_STANDARD)
		hook_parcel_set(p, "X-SIR-Timestamp", timestamp);
	if (timestamp != NULL && format == DIALECT_STANDARD)
		hook_parcel_set(p, "webhook-timestamp", timestamp);
	if (cli_value(c, "id") != NULL)
		hook_parcel_set(p, "webhook-id", cli_value(c, "id"));
}

int
hook_verify(struct cli *c)
{
	struct hook_parcel	 p = { .arena = c->arena };
	struct hook_verdict	 v = { .parcel = &p, .arena = c->arena };
	struct buf		 out;

	v.dialect = hook_format(c);
	read_part(c, &p, "request");
	read_part(c, &p, "headers");
	read_headers(c, &p, v.dialect);
	if (cli_value(c, "body") != NULL)
		p.body.data = hook_value(c, "body", &p.body.size);
	if (p.body.data == NULL)
		cli_usage(c, "what was its body?  Say --body, as @FILE, or"
		    " --request");
	v.secret = hook_secret(c, "secret");
	if (v.secret == NULL)
		cli_usage(c, "--secret is missing: that of the webhook");
	v.at = hook_at(c);
	v.at_known = cli_value(c, "at") != NULL;
	hook_verdict(&v);
	if (c->json) {
		buf_init(&out, c->arena);
		hook_json(&out, &v, false);
		puts(buf_str(&out));
	} else
		hook_print(&v, "");

	return v.right && v.count == 0 ? 0 : 1;
}
