/*
 * db_copy: copies of the whole database, whether one is sound, and one put
 * into the place of another.
 *
 * A copy is made by SQLite's backup API, https://www.sqlite.org/backup.html.
 * With a log it reads one moment of the database, so that it never has to
 * begin anew while others write; the log grows meanwhile, as with any long
 * reader.  Without one, writers wait for it.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/db/handle.h"
#include "lib/db/lock.h"
#include "lib/db/wal.h"

/* Of one step: 4 MiB of the usual pages. */
#define STEP_PAGES	1024

struct first {
	bool	 any;
	char	*text;
	size_t	 size;
};

static int
note_first(void *with, int columns, char **values, char **names)
{
	struct first	*f = with;

	(void)names;
	if (!f->any && columns > 0 && values[0] != NULL)
		snprintf(f->text, f->size, "%s", values[0]);
	f->any = true;
	return 0;
}

/* The names in a folder are on disk only when the folder is. */
static bool
sync_path(const char *path)
{
	char	*copy = strdup(path);
	int	 file = open(path, O_RDONLY | O_CLOEXEC);
	int	 folder = copy == NULL ? -1 :
		    open(dirname(copy), O_RDONLY | O_CLOEXEC);
	bool	 good = file != -1 && folder != -1 && fsync(file) == 0;

	/* Some file systems of others have no sync for folders. */
	if (good && fsync(folder) == -1 && errno != EINVAL)
		good = false;
	if (file != -1)
		close(file);
	if (folder != -1)
		close(folder);
	free(copy);
	return good;
}

static int
copy_pages(struct db *db, sqlite3 *to, void (*progress)(int64_t, int64_t))
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", db->sql,
	    "main");
	int	 rc;

	if (backup == NULL)
		return sqlite3_errcode(to);
	do {
		rc = sqlite3_backup_step(backup, db->wal != NULL ?
		    STEP_PAGES : -1);
		if (progress != NULL)
			progress(sqlite3_backup_pagecount(backup) -
			    sqlite3_backup_remaining(backup),
			    sqlite3_backup_pagecount(backup));
	} while (rc == SQLITE_OK);
	rc = sqlite3_backup_finish(backup);
	/* One file, with no log beside it, that any program can read. */
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL,
		    NULL, NULL);
	return rc;
}

static int
copy_to(struct db *db, const char *path, void (*progress)(int64_t, int64_t))
{
	sqlite3	*to = NULL;
	int	 rc, close_rc;

	rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READWRITE, NULL);
	if (rc == SQLITE_OK)
		rc = copy_pages(db, to, progress);
	if (rc != SQLITE_OK && db->trouble == DB_WELL)
		db_stick_as(db, (rc & 0xff) == SQLITE_FULL ? DB_NO_SPACE :
		    DB_BROKEN, to != NULL ? sqlite3_errmsg(to) :
		    sqlite3_errstr(rc));
	close_rc = sqlite3_close(to);
	return rc != SQLITE_OK ? rc : close_rc;
}

bool
db_copy(struct db *db, const char *path, void (*progress)(int64_t, int64_t))
{
	int	 file;

	assert(db->state == DB_IDLE);
	db_begin(db, db->wal == NULL && db->lock != NULL ? DB_WRITE :
	    DB_READ);
	if (db->trouble != DB_WELL) {
		db_rollback(db);
		return false;
	}
	/* The writers' lock is enough, and their transaction too much: its
	 * pages could not be copied.  A reader reads from its first look on. */
	if (db->state == DB_WRITING)
		(void)db_order(db, SQL("ROLLBACK"));
	else
		(void)db_order(db, SQL("PRAGMA schema_version"));
	file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file == -1) {
		db_stick_as(db, DB_NO_WRITE, strerror(errno));
	} else {
		close(file);
		if (copy_to(db, path, progress) == SQLITE_OK &&
		    !sync_path(path))
			db_stick_as(db, DB_BROKEN, strerror(errno));
		if (db->trouble != DB_WELL)
			(void)unlink(path);
	}
	db_rollback(db);
	return db->trouble == DB_WELL;
}

bool
db_check(struct db *db, enum db_check how)
{
	static const char *const checks[] = {
		[DB_CHECK_WHOLE] = "PRAGMA integrity_check(1)",
		[DB_CHECK_QUICK] = "PRAGMA quick_check(1)",
		[DB_CHECK_KEYS] = "PRAGMA foreign_key_check",
	};
	char	 said[200] = "";
	struct first first = { false, said, sizeof(said) };
	int	 rc;

	if (db->trouble != DB_WELL)
		return false;
	rc = sqlite3_exec(db->sql, checks[how], note_first, &first, NULL);
	if (rc != SQLITE_OK) {
		db_stick(db, rc);
	} else if (how == DB_CHECK_KEYS && first.any) {
		db_stick_as(db, DB_REFUSED,
		    "a row refers to another that is not there");
	} else if (how != DB_CHECK_KEYS && strcmp(said, "ok") != 0) {
		db_stick_as(db, DB_CORRUPT, said);
	}
	return db->trouble == DB_WELL;
}

/*
 * Who is connected to a database with a log holds a lock that lets nobody end
 * the use of the log.  Without a log only who is at work holds one.
 */
bool
db_alone(struct db *db)
{
	char	 mode[16] = "";
	struct first first = { false, mode, sizeof(mode) };
	int	 rc;

	assert(db->state == DB_IDLE && db->lock != NULL);
	if (!lock_take(db->lock, LIMIT_LOCK_WAIT_MS))
		return false;
	sqlite3_busy_timeout(db->sql, 0);
	if (db->wal != NULL) {
		db_forget_all(db);
		wal_close(db->wal);
		db->wal = NULL;
		rc = sqlite3_exec(db->sql, "PRAGMA journal_mode = DELETE",
		    note_first, &first, NULL);
		if (rc == SQLITE_OK && strcmp(mode, "delete") != 0)
			rc = SQLITE_BUSY;
	} else {
		rc = sqlite3_exec(db->sql, "BEGIN EXCLUSIVE; ROLLBACK", NULL,
		    NULL, NULL);
	}
	sqlite3_busy_timeout(db->sql, LIMIT_BACKSTOP_MS);
	lock_drop(db->lock);
	return rc == SQLITE_OK;
}

/* What belongs to a database by its name goes where the database goes. */
static bool
move_along(const char *path, const char *aside, const char *ending)
{
	char	 from[1100], to[1100];

	snprintf(from, sizeof(from), "%s%s", path, ending);
	snprintf(to, sizeof(to), "%s%s", aside, ending);
	return rename(from, to) == 0 || errno == ENOENT;
}

/*
 * The old one goes first: while none is there, requests are answered 503,
 * but a new one beside the log of the old would be taken for damaged, or
 * worse, for whole.
 */
static bool
replace(const char *path, const char *from, const char *aside)
{
	char	 shm[1100];

	snprintf(shm, sizeof(shm), "%s-shm", path);
	return move_along(path, aside, "") &&
	    move_along(path, aside, "-wal") &&
	    move_along(path, aside, "-journal") &&
	    (unlink(shm) == 0 || errno == ENOENT) &&
	    rename(from, path) == 0 && sync_path(path);
}

bool
db_replace(const char *path, const char *from, const char *aside)
{
	struct lock *lock = lock_open(path);
	bool	 good;
	int	 error;

	if (lock == NULL && errno != ENOENT)
		return false;
	if (lock != NULL && !lock_take(lock, LIMIT_LOCK_WAIT_MS)) {
		lock_close(lock);
		errno = ETIMEDOUT;
		return false;
	}
	good = replace(path, from, aside);
	error = errno;
	if (lock != NULL)
		lock_drop(lock);
	lock_close(lock);
	errno = error;
	return good;
}
