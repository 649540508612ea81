/*
 * The site's configuration.  All names stand in one table, with what they
 * mean; reading is strict, since a name that is misspelt and passed over
 * would leave a default standing that nobody chose.  Nothing is ever taken
 * from an HTTP_ variable: those belong to the client.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/conf.h"
#include "lib/base/conf_value.h"

static const struct conf_setting settings[] = {
	{ "database", CONF_PATH,
	    offsetof(struct conf, database), "data/ledger.db",
	    "the books: an SQLite file on a local disk" },
	{ "master_key", CONF_PATH,
	    offsetof(struct conf, master_key), "master.key",
	    "64 hex digits, mode 0600, that seal the secrets in the database" },
	{ "log", CONF_PATH, offsetof(struct conf, log), "",
	    "the file of the log; standard error without one" },
	{ "base_url", CONF_URL, offsetof(struct conf, base_url), "",
	    "where partners reach this site, up to what precedes /v1" },
	{ "assets_url", CONF_URL, offsetof(struct conf, assets_url), "",
	    "where browsers find checkout/page.css, if not below base_url" },
	{ "test_site", CONF_FLAG, offsetof(struct conf, test_site), "no",
	    "yes lets ALMONER_NOW move the clock" },
	{ "sync_full", CONF_FLAG, offsetof(struct conf, sync_full), "no",
	    "yes syncs the disk inside the database's lock: slower, simpler" },
	{ "threads", CONF_NUMBER, offsetof(struct conf, threads), "64",
	    "of one FastCGI program at most; they come as they are needed" },
	{ "failures_a_minute", CONF_NUMBER,
	    offsetof(struct conf, failures_a_minute), "30",
	    "failed signatures of one address; then it waits" },
	{ "loopback_http", CONF_FLAG,
	    offsetof(struct conf, loopback_http), "no",
	    "yes lets sandboxes' webhooks be http:// on this machine" },
	{ "webhook_ports", CONF_PORTS,
	    offsetof(struct conf, webhook_ports), "443",
	    "ports that webhooks may have, spaces between" },
	{ "ca_file", CONF_PATH, offsetof(struct conf, ca_file), "",
	    "the authorities whose certificates count; the system's without" },
	{ "start_deliver", CONF_FLAG,
	    offsetof(struct conf, start_deliver), "yes",
	    "no leaves sending to cron, where children are not allowed" },
	{ "webhook_days", CONF_NUMBER,
	    offsetof(struct conf, webhook_days), "30",
	    "how long deliveries and their attempts are kept" },
	{ "stripe_key", CONF_WORDS, offsetof(struct conf, stripe_key), "",
	    "the secret key of the Stripe account: sk_live_…" },
	{ "stripe_secret", CONF_WORDS, offsetof(struct conf, stripe_secret), "",
	    "what signs its events to /v1/inbound/stripe: whsec_…" },
	{ "stripe_test_key", CONF_WORDS, offsetof(struct conf, stripe_test_key),
	    "", "the same for sandboxes: sk_test_…" },
	{ "stripe_test_secret", CONF_WORDS,
	    offsetof(struct conf, stripe_test_secret), "",
	    "and what signs the events of its test mode" },
	{ "stripe_url", CONF_URL, offsetof(struct conf, stripe_url),
	    "https://api.stripe.com", "where Stripe's API is" },
	{ "every_org_url", CONF_URL, offsetof(struct conf, every_org_url),
	    "https://www.every.org", "where Every.org's pages are" },
	{ "every_org_token", CONF_WORDS, offsetof(struct conf, every_org_token),
	    "", "the webhook_token that Every.org gave us" },
	{ "every_org_secret", CONF_WORDS,
	    offsetof(struct conf, every_org_secret),
	    "", "the last part of /v1/inbound/every-org/…, which nobody"
	    " else knows" },
};

#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

static const struct conf_setting *
find(const char *name)
{
	size_t i;

	for (i = 0; i < SETTINGS; i++)
		if (strcmp(settings[i].name, name) == 0)
			return &settings[i];

	return NULL;
}

/* Without the blanks around it; the text is cut in place. */
static char *
trim(char *text)
{
	size_t size;

	text += strspn(text, " \t\r\n");
	for (size = strlen(text); size > 0 &&
	    strchr(" \t\r\n", text[size - 1]) != NULL; size--)
		continue;
	text[size] = '\0';

	return text;
}

/* A # begins a comment at the start of a line or after a blank. */
static void
cut_comment(char *line)
{
	char *mark;

	for (mark = line; (mark = strchr(mark, '#')) != NULL; mark++) {
		if (mark == line || mark[-1] == ' ' || mark[-1] == '\t') {
			*mark = '\0';
			return;
		}
	}
}

static bool
read_line(struct conf_reader *in, char *line, bool seen[SETTINGS])
{
	const struct conf_setting	*setting;
	char			*equals;
	char			*name;

	cut_comment(line);
	name = trim(line);
	if (name[0] == '\0')
		return true;
	equals = strchr(name, '=');
	if (equals == NULL)
		return conf_wrong(in, "\"%s\" is not of the form name = value",
		    name);
	*equals = '\0';
	name = trim(name);
	setting = find(name);
	if (setting == NULL)
		return conf_wrong(in, "there is no setting \"%s\"", name);
	if (seen[setting - settings])
		return conf_wrong(in, "%s is said twice", name);
	seen[setting - settings] = true;

	return conf_set(in, setting, trim(equals + 1));
}

static bool
read_lines(struct conf_reader *in, FILE *file)
{
	bool	 seen[SETTINGS] = { false };
	char	 line[2048];
	char	*start;

	while (fgets(line, sizeof(line), file) != NULL) {
		in->line++;
		if (strchr(line, '\n') == NULL && !feof(file))
			return conf_wrong(in, "this line is too long");
		start = line;
		/* Some editors mark a file as UTF-8. */
		if (in->line == 1 && strncmp(line, "\xef\xbb\xbf", 3) == 0)
			start += 3;
		if (!read_line(in, start, seen))
			return false;
	}
	in->line = 0;
	if (ferror(file))
		return conf_wrong(in, "cannot be read: %s", strerror(errno));

	return true;
}

/* The file's own place, so that it stays true when the process moves. */
static bool
set_own_path(struct conf_reader *in)
{
	char	folder[CONF_TEXT];
	int	size;

	if (in->path[0] == '/') {
		size = snprintf(in->conf->path, CONF_TEXT, "%s", in->path);
	} else {
		if (getcwd(folder, sizeof(folder)) == NULL)
			return conf_wrong(in, "no folder to find it from: %s",
			    strerror(errno));
		size = snprintf(in->conf->path, CONF_TEXT, "%s/%s", folder,
		    in->path);
	}
	if (size < 0 || (size_t)size >= CONF_TEXT)
		return conf_wrong(in, "its path is longer than %zu bytes",
		    CONF_TEXT - 1);

	return true;
}

bool
conf_read(struct conf *conf, const char *path, char *why, size_t size)
{
	struct conf_reader	 in = {
		.conf = conf, .path = path, .why = why, .size = size
	};
	FILE		*file;
	bool		 good;
	size_t		 i;

	memset(conf, 0, sizeof(*conf));
	if (!set_own_path(&in))
		return false;
	for (i = 0; i < SETTINGS; i++)
		if (!conf_set(&in, &settings[i], settings[i].preset))
			return false;

	file = fopen(path, "re");
	if (file == NULL)
		return conf_wrong(&in, "cannot be opened: %s", strerror(errno));
	good = read_lines(&in, file);
	(void)fclose(file);

	return good;
}

/* The path in the one line of almoner.path; `out` stays without the file. */
static bool
follow(struct conf_reader *in, char out[CONF_TEXT])
{
	char	 line[CONF_TEXT + 1];
	char	*target;
	FILE	*file;

	file = fopen(in->path, "re");
	if (file == NULL) {
		if (errno == ENOENT)
			return true;
		return conf_wrong(in, "cannot be opened: %s", strerror(errno));
	}
	line[0] = '\0';
	(void)fgets(line, sizeof(line), file);
	(void)fclose(file);
	target = trim(line);
	if (target[0] == '\0' || !conf_resolve(out, target, in->path))
		return conf_wrong(in,
		    "must hold one line: the path of the configuration");

	return true;
}

bool
conf_find(char path[CONF_TEXT], char *why, size_t size)
{
	char		 folder[CONF_TEXT], pointer[CONF_TEXT];
	struct conf_reader	 in = {
		.path = "almoner.conf", .why = why, .size = size
	};
	const char	*named = getenv("ALMONER_CONF");

	if (named != NULL && named[0] != '\0' &&
	    snprintf(path, CONF_TEXT, "%s", named) < (int)CONF_TEXT)
		return true;
	if (!conf_folder(folder, sizeof(folder)) ||
	    !conf_resolve(pointer, "almoner.path", folder) ||
	    !conf_resolve(path, "almoner.conf", folder))
		return conf_wrong(&in, "the program's own folder is not known;"
		    " name the file in ALMONER_CONF");
	in.path = pointer;

	return follow(&in, path);
}

bool
conf_load(struct conf *conf, char *why, size_t size)
{
	char	 path[CONF_TEXT];

	memset(conf, 0, sizeof(*conf));
	if (!conf_find(path, why, size))
		return false;

	return conf_read(conf, path, why, size);
}

bool
conf_about(size_t i, struct conf_about *out)
{
	if (i >= SETTINGS)
		return false;
	*out = (struct conf_about){ settings[i].name, settings[i].preset,
	    settings[i].about };

	return true;
}
