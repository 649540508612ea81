/*
 * The write-ahead log: is it safe here, is it on disk, is it too long.
 *
 * SQLite commits by adding pages and checksums to the end of the log.  We
 * let it do so without a sync (synchronous=NORMAL), drop the writers' lock,
 * and then sync the log ourselves, so that nobody waits in line for a disk.
 * Recovery takes the longest good beginning of the log; so what was
 * committed before is on disk as well, whoever committed it, and a
 * checkpoint syncs the log before it touches the database.
 *
 * Our descriptor is not SQLite's, since SQLite's belongs to a connection and
 * threads would have to share it.  Closing ours is harmless: SQLite holds no
 * POSIX locks on the log (they would all be gone with the first close), only
 * on the database and its -shm, which this program never opens by itself.
 */
#undef _GNU_SOURCE
#define _GNU_SOURCE		/* statfs() */
#include <sys/stat.h>
#include <sys/vfs.h>

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/limits.h"
#include "lib/db/handle.h"
#include "lib/db/lock.h"
#include "lib/db/wal.h"

/* From here on, a checkpoint waits a little for readers to let go. */
#define WAL_LONG	(4 * LIMIT_WAL_FRAMES)
#define WAL_READERS_MS	50

struct wal {
	sqlite3		*sql;
	const char	*path;		/* SQLite's, as long as `sql` lives */
	int		 file;
	bool		 failed;
	int		 frames;	/* after our last commit */
	int		 tried;		/* and at the last checkpoint */
};

/*
 * File systems whose files are on another machine, or in another process:
 * their locks or their shared memory are not what WAL needs.  The numbers
 * are those of statfs(2).
 */
static const struct {
	unsigned long	 magic;
	const char	*why;
} unfit[] = {
	{ 0x00006969, "the folder is on NFS" },
	{ 0xff534d42, "the folder is on CIFS" },
	{ 0xfe534d42, "the folder is on SMB" },
	{ 0x0000517b, "the folder is on SMB" },
	{ 0x5346414f, "the folder is on AFS" },
	{ 0x0bd00bd0, "the folder is on Lustre" },
	{ 0x47504653, "the folder is on GPFS" },
	{ 0x00c36400, "the folder is on Ceph" },
	{ 0x65735546, "the folder is on FUSE" },
	{ 0x01021997, "the folder is on 9p" },
};

/* A sync has failed, in whichever thread: what a log says may not be on disk,
 * and no connection of this process may move it into the database. */
static atomic_bool lost;

static int	count_frames(void *, sqlite3 *, const char *, int);
static bool	try_wal(const char *path);

const char *
wal_unfit(const char *path)
{
	struct statfs fs;
	char *copy = strdup(path);
	int answer = copy == NULL ? -1 : statfs(dirname(copy), &fs);

	free(copy);
	if (answer == -1)
		return "nobody can tell what the folder is on";
	for (size_t i = 0; i < sizeof(unfit) / sizeof(unfit[0]); i++)
		/* f_type may be 32 bits with a sign. */
		if (((unsigned long)fs.f_type & 0xffffffff) == unfit[i].magic)
			return unfit[i].why;
	return NULL;
}

const char *
wal_fails(const char *path)
{
	size_t size = strlen(path) + sizeof(".probe-XXXXXX");
	char *name = malloc(size);
	int fd = -1;
	bool good;

	if (name != NULL) {
		snprintf(name, size, "%s.probe-XXXXXX", path);
		fd = mkstemp(name);
	}
	if (fd == -1) {
		free(name);
		return "no scratch file can be made in the folder";
	}
	/* Before SQLite opens it: closing would drop SQLite's locks. */
	close(fd);
	good = try_wal(name);
	(void)unlink(name);
	free(name);
	return good ? NULL : "it failed on a scratch database in the folder";
}

/*
 * Some file systems take journal_mode=WAL and fail when it is used.  The
 * last connection to close takes the log and its -shm away.
 */
static bool
try_wal(const char *path)
{
	sqlite3 *one = NULL, *two = NULL;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	bool good;

	good = sqlite3_open_v2(path, &one, flags, NULL) == SQLITE_OK &&
	    sqlite3_exec(one, "PRAGMA synchronous = OFF;"
	    "PRAGMA journal_mode = WAL;"
	    "CREATE TABLE scratch (x); INSERT INTO scratch VALUES (1)",
	    NULL, NULL, NULL) == SQLITE_OK &&
	    access(sqlite3_filename_wal(sqlite3_db_filename(one, "main")),
	    F_OK) == 0 &&
	    sqlite3_open_v2(path, &two, flags, NULL) == SQLITE_OK &&
	    sqlite3_exec(two, "SELECT x FROM scratch",
	    NULL, NULL, NULL) == SQLITE_OK;
	sqlite3_close(two);
	sqlite3_close(one);
	return good;
}

struct wal *
wal_open(sqlite3 *sql)
{
	struct wal *wal;

	if ((wal = calloc(1, sizeof(*wal))) == NULL)
		return NULL;
	wal->sql = sql;
	wal->path = sqlite3_filename_wal(sqlite3_db_filename(sql, "main"));
	wal->file = open(wal->path, O_RDONLY | O_CLOEXEC);
	if (wal->file == -1) {
		free(wal);
		return NULL;
	}
	/* There is one hook: setting it is what ends autocheckpoints. */
	sqlite3_wal_hook(sql, count_frames, wal);
	return wal;
}

void
wal_close(struct wal *wal)
{
	if (wal == NULL)
		return;
	sqlite3_wal_hook(wal->sql, NULL, NULL);
	close(wal->file);
	free(wal);
}

/*
 * As long as a connection is open SQLite neither removes the log nor makes a
 * new one.  If it is another file now, somebody took it away; then SQLite
 * still writes to the old one, and what it commits is lost.
 */
bool
wal_flush(struct wal *wal)
{
	struct stat ours, there;

	if (wal->failed || lost) {
		errno = EIO;
		return false;
	}
	wal->failed = true;
	if (fdatasync(wal->file) == -1) {
		lost = true;
		return false;
	}
	/* What another could not write meanwhile may be before ours. */
	if (lost) {
		errno = EIO;
		return false;
	}
	if (fstat(wal->file, &ours) == -1 || stat(wal->path, &there) == -1)
		return false;
	if (ours.st_ino != there.st_ino || ours.st_dev != there.st_dev) {
		errno = ENOENT;
		return false;
	}
	wal->failed = false;
	return true;
}

/*
 * A checkpoint would sync the log once more, and after a failure the kernel
 * may call that good; the next process to open it finds out what is there,
 * by the checksums.
 */
bool
wal_is_lost(void)
{
	return lost;
}

void
wal_judge(int code)
{
	if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC)
		lost = true;
}

/*
 * A passive checkpoint moves what no reader needs any more.  When all is
 * moved the next writer starts the log anew, unless a reader is still in
 * it.  If there is always one, the log grows; then we make new readers pass
 * it by and wait a moment for the old, and shorten the file.
 */
void
wal_tidy(struct wal *wal, struct lock *lock, int frames)
{
	bool shorten = frames >= WAL_LONG;

	if (lost || !lock_take(lock, LIMIT_LOCK_WAIT_MS))
		return;
	if (shorten)
		sqlite3_busy_timeout(wal->sql, WAL_READERS_MS);
	wal_judge(sqlite3_wal_checkpoint_v2(wal->sql, "main", shorten ?
	    SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
	    NULL, NULL));
	lock_drop(lock);
	if (shorten)
		sqlite3_busy_timeout(wal->sql, LIMIT_BACKSTOP_MS);
}

/* If a long reader keeps the log, it is not due again with each commit. */
int
wal_due(struct wal *wal)
{
	if (wal->frames < LIMIT_WAL_FRAMES ||
	    wal->frames < wal->tried + LIMIT_WAL_FRAMES)
		return 0;
	wal->tried = wal->frames;
	return wal->frames;
}

static int
count_frames(void *arg, sqlite3 *sql, const char *schema, int frames)
{
	struct wal *wal = arg;

	(void)sql;
	(void)schema;
	if (frames < wal->tried)
		wal->tried = 0;		/* it began anew */
	wal->frames = frames;
	return SQLITE_OK;
}
