/*
 * doctor_files: who may read, write and see what, and is there room?
 */
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bin/command/doctor.h"
#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/crypto/seal.h"
#include "lib/net/net_bundle.h"

static const char *
folder_of(struct doctor *d, const char *path)
{
	return dirname(arena_text(d->c->arena, path));
}

static void
look_at_conf(struct doctor *d)
{
	const char	*path = d->c->conf.path;
	const char	*advice = doctor_text(d, "chmod 600 %s", path);
	struct stat	 st;

	d->subject = "configuration";
	if (stat(path, &st) == -1)
		doctor_found(d, DOCTOR_FAULT, advice, "%s: %s", path,
		    strerror(errno));
	else if (st.st_mode & 007)
		doctor_found(d, DOCTOR_FAULT, advice, "%s has mode %04o: all"
		    " on this machine can read what secrets it has", path,
		    (unsigned)st.st_mode & 07777);
	else if (st.st_mode & 070)
		doctor_found(d, DOCTOR_WARNING, advice, "%s has mode %04o:"
		    " its group can read it", path,
		    (unsigned)st.st_mode & 07777);
	else
		doctor_found(d, DOCTOR_OK, NULL, "%s", path);
}

static void
look_at_settings(struct doctor *d)
{
	const struct conf	*conf = &d->c->conf;
	bool			 here;

	d->subject = "settings";
	here = strncmp(conf->base_url, "http://127.", 11) == 0 ||
	    strncmp(conf->base_url, "http://localhost", 16) == 0 ||
	    strncmp(conf->base_url, "http://[::1]", 12) == 0;
	if (conf->base_url[0] == '\0')
		doctor_found(d, DOCTOR_WARNING, "say where partners reach"
		    " the site: base_url = https://…", "base_url is not said,"
		    " so the site cannot be asked");
	else if (!here && strncmp(conf->base_url, "http://", 7) == 0)
		doctor_found(d, DOCTOR_WARNING, "have a certificate, and say"
		    " https:// in base_url", "base_url is not https: who is"
		    " between can read what is sent");
	if (!here && (conf->test_site || conf->loopback_http))
		doctor_found(d, DOCTOR_WARNING, doctor_text(d, "remove the"
		    " line from %s", conf->path), "%s = yes is for tests,"
		    " never for real partners", conf->test_site ?
		    "test_site" : "loopback_http");
	if (getenv("ALMONER_NOW") != NULL && !conf->test_site)
		doctor_found(d, DOCTOR_FAULT, "unset it where the programs"
		    " are started", "ALMONER_NOW is set, so the programs"
		    " refuse to serve");
}

/* So that it is known again, should it be given out. */
static void
note_key(struct doctor *d, const char *path)
{
	FILE	*file = fopen(path, "re");

	if (file == NULL || fgets(d->key_mark, sizeof(d->key_mark), file) ==
	    NULL || strlen(d->key_mark) < 8)
		snprintf(d->key_mark, sizeof(d->key_mark), "no key");
	if (file != NULL)
		fclose(file);
}

static void
look_at_key(struct doctor *d)
{
	const char	*path = d->c->conf.master_key;

	note_key(d, path);
	d->subject = "master key";
	switch (seal_load(path)) {
	case SEAL_OK:
		doctor_found(d, DOCTOR_OK, NULL, "%s; have a copy of it"
		    " elsewhere", path);
		break;
	case SEAL_MISSING:
		doctor_found(d, DOCTOR_FAULT, "bring back the copy that you"
		    " kept; without it the signing secrets are lost",
		    "%s is missing or cannot be read", path);
		break;
	case SEAL_MALFORMED:
		doctor_found(d, DOCTOR_FAULT, "bring back the copy that you"
		    " kept", "%s is not 64 hex digits", path);
		break;
	case SEAL_EXPOSED:
		doctor_found(d, DOCTOR_FAULT, doctor_text(d, "chmod 600 %s",
		    path), "%s can be read by others, so nothing is served",
		    path);
		break;
	}
}

static void
look_at_data(struct doctor *d)
{
	const char	*database = d->c->conf.database;
	const char	*folder = folder_of(d, database);
	struct stat	 st;

	d->subject = "data folder";
	if (stat(folder, &st) == -1) {
		doctor_found(d, DOCTOR_FAULT, "see database in almoner.conf",
		    "%s: %s", folder, strerror(errno));
		return;
	}
	if (access(folder, W_OK | X_OK) == -1)
		doctor_found(d, DOCTOR_FAULT, doctor_text(d, "it must be"
		    " ours: chmod 700 %s", folder), "%s cannot be written:"
		    " %s", folder, strerror(errno));
	else if (st.st_mode & 002)
		doctor_found(d, DOCTOR_FAULT, doctor_text(d, "chmod 700 %s",
		    folder), "%s has mode %04o: anybody can replace the"
		    " books", folder, (unsigned)st.st_mode & 07777);
	else if (st.st_mode & 077)
		doctor_found(d, DOCTOR_WARNING, doctor_text(d,
		    "chmod 700 %s", folder), "%s has mode %04o: others can"
		    " look into it", folder, (unsigned)st.st_mode & 07777);
	else
		doctor_found(d, DOCTOR_OK, NULL, "%s", folder);
	if (stat(database, &st) == 0 && st.st_mode & 077)
		doctor_found(d, DOCTOR_FAULT, doctor_text(d, "chmod 600 %s"
		    "*", database), "%s has mode %04o: others can read it",
		    database, (unsigned)st.st_mode & 07777);
}

/* Those who write the books make files beside them, which tell who they are:
 * without suexec, the web server's user. */
static void
look_at_owners(struct doctor *d)
{
	static const char *const ends[] = { ".counts", ".lock", "-wal",
		"-shm", ".deliver" };
	const char	*database = d->c->conf.database;
	struct stat	 st, other;

	d->subject = "owners";
	if (stat(database, &st) == -1)
		return;
	if (geteuid() != 0 && st.st_uid != geteuid())
		doctor_found(d, DOCTOR_FAULT, "say this as the site's user",
		    "%s belongs to uid %ld, and this is uid %ld", database,
		    (long)st.st_uid, (long)geteuid());
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (stat(doctor_text(d, "%s%s", database, ends[i]),
		    &other) == -1 || other.st_uid == st.st_uid)
			continue;
		doctor_found(d, DOCTOR_WARNING, "ask the host for suexec, or"
		    " give all files to the user that the programs run as",
		    "programs run as uid %ld and uid %ld: %s%s is not of"
		    " the same user as the books", (long)st.st_uid,
		    (long)other.st_uid, database, ends[i]);
		return;
	}
	doctor_found(d, DOCTOR_OK, NULL, "all programs run as uid %ld",
	    (long)st.st_uid);
}

static void
look_at_room(struct doctor *d)
{
	const char	*folder = folder_of(d, d->c->conf.database);
	struct statvfs	 fs;
	struct stat	 st = { .st_size = 0 };
	int64_t		 free_mib, need_mib;

	d->subject = "disk";
	if (statvfs(folder, &fs) == -1)
		return;
	(void)stat(d->c->conf.database, &st);
	free_mib = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize >> 20;
	need_mib = LIMIT_ROOM_MIB + ((int64_t)st.st_size >> 20);
	if (fs.f_flag & ST_RDONLY)
		doctor_found(d, DOCTOR_FAULT, "ask the host",
		    "%s is on a file system that is read-only", folder);
	if (free_mib < LIMIT_ROOM_LEAST_MIB)
		doctor_found(d, DOCTOR_FAULT, "make room, or requests will"
		    " be answered 503", "%lld MiB are left",
		    (long long)free_mib);
	else if (free_mib < need_mib)
		doctor_found(d, DOCTOR_WARNING, "make room for the log and"
		    " a copy of the books", "%lld MiB are left, and %lld"
		    " should be", (long long)free_mib, (long long)need_mib);
	else
		doctor_found(d, DOCTOR_OK, NULL, "%lld MiB are left",
		    (long long)free_mib);
	if (fs.f_files > 0 && fs.f_favail < 100)
		doctor_found(d, DOCTOR_FAULT, "remove files, or ask the host"
		    " for more", "only %lld more files can be made",
		    (long long)fs.f_favail);
}

static void
look_at_log(struct doctor *d)
{
	const char	*path = d->c->conf.log;
	struct stat	 st;

	d->subject = "log";
	if (path[0] == '\0') {
		doctor_found(d, DOCTOR_NOTE, NULL, "errors go to the web"
		    " server's log; log = almoner.log keeps them here");
		return;
	}
	if (stat(path, &st) == -1 ? access(folder_of(d, path), W_OK) == -1 :
	    access(path, W_OK) == -1) {
		doctor_found(d, DOCTOR_FAULT, "make its folder, and it, ours"
		    " to write", "%s: %s", path, strerror(errno));
		return;
	}
	if (stat(path, &st) == -1)
		st.st_size = st.st_mode = 0;
	if (st.st_mode & 007)
		doctor_found(d, DOCTOR_WARNING, doctor_text(d, "chmod 600"
		    " %s", path), "%s has mode %04o: others can read it",
		    path, (unsigned)st.st_mode & 07777);
	if (st.st_size >> 20 >= LIMIT_LOG_MIB)
		doctor_found(d, DOCTOR_WARNING, "look why, then rename or"
		    " remove it: the programs begin a new one", "%s has %lld"
		    " MiB", path, (long long)st.st_size >> 20);
	else
		doctor_found(d, DOCTOR_OK, NULL, "%s", path);
}

static void
look_at_authorities(struct doctor *d)
{
	const char	*path = d->c->conf.ca_file;
	char		 line[4096];
	FILE		*file;
	bool		 good = false;

	d->subject = "authorities";
	if (path[0] == '\0')
		path = net_bundle();
	if (path == NULL) {
		doctor_found(d, DOCTOR_FAULT, "name such a file in ca_file",
		    "no file of certificate authorities is in a usual"
		    " place, so no webhook can be sent");
		return;
	}
	file = fopen(path, "re");
	while (!good && file != NULL &&
	    fgets(line, sizeof(line), file) != NULL)
		good = strstr(line, "BEGIN CERTIFICATE") != NULL ||
		    strstr(line, "BEGIN TRUSTED CERTIFICATE") != NULL;
	if (file != NULL)
		fclose(file);
	if (good)
		doctor_found(d, DOCTOR_OK, NULL, "%s", path);
	else
		doctor_found(d, DOCTOR_FAULT, "name another in ca_file, or"
		    " remove that line", "%s cannot be read or has no"
		    " certificate, so no webhook can be sent", path);
}

void
doctor_files(struct doctor *d)
{
	look_at_conf(d);
	look_at_settings(d);
	look_at_key(d);
	look_at_data(d);
	look_at_owners(d);
	look_at_room(d);
	look_at_log(d);
	look_at_authorities(d);
}
