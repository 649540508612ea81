/*
 * doctor_programs: the programs' own files.
 *
 * suexec refuses a program that others may write, or a symbolic link; and a
 * web server that does not know what a program is gives it out, unless it may
 * not read it: mode 0711.
 */
#include <sys/stat.h>

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bin/command/doctor.h"
#include "lib/base/arena.h"

static bool
ends_with(const char *name, const char *end)
{
	size_t	 size = strlen(name), n = strlen(end);

	return size > n && strcmp(name + size - n, end) == 0;
}

/* What a program may have wrong with it; the first that is so is told. */
enum wrong { LINK, WRITABLE, LAME, READABLE, WRONG__MAX };

static const struct {
	enum doctor_level	 level;
	const char		*found;
} wrongs[] = {
	[LINK] = { DOCTOR_WARNING, "is a symbolic link: suexec refuses it" },
	[WRITABLE] = { DOCTOR_FAULT, "can be written by others, who may put"
	    " another in its place, and suexec refuses it" },
	[LAME] = { DOCTOR_FAULT, "cannot be started" },
	[READABLE] = { DOCTOR_WARNING, "can be read by others: a server that"
	    " does not start it gives it out" },
};

/* How many of a folder's programs have it, and the first of them. */
struct tally {
	int		 times[WRONG__MAX];
	const char	*first[WRONG__MAX];
};

static enum wrong
what_is_wrong(const char *path, bool web)
{
	struct stat	 st;

	if (lstat(path, &st) == -1)
		return WRONG__MAX;
	if (S_ISLNK(st.st_mode))
		return web ? LINK : WRONG__MAX;
	if (st.st_mode & 022)
		return WRITABLE;
	if (!(st.st_mode & S_IXUSR))
		return LAME;

	return web && st.st_mode & 044 ? READABLE : WRONG__MAX;
}

static void
tell(struct doctor *d, const char *folder, const struct tally *t)
{
	const char	*advice;

	for (int i = 0; i < WRONG__MAX; i++) {
		if (t->times[i] == 0)
			continue;
		advice = i == LINK ? "put copies or hard links in their"
		    " place" : doctor_text(d, "chmod 711 %s/*", folder);
		if (t->times[i] == 1)
			doctor_found(d, wrongs[i].level, advice, "%s %s",
			    t->first[i], wrongs[i].found);
		else
			doctor_found(d, wrongs[i].level, advice, "%s %s; and"
			    " %d more", t->first[i], wrongs[i].found,
			    t->times[i] - 1);
	}
}

/* How many programs the folder has. */
static int
look_into(struct doctor *d, const char *folder, bool web)
{
	DIR		*dir = opendir(folder);
	struct dirent	*entry;
	struct tally	 t = { .times = { 0 } };
	struct stat	 st;
	const char	*path;
	enum wrong	 w;
	int		 n = 0;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (web ? !ends_with(entry->d_name, ".fcgi") &&
		    !ends_with(entry->d_name, ".cgi") :
		    strcmp(entry->d_name, "almoner") != 0 &&
		    strcmp(entry->d_name, "deliver") != 0 &&
		    strcmp(entry->d_name, "housekeep") != 0)
			continue;
		path = doctor_text(d, "%s/%s", folder, entry->d_name);
		w = what_is_wrong(path, web);
		if (w != WRONG__MAX && t.times[w]++ == 0)
			t.first[w] = path;
		n++;
	}
	if (dir != NULL)
		closedir(dir);
	if (n > 0 && stat(folder, &st) == 0 && st.st_mode & 022)
		doctor_found(d, DOCTOR_FAULT, doctor_text(d, "chmod 755 %s",
		    folder), "%s has mode %04o: others may put programs"
		    " there, and suexec refuses those of it", folder,
		    (unsigned)st.st_mode & 07777);
	tell(d, folder, &t);

	return n;
}

/* deliver is started from beside almoner.conf, or from beside us. */
void
doctor_programs(struct doctor *d)
{
	char		 folder[1024];
	size_t		 before = d->count;
	int		 n = 0, own;

	d->subject = "programs";
	if (!conf_folder(folder, sizeof(folder)))
		return;
	own = look_into(d, doctor_text(d, "%sbin", folder), false);
	if (d->web != NULL)
		n = look_into(d, doctor_text(d, "%s/cgi-bin", d->web), true);
	/* Where cgi-bin alone runs programs, they lie in a folder of it. */
	if (d->web != NULL && n == 0)
		n = look_into(d, d->web, true);
	else if (d->web == NULL)
		n = look_into(d, doctor_text(d, "%scgi-bin", folder), true);
	if (own < 3)
		doctor_found(d, DOCTOR_WARNING, "put almoner, deliver and"
		    " housekeep into one folder", "deliver or housekeep is"
		    " not beside this program");
	if (d->web != NULL && n == 0)
		doctor_found(d, DOCTOR_FAULT, "put the programs there, or"
		    " name the folder above them in --web",
		    "%s and its cgi-bin have no programs", d->web);
	else if (n == 0)
		doctor_found(d, DOCTOR_NOTE, NULL, "those of the web server"
		    " are elsewhere: --web DIR has them looked at");
	if (d->count == before)
		doctor_found(d, DOCTOR_OK, NULL, "%d for the web server, %d"
		    " of ours", n, own);
}
