/*
 * founding: a site that did not exist before.
 *
 * The configuration gets its name last: where it lies, there is a site.
 */
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/conf.h"
#include "lib/giving/site/founding.h"
#include "lib/giving/site/schema.h"
#include "lib/giving/site/site.h"

static bool
make_folder(const char *path, char *why, size_t size)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return true;
	snprintf(why, size, "cannot make %s: %s", path, strerror(errno));

	return false;
}

/* What is said of a setting; NULL leaves its default. */
static const char *
value_of(const struct founding *f, const char *name)
{
	if (strcmp(name, "base_url") == 0)
		return f->base_url;
	if (strcmp(name, "log") == 0)
		return f->log;
	if (strcmp(name, "test_site") == 0)
		return f->test_site ? "yes" : NULL;

	return NULL;
}

#define FRESH ".new-XXXXXX"

/* To a name that nobody else has, since two may begin at once. */
static bool
write_conf(const struct founding *f, char *path)
{
	struct conf_about	 about;
	const char		*value;
	int			 fd = mkstemp(path);
	FILE			*out = fd < 0 ? NULL : fdopen(fd, "w");
	bool			 good;

	if (out == NULL)
		return false;
	fprintf(out, "# The configuration of an Almoner site: name = value."
	    "  What begins with # is a\n# comment; the defaults stand in"
	    " such.  Paths are read from this file's folder.\n");
	for (size_t i = 0; conf_about(i, &about); i++) {
		value = value_of(f, about.name);
		if (value == NULL)
			value = about.preset;
		fprintf(out, "\n# %s\n%s%s =%s%s\n", about.about,
		    value == about.preset ? "#" : "", about.name,
		    value[0] != '\0' ? " " : "", value);
	}
	good = fflush(out) == 0 && fsync(fd) == 0;

	return fclose(out) == 0 && good;
}

static bool
name_conf(const char *from, const char *to)
{
	/* link() does not replace one that came meanwhile; but some file
	 * systems do not have it. */
	if (link(from, to) == 0) {
		(void)unlink(from);
		return true;
	}

	return errno != EEXIST && rename(from, to) == 0;
}

bool
founding_make(const struct founding *f, struct conf *conf,
    struct arena *arena, struct moment now, char *why, size_t size)
{
	const char	*slash = strrchr(f->conf, '/');
	const char	*folder = slash == NULL ? "." : arena_copy(arena,
			    f->conf, (size_t)(slash - f->conf));
	char		*fresh = arena_printf(arena, "%s" FRESH, f->conf);

	if (access(f->conf, F_OK) == 0) {
		snprintf(why, size, "there is a site already: %s", f->conf);
		return false;
	}
	if (!make_folder(folder, why, size) || !make_folder(
	    arena_printf(arena, "%s/data", folder), why, size))
		return false;
	if (!write_conf(f, fresh)) {
		snprintf(why, size, "cannot write %s: %s", fresh,
		    strerror(errno));
		return false;
	}
	if (!conf_read(conf, fresh, why, size) ||
	    !site_create(conf, schema_sql, arena, now, why, size)) {
		(void)unlink(fresh);
		return false;
	}
	conf->path[strlen(conf->path) - strlen(FRESH)] = '\0';
	if (name_conf(fresh, f->conf))
		return true;
	snprintf(why, size, "cannot write %s: %s", f->conf, strerror(errno));

	return false;
}
