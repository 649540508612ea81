/*
 * A connection: opened with its settings, closed, and what went wrong.
 *
 * db_transaction.c begins and commits, db_query.c runs statements; lock.c is
 * the writers' lock and wal.c the log.
 */
#include <sys/stat.h>

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/db/handle.h"
#include "lib/db/lock.h"
#include "lib/db/temp.h"
#include "lib/db/wal.h"

static bool	find_file(const char *path, unsigned flags, char *why,
		    size_t size);
static void	say_why(const struct db *, const char *path, char *why,
		    size_t size);
static bool	connect_file(struct db *, const char *path, unsigned flags);
static bool	choose_journal(struct db *, unsigned flags);
static bool	use_wal(struct db *, unsigned flags);
static bool	use_rollback(struct db *, const char *why);
static bool	set_journal(struct db *, const char *unfit);
static bool	order(struct db *, const char *sql);
static int	first_text(void *out, int columns, char **values, char **names);
static void	before_all(void);

struct db *
db_open(const char *path, unsigned flags, char *why, size_t size)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct db *db;

	pthread_once(&once, before_all);
	temp_choose(path);
	if (!find_file(path, flags, why, size))
		return NULL;
	if ((db = calloc(1, sizeof(*db))) == NULL) {
		snprintf(why, size, "%s: out of memory", path);
		return NULL;
	}
	db->nothing.db = db;
	if (connect_file(db, path, flags) && choose_journal(db, flags))
		return db;
	say_why(db, path, why, size);
	db_close(db);
	if (flags & DB_CREATE)
		(void)unlink(path);
	return NULL;
}

/*
 * SQLite's last connection moves the log into the database when it closes,
 * which only the holder of the lock may do.  If the lock is taken, then its
 * holder is connected and we are not the last.
 */
void
db_close(struct db *db)
{
	bool locked;

	if (db == NULL)
		return;
	if (db->state != DB_IDLE)
		db_rollback(db);
	db_forget_all(db);
	wal_close(db->wal);
	locked = db->lock != NULL && lock_take(db->lock, 0);
	if (db->sql != NULL && (!locked || wal_is_lost()))
		sqlite3_db_config(db->sql, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
		    1, NULL);
	sqlite3_close(db->sql);
	if (locked)
		lock_drop(db->lock);
	lock_close(db->lock);
	free(db);
}

void
db_cache(struct db *db, int mib)
{
	char sql[64];

	snprintf(sql, sizeof(sql), "PRAGMA cache_size = -%d", mib * 1024);
	(void)order(db, sql);
}

bool
db_script(struct db *db, const char *sql)
{
	bool alone = db->state == DB_IDLE;

	if (alone)
		db_begin(db, DB_WRITE);
	assert(db->state == DB_WRITING);
	if (db->trouble == DB_WELL)
		(void)order(db, sql);
	return alone ? db_commit(db) : db->trouble == DB_WELL;
}

const char *
db_journal(const struct db *db)
{
	return db->journal;
}

enum db_trouble
db_trouble(const struct db *db)
{
	return db->trouble;
}

const char *
db_why(const struct db *db)
{
	return db->why;
}

/* What the engine calls it, and what we do. */
static enum db_trouble
trouble_of(int code, int error)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return DB_BUSY;
	case SQLITE_FULL:
		return DB_NO_SPACE;
	case SQLITE_READONLY:
		return code == SQLITE_READONLY_DBMOVED ? DB_NO_FILE :
		    DB_NO_WRITE;
	case SQLITE_PERM:
		return DB_NO_WRITE;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return DB_CORRUPT;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
		return DB_REFUSED;
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		/* SQLite knows ENOSPC, but not quotas; ask the system. */
		if (error == ENOSPC || error == EDQUOT || error == EFBIG)
			return DB_NO_SPACE;
		if (error == EROFS || error == EACCES || error == EPERM)
			return DB_NO_WRITE;
		return (code & 0xff) == SQLITE_CANTOPEN ? DB_NO_FILE :
		    DB_BROKEN;
	default:
		return DB_BROKEN;
	}
}

void
db_stick(struct db *db, int code)
{
	char why[sizeof(db->why)];
	int error = sqlite3_system_errno(db->sql);

	wal_judge(code);
	/* A COMMIT that fails does not tell why; but errno was 0 before. */
	if (error == 0)
		error = errno;
	switch (code & 0xff) {
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		snprintf(why, sizeof(why), "%s (%d, %s)",
		    sqlite3_errmsg(db->sql), code,
		    error == 0 ? "no more is known" : strerror(error));
		break;
	default:
		snprintf(why, sizeof(why), "%s (%d)",
		    sqlite3_errmsg(db->sql), code);
	}
	db_stick_as(db, trouble_of(code, error), why);
}

void
db_stick_as(struct db *db, enum db_trouble trouble, const char *why)
{
	if (db->trouble != DB_WELL)
		return;
	db->trouble = trouble;
	snprintf(db->why, sizeof(db->why), "%s", why);
}

/* For the whole process, before SQLite is used: no lock around malloc(). */
static void
before_all(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/*
 * SQLite would open a file that it may not write all the same, and give its
 * modes to the log beside it, where they would stay when the file is mended.
 */
static bool
may_write(const char *path, char *why, size_t size)
{
	if (access(path, W_OK) == 0)
		return true;
	snprintf(why, size, "%s cannot be written: %s", path,
	    strerror(errno));
	return false;
}

/*
 * SQLite would make a file that is missing.  A missing database must be an
 * error: an empty one in its place would lose everybody's tokens quietly.
 */
static bool
find_file(const char *path, unsigned flags, char *why, size_t size)
{
	struct stat st;
	int fd;

	if (flags & DB_CREATE) {
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd != -1) {
			close(fd);
			return true;
		}
	} else if (stat(path, &st) == 0) {
		if (S_ISREG(st.st_mode))
			return flags & DB_READONLY ||
			    may_write(path, why, size);
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	}
	snprintf(why, size, "%s: %s", path, strerror(errno));
	return false;
}

/*
 * To SQLite a log that it may not make is a log that is not there, or a
 * database that is read-only; so see first if the folder can be written.
 */
static void
say_why(const struct db *db, const char *path, char *why, size_t size)
{
	char *copy = strdup(path);
	const char *folder = copy == NULL ? "." : dirname(copy);

	if (db->trouble == DB_CORRUPT)
		snprintf(why, size, "%s is not a database of this program, "
		    "or is damaged (%s)", path, db->why);
	else if ((db->trouble == DB_NO_FILE || db->trouble == DB_NO_WRITE) &&
	    access(folder, W_OK) == -1)
		snprintf(why, size, "the folder of %s cannot be written: %s",
		    path, strerror(errno));
	else
		snprintf(why, size, "%s: %s", path, db->why);
	free(copy);
}

static bool
connect_file(struct db *db, const char *path, unsigned flags)
{
	int rc, how = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;

	how |= flags & DB_READONLY ? SQLITE_OPEN_READONLY :
	    SQLITE_OPEN_READWRITE;
	rc = sqlite3_open_v2(path, &db->sql, how, NULL);
	if (rc != SQLITE_OK) {
		db_stick(db, rc);
		return false;
	}
	sqlite3_busy_timeout(db->sql, LIMIT_BACKSTOP_MS);
	sqlite3_db_config(db->sql, SQLITE_DBCONFIG_ENABLE_FKEY,
	    !(flags & DB_LOOSE), NULL);
	sqlite3_db_config(db->sql, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db->sql, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* A plan is for the statement, not for the values of one run, or it
	 * would be made anew whenever they change. */
	sqlite3_db_config(db->sql, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	sqlite3_db_config(db->sql, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db->sql, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	/* The last shows whether it is a database at all. */
	if (!order(db, "PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON;"
	    "PRAGMA secure_delete = ON;"
	    "PRAGMA wal_autocheckpoint = 0; PRAGMA schema_version"))
		return false;
	if (flags & DB_READONLY)
		return true;
	db->lock = lock_open(sqlite3_db_filename(db->sql, "main"));
	if (db->lock == NULL) {
		db_stick_as(db, DB_BROKEN, "no lock can be made beside it");
		return false;
	}
	return true;
}

/*
 * What the file says is kept, if the file system allows it; a scratch
 * database is only tried when the file is new or was made elsewhere.
 */
static bool
choose_journal(struct db *db, unsigned flags)
{
	const char *path = sqlite3_db_filename(db->sql, "main");
	const char *unfit = wal_unfit(path);
	char mode[16] = "";
	bool is_wal;
	int rc;

	rc = sqlite3_exec(db->sql, "PRAGMA journal_mode", first_text, mode,
	    NULL);
	if (rc != SQLITE_OK) {
		db_stick(db, rc);
		return false;
	}
	is_wal = strcmp(mode, "wal") == 0;
	if (flags & DB_READONLY)
		unfit = is_wal ? NULL : "it was opened to be read";
	else if (unfit == NULL && !is_wal)
		unfit = wal_fails(path);
	if (is_wal != (unfit == NULL) && !set_journal(db, unfit))
		return false;
	return unfit == NULL ? use_wal(db, flags) : use_rollback(db, unfit);
}

static bool
use_wal(struct db *db, unsigned flags)
{
	snprintf(db->journal, sizeof(db->journal), "wal");
	db->full = flags & DB_FULL;
	/* SQLite opens the log when something is read. */
	if (!order(db, db->full ? "PRAGMA synchronous = FULL" :
	    "PRAGMA synchronous = NORMAL") ||
	    !order(db, "SELECT count(*) FROM sqlite_schema"))
		return false;
	db->wal = wal_open(db->sql);
	/* Without a log, all that there is to read is in the database. */
	if (db->wal == NULL && !(flags & DB_READONLY)) {
		db_stick_as(db, DB_NO_FILE, "its -wal cannot be opened");
		return false;
	}
	return true;
}

static bool
use_rollback(struct db *db, const char *why)
{
	snprintf(db->journal, sizeof(db->journal), "truncate: %s", why);
	return order(db, "PRAGMA synchronous = FULL;"
	    "PRAGMA journal_mode = TRUNCATE");
}

/* Into WAL or out of it; no other connection may be busy meanwhile. */
static bool
set_journal(struct db *db, const char *unfit)
{
	char mode[16] = "";
	const char *wanted = unfit == NULL ? "wal" : "truncate";
	int rc;

	if (!lock_take(db->lock, LIMIT_LOCK_WAIT_MS)) {
		db_stick_as(db, DB_BUSY, "the writers' lock is taken");
		return false;
	}
	rc = sqlite3_exec(db->sql, unfit == NULL ?
	    "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = TRUNCATE",
	    first_text, mode, NULL);
	lock_drop(db->lock);
	if (rc != SQLITE_OK)
		db_stick(db, rc);
	else if (strcmp(mode, wanted) != 0)
		db_stick_as(db, DB_BROKEN, "its journal mode does not change");
	return db->trouble == DB_WELL;
}

static bool
order(struct db *db, const char *sql)
{
	int rc = sqlite3_exec(db->sql, sql, NULL, NULL, NULL);

	if (rc != SQLITE_OK)
		db_stick(db, rc);
	return rc == SQLITE_OK;
}

static int
first_text(void *out, int columns, char **values, char **names)
{
	(void)names;
	if (columns > 0 && values[0] != NULL)
		snprintf(out, 16, "%s", values[0]);
	return 0;
}
