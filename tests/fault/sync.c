/*
 * What a program does to its disk and says to its clients, in order, by
 * LD_PRELOAD.  Each event is a line at the end of the file $SYNC_LOG, behind
 * the numbers of the process and the thread:
 *
 *	accept			a request is taken
 *	lock, unlock		the writers' lock
 *	write wal, write db	bytes for the log, for the database
 *	sync wal, sync db	a sync begins
 *	synced wal, synced db	and has ended well
 *	failed wal		it was made to fail
 *	answer 200 req_…	the head of an answer is about to leave
 *
 * While there is a file $SYNC_FAILS, syncs of the log fail with EIO, as they
 * do on a disk that is dying; a file $SYNC_FAILS_ONCE makes one fail, and is
 * gone then; while there is a file $SYNC_WAITS, they wait.  Only programs
 * whose name ends in .fcgi are looked at.
 */
#include "shim.h"

#include <sys/file.h>

#include <time.h>

static void
note(const char *event, const char *what)
{
	static int file = -1;
	const char *name = getenv("SYNC_LOG");
	char line[200];
	int saved = errno, size;

	if (name == NULL || !shim_ends(program_invocation_short_name, ".fcgi"))
		return;
	if (file == -1)
		file = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC,
		    0600);
	size = snprintf(line, sizeof(line), "%d %ld %s%s\n", (int)getpid(),
	    syscall(SYS_gettid), event, what);
	(void)syscall(SYS_write, file, line, (size_t)size);
	errno = saved;
}

/* What a descriptor is: "wal", "db", "lock", "socket", or "". */
static const char *
kind(int fd)
{
	char name[1024];

	shim_name(fd, name);
	if (strncmp(name, "socket:", 7) == 0)
		return "socket";
	return shim_ends(name, ".db-wal") ? "wal" :
	    shim_ends(name, ".db") ? "db" :
	    shim_ends(name, ".db.lock") ? "lock" : "";
}

static void
note_write(int fd)
{
	const char *what = kind(fd);

	if (strcmp(what, "wal") == 0 || strcmp(what, "db") == 0)
		note("write ", what);
}

static bool
is_there(const char *variable)
{
	const char *name = getenv(variable);

	return name != NULL && access(name, F_OK) == 0;
}

/* One thread of all succeeds in removing the file. */
static bool
fails(void)
{
	const char *once = getenv("SYNC_FAILS_ONCE");

	return is_there("SYNC_FAILS") || (once != NULL && unlink(once) == 0);
}

static int
shim_open(const char *name, int how, mode_t mode)
{
	return (int)syscall(SYS_openat, AT_FDCWD, name, how, mode);
}

static int
shim_sync(int fd, long call)
{
	static const struct timespec nap = { .tv_nsec = 1000000 };
	const char *what = kind(fd);
	bool wal = strcmp(what, "wal") == 0;
	int result;

	note("sync ", what);
	while (wal && is_there("SYNC_WAITS"))
		(void)nanosleep(&nap, NULL);
	if (wal && fails()) {
		note("failed ", what);
		errno = EIO;
		return -1;
	}
	result = (int)syscall(call, fd);
	if (result == 0)
		note("synced ", what);
	return result;
}

/* After the bytes are there: a sync that begins later is noted later. */
ssize_t
pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
	ssize_t written = syscall(SYS_pwrite64, fd, bytes, size, at);

	note_write(fd);
	return written;
}

ssize_t
write(int fd, const void *bytes, size_t size)
{
	ssize_t written;
	char what[64];

	/* Before anybody can read it. */
	if (strcmp(kind(fd), "socket") == 0 && shim_answer(what, bytes, size))
		note("answer ", what);
	written = syscall(SYS_write, fd, bytes, size);
	note_write(fd);
	return written;
}

/* <sys/socket.h> has unions in its place, which are not ISO C. */
int	 accept(int fd, void *from, unsigned *size);

int
accept(int fd, void *from, unsigned *size)
{
	int taken = (int)syscall(SYS_accept, fd, from, size);

	if (taken != -1)
		note("accept", "");
	return taken;
}

int
flock(int fd, int how)
{
	int result = (int)syscall(SYS_flock, fd, how);

	if (result == 0 && strcmp(kind(fd), "lock") == 0)
		note(how & LOCK_UN ? "unlock" : "lock", "");
	return result;
}
