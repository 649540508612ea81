/*
 * conf_value: from what stands behind a name to what is kept of it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/conf_value.h"

bool
conf_wrong(struct conf_reader *in, const char *format, ...)
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

bool
conf_resolve(char out[CONF_TEXT], const char *path, const char *beside)
{
	const char	*slash = strrchr(beside, '/');
	int		 size;

	if (path[0] == '/' || path[0] == '\0' || slash == NULL)
		size = snprintf(out, CONF_TEXT, "%s", path);
	else
		size = snprintf(out, CONF_TEXT, "%.*s/%s",
		    (int)(slash - beside), beside, path);

	return size >= 0 && (size_t)size < CONF_TEXT;
}

static bool
set_path(struct conf_reader *in, const struct conf_setting *setting,
    const char *value)
{
	char *at = (char *)in->conf + setting->at;

	if (!conf_resolve(at, value, in->conf->path))
		return conf_wrong(in, "%s is longer than %zu bytes",
		    setting->name,
		    CONF_TEXT - 1);

	return true;
}

static bool
set_url(struct conf_reader *in, const struct conf_setting *setting,
    const char *value)
{
	char	*at = (char *)in->conf + setting->at;
	size_t	 size = strlen(value);

	if (value[0] != '\0' && strncmp(value, "https://", 8) != 0 &&
	    strncmp(value, "http://", 7) != 0)
		return conf_wrong(in, "%s must begin with https:// or http://"
		    " (%s)",
		    setting->name, setting->about);
	/* It is copied into HTML and into headers, where these end it. */
	if (value[strcspn(value, " \t\"'<>;,")] != '\0')
		return conf_wrong(in, "%s has a character that is to be written"
		    " as %% and two hex digits (%s)", setting->name,
		    setting->about);
	while (size > 0 && value[size - 1] == '/')
		size--;
	if (size >= CONF_TEXT)
		return conf_wrong(in, "%s is longer than %zu bytes",
		    setting->name,
		    CONF_TEXT - 1);
	memcpy(at, value, size);
	at[size] = '\0';

	return true;
}

static bool
set_flag(struct conf_reader *in, const struct conf_setting *setting,
    const char *value)
{
	bool *at = (bool *)((char *)in->conf + setting->at);

	*at = strcmp(value, "yes") == 0;
	if (!*at && strcmp(value, "no") != 0)
		return conf_wrong(in, "%s is \"%s\" but must be yes or no (%s)",
		    setting->name, value, setting->about);

	return true;
}

static bool
set_number(struct conf_reader *in, const struct conf_setting *setting,
    const char *value)
{
	int64_t	*at = (int64_t *)(void *)((char *)in->conf + setting->at);
	size_t	 size = strlen(value);

	if (size == 0 || size > 7 || strspn(value, "0123456789") != size ||
	    (*at = strtoll(value, NULL, 10)) < 1 || *at > 1000000)
		return conf_wrong(in, "%s is \"%s\" but must be a number from 1"
		    " to 1000000 (%s)", setting->name, value,
		    setting->about);

	return true;
}

static bool
set_text(struct conf_reader *in, const struct conf_setting *setting,
    const char *value)
{
	int	 size = snprintf((char *)in->conf + setting->at, CONF_TEXT,
	    "%s", value);

	if (size < 0 || (size_t)size >= CONF_TEXT)
		return conf_wrong(in, "%s is longer than %zu bytes",
		    setting->name, CONF_TEXT - 1);

	return true;
}

static bool
set_ports(struct conf_reader *in, const struct conf_setting *setting,
    const char *value)
{
	if (value[0] == '\0' ||
	    value[strspn(value, "0123456789 ")] != '\0')
		return conf_wrong(in, "%s is \"%s\" but must be numbers, spaces"
		    " between (%s)", setting->name, value, setting->about);
	(void)snprintf((char *)in->conf + setting->at, CONF_TEXT, "%s",
	    value);

	return true;
}

bool
conf_set(struct conf_reader *in, const struct conf_setting *setting,
    const char *value)
{
	static bool (*const setters[])(struct conf_reader *,
	    const struct conf_setting *, const char *) = {
		[CONF_PATH] = set_path, [CONF_URL] = set_url,
		[CONF_FLAG] = set_flag,
		[CONF_NUMBER] = set_number, [CONF_PORTS] = set_ports,
		[CONF_WORDS] = set_text,
	};

	return setters[setting->kind](in, setting, value);
}
