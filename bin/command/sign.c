/*
 * sign: a request as a curl command that can be pasted.
 *
 * The secrets come from a file, so that they do not stand in the shell's
 * history or in the list of processes; the command that is printed holds the
 * key and a signature that is good for five minutes, never the secret.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command/cli.h"
#include "bin/command/credentials.h"
#include "bin/command/quoted.h"
#include "lib/base/encode.h"
#include "lib/crypto/hmac.h"

static int	sign(struct cli *);

static const struct option sign_options[] = {
	{ "credentials", "FILE", "JSON with secretKey, hmacSecret and"
	    " baseUrl, as key create --json prints it", true },
	{ "path", "PATH", "with its query: /v1/partner/actions?limit=5",
	    true },
	{ "method", "METHOD", "GET, or POST where there is data", false },
	{ "data", "BODY", "what is sent, or @FILE", false },
	{ "base-url", "URL", "where the site is, if the file does not say",
	    false },
	{ 0 }
};

const struct command sign_commands[] = {
	{ "sign", "Print a signed request as a curl command", sign_options,
	    sign },
	{ 0 }
};

static void
read_credentials(struct cli *c, struct credentials *out)
{
	const char	*path = cli_value(c, "credentials");

	credentials_read(c, path, out);
	if (cli_value(c, "base-url") != NULL)
		out->base_url = cli_value(c, "base-url");
	if (out->base_url == NULL)
		cli_usage(c, "neither %s nor --base-url says where the site"
		    " is", path);
}

static void
print_command(const struct credentials *cr, const char *method,
    const char *path, const char *timestamp, const char *signature,
    const char *data)
{
	printf("curl -sS -X %s ", method);
	quoted_print(cr->base_url);
	quoted_print(path);
	printf(" \\\n  -H 'X-Partner-Key: %s' \\\n  -H 'X-Timestamp: %s' \\\n"
	    "  -H 'X-Signature: %s'", cr->secret_key, timestamp, signature);
	if (data != NULL) {
		printf(" \\\n  -H 'Content-Type: application/json'"
		    " \\\n  --data-binary ");
		quoted_print(data);
	}
	putchar('\n');
}

static int
sign(struct cli *c)
{
	const char		*data = cli_value(c, "data");
	const char		*method = cli_value(c, "method");
	const char		*path = cli_value(c, "path");
	struct credentials	 cr;
	unsigned char		 sum[SHA256_SIZE];
	char			 stamp[24], hash[65], signature[65];
	const char		*body = data != NULL ? data : "";
	size_t			 size = strlen(body);

	read_credentials(c, &cr);
	if (strncmp(path, "/v1/", 4) != 0)
		cli_usage(c, "--path begins with /v1/");
	if (data != NULL && data[0] == '@')
		body = credentials_file(c->arena, data + 1, &size);
	if (body == NULL)
		cli_usage(c, "cannot read %s", data + 1);
	if (method == NULL)
		method = data != NULL ? "POST" : "GET";
	if (!clock_set(getenv("ALMONER_NOW")))
		cli_usage(c, "ALMONER_NOW is not a time");
	snprintf(stamp, sizeof(stamp), "%lld",
	    (long long)clock_now().ms / 1000);
	hmac_sha256(sum, body, size);
	encode_hex(hash, sum, sizeof(sum));
	hmac_sign(sum, (struct piece){ cr.hmac_secret,
	    strlen(cr.hmac_secret) }, (struct piece[]){
	    { stamp, strlen(stamp) }, { method, strlen(method) },
	    { path, strlen(path) }, { hash, strlen(hash) } }, 4);
	encode_hex(signature, sum, sizeof(sum));
	print_command(&cr, method, path, stamp, signature, data);

	return 0;
}
