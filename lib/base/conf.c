/*
 * The site's configuration.  All names stand in one table, with what they
 * mean; reading is strict, since a name that is misspelt and passed over
 * would leave a default standing that nobody chose.  Nothing is ever taken
 * from an HTTP_ variable: those belong to the client.
 */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/conf.h"

#define TEXT_SIZE sizeof(((struct conf *)0)->path)

enum kind {
	PATH,		/* relative to the folder of the file */
	URL,		/* http or https, no / at its end */
	FLAG,		/* yes or no */
	NUMBER,		/* whole, from 1 to a million */
};

static const struct setting {
	const char	*name;
	enum kind	 kind;
	size_t		 at;
	const char	*preset;
	const char	*about;
} settings[] = {
	{ "database", PATH, offsetof(struct conf, database), "data/ledger.db",
	    "the books: an SQLite file on a local disk" },
	{ "master_key", PATH, offsetof(struct conf, master_key), "master.key",
	    "64 hex digits, mode 0600, that seal the secrets in the database" },
	{ "log", PATH, offsetof(struct conf, log), "",
	    "the file of the log; standard error without one" },
	{ "base_url", URL, offsetof(struct conf, base_url), "",
	    "where partners reach this site, up to what precedes /v1" },
	{ "test_site", FLAG, offsetof(struct conf, test_site), "no",
	    "yes lets ALMONER_NOW move the clock" },
	{ "sync_full", FLAG, offsetof(struct conf, sync_full), "no",
	    "yes syncs the disk inside the database's lock: slower, simpler" },
	{ "threads", NUMBER, offsetof(struct conf, threads), "64",
	    "of one FastCGI program at most; they come as they are needed" },
	{ "failures_a_minute", NUMBER,
	    offsetof(struct conf, failures_a_minute), "30",
	    "failed signatures of one address; then it waits" },
};

#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

/* Where we are in which file, and where to say what is wrong with it. */
struct reader {
	struct conf	*conf;
	const char	*path;
	int		 line;		/* 0: the file itself */
	bool		 seen[SETTINGS];
	char		*why;
	size_t		 size;
};

/* Write a sentence into `why`; false, for the caller to return. */
static bool __attribute__((format(printf, 2, 3)))
wrong(struct reader *in, const char *format, ...)
{
	va_list	args;
	int	used;

	if (in->line > 0)
		used = snprintf(in->why, in->size, "%s:%d: ", in->path,
		    in->line);
	else
		used = snprintf(in->why, in->size, "%s: ", in->path);
	if (used < 0 || (size_t)used >= in->size)
		return false;
	va_start(args, format);
	(void)vsnprintf(in->why + used, in->size - (size_t)used, format,
	    args);
	va_end(args);

	return false;
}

/* `path` as seen from the folder that `beside` lies in; false: too long. */
static bool
resolve(char out[TEXT_SIZE], const char *path, const char *beside)
{
	const char	*slash = strrchr(beside, '/');
	int		 size;

	if (path[0] == '/' || path[0] == '\0' || slash == NULL)
		size = snprintf(out, TEXT_SIZE, "%s", path);
	else
		size = snprintf(out, TEXT_SIZE, "%.*s/%s",
		    (int)(slash - beside), beside, path);

	return size >= 0 && (size_t)size < TEXT_SIZE;
}

static bool
set_path(struct reader *in, const struct setting *setting, const char *value)
{
	char *at = (char *)in->conf + setting->at;

	if (!resolve(at, value, in->conf->path))
		return wrong(in, "%s is longer than %zu bytes", setting->name,
		    TEXT_SIZE - 1);

	return true;
}

static bool
set_url(struct reader *in, const struct setting *setting, const char *value)
{
	char	*at = (char *)in->conf + setting->at;
	size_t	 size = strlen(value);

	if (value[0] != '\0' && strncmp(value, "https://", 8) != 0 &&
	    strncmp(value, "http://", 7) != 0)
		return wrong(in, "%s must begin with https:// or http:// (%s)",
		    setting->name, setting->about);
	while (size > 0 && value[size - 1] == '/')
		size--;
	if (size >= TEXT_SIZE)
		return wrong(in, "%s is longer than %zu bytes", setting->name,
		    TEXT_SIZE - 1);
	memcpy(at, value, size);
	at[size] = '\0';

	return true;
}

static bool
set_flag(struct reader *in, const struct setting *setting, const char *value)
{
	bool *at = (bool *)((char *)in->conf + setting->at);

	*at = strcmp(value, "yes") == 0;
	if (!*at && strcmp(value, "no") != 0)
		return wrong(in, "%s is \"%s\" but must be yes or no (%s)",
		    setting->name, value, setting->about);

	return true;
}

static bool
set_number(struct reader *in, const struct setting *setting,
    const char *value)
{
	int64_t	*at = (int64_t *)(void *)((char *)in->conf + setting->at);
	size_t	 size = strlen(value);

	if (size == 0 || size > 7 || strspn(value, "0123456789") != size ||
	    (*at = strtoll(value, NULL, 10)) < 1 || *at > 1000000)
		return wrong(in, "%s is \"%s\" but must be a number from 1"
		    " to 1000000 (%s)", setting->name, value,
		    setting->about);

	return true;
}

static bool
set(struct reader *in, const struct setting *setting, const char *value)
{
	static bool (*const setters[])(struct reader *,
	    const struct setting *, const char *) = {
		[PATH] = set_path, [URL] = set_url, [FLAG] = set_flag,
		[NUMBER] = set_number,
	};

	return setters[setting->kind](in, setting, value);
}

static const struct setting *
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
read_line(struct reader *in, char *line)
{
	const struct setting	*setting;
	char			*equals;
	char			*name;

	cut_comment(line);
	name = trim(line);
	if (name[0] == '\0')
		return true;
	equals = strchr(name, '=');
	if (equals == NULL)
		return wrong(in, "\"%s\" is not of the form name = value",
		    name);
	*equals = '\0';
	name = trim(name);
	setting = find(name);
	if (setting == NULL)
		return wrong(in, "there is no setting \"%s\"", name);
	if (in->seen[setting - settings])
		return wrong(in, "%s is said twice", name);
	in->seen[setting - settings] = true;

	return set(in, setting, trim(equals + 1));
}

static bool
read_lines(struct reader *in, FILE *file)
{
	char	 line[2048];
	char	*start;

	while (fgets(line, sizeof(line), file) != NULL) {
		in->line++;
		if (strchr(line, '\n') == NULL && !feof(file))
			return wrong(in, "this line is too long");
		start = line;
		/* Some editors mark a file as UTF-8. */
		if (in->line == 1 && strncmp(line, "\xef\xbb\xbf", 3) == 0)
			start += 3;
		if (!read_line(in, start))
			return false;
	}
	in->line = 0;
	if (ferror(file))
		return wrong(in, "cannot be read: %s", strerror(errno));

	return true;
}

/* The file's own place, so that it stays true when the process moves. */
static bool
set_own_path(struct reader *in)
{
	char	folder[TEXT_SIZE];
	int	size;

	if (in->path[0] == '/') {
		size = snprintf(in->conf->path, TEXT_SIZE, "%s", in->path);
	} else {
		if (getcwd(folder, sizeof(folder)) == NULL)
			return wrong(in, "no folder to find it from: %s",
			    strerror(errno));
		size = snprintf(in->conf->path, TEXT_SIZE, "%s/%s", folder,
		    in->path);
	}
	if (size < 0 || (size_t)size >= TEXT_SIZE)
		return wrong(in, "its path is longer than %zu bytes",
		    TEXT_SIZE - 1);

	return true;
}

bool
conf_read(struct conf *conf, const char *path, char *why, size_t size)
{
	struct reader	 in = {
		.conf = conf, .path = path, .why = why, .size = size
	};
	FILE		*file;
	bool		 good;
	size_t		 i;

	memset(conf, 0, sizeof(*conf));
	if (!set_own_path(&in))
		return false;
	for (i = 0; i < SETTINGS; i++)
		if (!set(&in, &settings[i], settings[i].preset))
			return false;

	file = fopen(path, "re");
	if (file == NULL)
		return wrong(&in, "cannot be opened: %s", strerror(errno));
	good = read_lines(&in, file);
	(void)fclose(file);

	return good;
}

/* The folder above the one that this program's file lies in, and a slash. */
static bool
parent_folder(char out[TEXT_SIZE])
{
	char	*slash;
	ssize_t	 size;
	int	 up;

	/* What is cut off at the end is only the program's own name. */
	size = readlink("/proc/self/exe", out, TEXT_SIZE - 1);
	if (size <= 0)
		return false;
	out[size] = '\0';
	for (up = 0; up < 2; up++) {
		slash = strrchr(out, '/');
		if (slash == NULL)
			return false;
		*slash = '\0';
	}
	strcat(out, "/");

	return true;
}

/* The path in the one line of almoner.path; `out` stays without the file. */
static bool
follow(struct reader *in, char out[TEXT_SIZE])
{
	char	 line[TEXT_SIZE + 1];
	char	*target;
	FILE	*file;

	file = fopen(in->path, "re");
	if (file == NULL) {
		if (errno == ENOENT)
			return true;
		return wrong(in, "cannot be opened: %s", strerror(errno));
	}
	line[0] = '\0';
	(void)fgets(line, sizeof(line), file);
	(void)fclose(file);
	target = trim(line);
	if (target[0] == '\0' || !resolve(out, target, in->path))
		return wrong(in,
		    "must hold one line: the path of the configuration");

	return true;
}

bool
conf_load(struct conf *conf, char *why, size_t size)
{
	char		 folder[TEXT_SIZE], pointer[TEXT_SIZE];
	char		 path[TEXT_SIZE];
	struct reader	 in = {
		.conf = conf, .path = pointer, .why = why, .size = size
	};
	const char	*named = getenv("ALMONER_CONF");

	memset(conf, 0, sizeof(*conf));
	if (named != NULL && named[0] != '\0')
		return conf_read(conf, named, why, size);

	in.path = "almoner.conf";
	if (!parent_folder(folder) ||
	    !resolve(pointer, "almoner.path", folder) ||
	    !resolve(path, "almoner.conf", folder))
		return wrong(&in, "the program's own folder is not known;"
		    " name the file in ALMONER_CONF");
	in.path = pointer;
	if (!follow(&in, path))
		return false;

	return conf_read(conf, path, why, size);
}
