/*
 * credentials: a partner's keys, from a file, so that they do not stand in
 * the shell's history or in the list of processes.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bin/command/cli.h"
#include "bin/command/credentials.h"
#include "lib/base/arena.h"
#include "lib/base/limits.h"

static const struct shape credentials_in = SHAPE("Credentials",
    struct credentials,
	{ "baseUrl",        TEXT(struct credentials, base_url) },
	{ "publishableKey", TEXT(struct credentials, publishable_key) },
	{ "secretKey",      TEXT(struct credentials, secret_key), NEED,
	    8, 128 },
	{ "hmacSecret",     TEXT(struct credentials, hmac_secret), NEED,
	    64, 64 });

char *
credentials_file(struct arena *arena, const char *path, size_t *size)
{
	char	*data = arena_alloc(arena, LIMIT_BODY + 2);
	bool	 own = strcmp(path, "-") != 0;
	FILE	*f = own ? fopen(path, "rb") : stdin;
	bool	 good;

	if (f == NULL)
		return NULL;
	*size = fread(data, 1, LIMIT_BODY + 1, f);
	good = ferror(f) == 0 && *size <= LIMIT_BODY;
	data[*size] = '\0';
	if (own)
		fclose(f);

	return good ? data : NULL;
}

void
credentials_read(struct cli *c, const char *path, struct credentials *out)
{
	struct ignored	 ignored = { 0 };
	struct source	 from = { 0 };
	size_t		 size;
	char		*url;

	from.body = credentials_file(c->arena, path, &from.body_size);
	if (from.body == NULL)
		cli_usage(c, "cannot read %s", path);
	if (shape_read(&credentials_in, &from, c->arena, out, &c->faults,
	    &ignored) != SHAPE_GOOD)
		cli_usage(c, "%s: %s %s", path, c->faults.first->pointer,
		    c->faults.first->detail);
	url = arena_text(c->arena, out->base_url);
	for (size = url != NULL ? strlen(url) : 0;
	    size > 0 && url[size - 1] == '/'; size--)
		url[size - 1] = '\0';
	out->base_url = url;
}
