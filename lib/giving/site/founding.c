/*
 * founding: a site that did not exist before.
 *
 * The configuration gets its name last: where it lies, there is a site.  Until
 * then it is called almoner.conf.new, which is two things besides.  Who makes
 * a site has it locked, so of two who begin at once one waits.  And with words
 * in it, and nobody who has it locked, it says that somebody was stopped in
 * the middle: what lies beside it is theirs, nobody was ever told of it, and
 * who comes next clears it away.  So it gets no words where there is a master
 * key or a database already, which is somebody's who lost almoner.conf.
 */
#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/conf.h"
#include "lib/base/work.h"
#include "lib/giving/site/founding.h"
#include "lib/giving/site/schema.h"
#include "lib/giving/site/site.h"

#define FRESH	".new"
#define KEY	"master.key"
#define BOOKS	"ledger.db"

/* One that is being made. */
struct begun {
	struct arena	*arena;
	const char	*conf, *fresh;		/* almoner.conf, and before */
	const char	*folder, *data, *key;
	int		 fd;			/* of fresh */
	bool		 locked;
	bool		 mine;			/* to remove it again */
};

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

static bool
write_conf(const struct founding *f, int fd)
{
	struct conf_about	 about;
	const char		*value;
	int			 own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	FILE			*out = own < 0 ? NULL : fdopen(own, "w");
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
	good = fflush(out) == 0 && fsync(own) == 0;

	return fclose(out) == 0 && good;
}

/* A name is on disk when its folder is; not all file systems sync those. */
static bool
sync_folder(const char *path)
{
	int	 fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool	 good = fd != -1 && (fsync(fd) == 0 || errno == EINVAL);

	if (fd != -1)
		close(fd);

	return good;
}

static bool
is_there(const struct begun *b)
{
	return access(b->key, F_OK) == 0 || access(arena_printf(b->arena,
	    "%s/" BOOKS, b->data), F_OK) == 0;
}

/* Only what site_create() makes, and what it makes for a moment. */
static void
clear(const struct begun *b)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal",
		".lock", NULL };
	DIR		*dir = opendir(b->data);
	struct dirent	*entry;
	const char	*end;
	bool		 ours;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (strncmp(entry->d_name, BOOKS, strlen(BOOKS)) != 0)
			continue;
		end = entry->d_name + strlen(BOOKS);
		ours = strncmp(end, ".probe-", 7) == 0;
		for (size_t i = 0; !ours && ends[i] != NULL; i++)
			ours = strcmp(end, ends[i]) == 0;
		if (ours)
			(void)unlink(arena_printf(b->arena, "%s/%s", b->data,
			    entry->d_name));
	}
	if (dir != NULL)
		closedir(dir);
	(void)unlink(b->key);
}

/* Have the new file, locked; again if it went while we waited for it. */
static bool
take(struct begun *b)
{
	struct stat	 ours, there;

	for (;;) {
		b->fd = open(b->fresh, O_RDWR | O_CREAT | O_CLOEXEC |
		    O_NOFOLLOW, 0600);
		if (b->fd == -1)
			return false;
		while (!(b->locked = flock(b->fd, LOCK_EX) == 0) &&
		    errno == EINTR)
			continue;
		if (access(b->conf, F_OK) == 0 || (fstat(b->fd, &ours) == 0 &&
		    stat(b->fresh, &there) == 0 &&
		    ours.st_ino == there.st_ino &&
		    ours.st_dev == there.st_dev))
			return true;
		close(b->fd);
	}
}

/* Ours to write: nobody has made a site, and none is half made. */
static bool
begin(struct begun *b, const struct founding *f, char *why, size_t size)
{
	struct stat	 st;

	if (access(b->conf, F_OK) == 0) {
		snprintf(why, size, "there is a site already: %s", b->conf);
		return false;
	}
	/* Without a lock nobody can tell if somebody is at it. */
	b->mine = fstat(b->fd, &st) == 0 && (b->locked || st.st_size == 0);
	if (!b->mine) {
		snprintf(why, size, "%s is there, and this file system has no"
		    " locks: if nobody makes a site at this moment, remove"
		    " it, " KEY " and data/", b->fresh);
		return false;
	}
	if (st.st_size > 0)
		clear(b);
	if (is_there(b)) {
		snprintf(why, size, "%s or %s/" BOOKS " is there already, of"
		    " a site without its almoner.conf: bring that back, or"
		    " name another folder", b->key, b->data);
		return false;
	}
	if (ftruncate(b->fd, 0) == 0 && write_conf(f, b->fd) &&
	    sync_folder(b->folder))
		return true;
	snprintf(why, size, "cannot write %s: %s", b->fresh,
	    strerror(errno));

	return false;
}

static bool
make(const struct begun *b, const struct founding *f, struct conf *conf,
    struct work *w, char *why, size_t size)
{
	if (!conf_read(conf, b->fresh, why, size) ||
	    !site_create(conf, schema_sql, w, &f->first, why, size))
		return false;
	conf->path[strlen(conf->path) - strlen(FRESH)] = '\0';
	/* Before anybody is told, or a power cut could have it half made. */
	if (sync_folder(b->data) && rename(b->fresh, b->conf) == 0 &&
	    sync_folder(b->folder))
		return true;
	snprintf(why, size, "cannot write %s: %s", b->conf, strerror(errno));
	(void)unlink(b->conf);
	clear(b);

	return false;
}

bool
founding_make(const struct founding *f, struct conf *conf, struct work *w,
    char *why, size_t size)
{
	const char	*slash = strrchr(f->conf, '/');
	struct begun	 b = { .arena = w->arena, .conf = f->conf };
	bool		 good;

	b.folder = slash == NULL ? "." : arena_copy(w->arena, f->conf,
	    (size_t)(slash - f->conf));
	b.fresh = arena_printf(w->arena, "%s" FRESH, f->conf);
	b.data = arena_printf(w->arena, "%s/data", b.folder);
	b.key = arena_printf(w->arena, "%s/" KEY, b.folder);
	if (access(f->conf, F_OK) == 0) {
		snprintf(why, size, "there is a site already: %s", f->conf);
		return false;
	}
	if (!make_folder(b.folder, why, size) ||
	    !make_folder(b.data, why, size))
		return false;
	if (!take(&b)) {
		snprintf(why, size, "cannot write %s: %s", b.fresh,
		    strerror(errno));
		return false;
	}
	good = begin(&b, f, why, size) && make(&b, f, conf, w, why, size);
	/* Last: what it speaks of is gone. */
	if (!good && b.mine)
		(void)unlink(b.fresh);
	close(b.fd);

	return good;
}
