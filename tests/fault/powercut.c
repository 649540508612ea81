/*
 * Writes down what a program does to its disk, so that a test can work out
 * what a power cut may leave of it: by LD_PRELOAD, into the file $POWER_LOG,
 * as long as there is one.  Of the database, its log and their folder it
 * keeps each change with its bytes, and when a sync began and ended:
 *
 *	'O' open	a name leads to this file, which may be new
 *	'U' unlink	the name is gone
 *	'W' write	bytes at an offset
 *	'T' truncate	the file ends at an offset now
 *	'B' begin	a sync of the file begins
 *	'E' end		and has ended well
 *	'A' answer	the head of an answer is about to leave: its status
 *			and its X-Request-Id
 *
 * A record is a struct event and its bytes.  The kernel puts it whole at the
 * end of the file, so all processes and threads have one order.  A change is
 * written down when it is done, a sync and an answer before they begin: so
 * what stands before a sync's beginning is on disk at its end, and what
 * stands behind an answer need not be.
 */
#include "shim.h"

#include <sys/uio.h>

#include <stdint.h>

struct event {
	uint32_t	 kind;		/* a letter */
	uint32_t	 thread;
	uint64_t	 file;		/* its inode */
	uint64_t	 offset;
	uint64_t	 size;		/* of what follows */
};

/* The database, its log, or the folder that they are in. */
static bool
is_ours(const char *name)
{
	return shim_ends(name, "/ledger.db") ||
	    shim_ends(name, "/ledger.db-wal") || shim_ends(name, "/data");
}

static void
note(char kind, uint64_t file, uint64_t offset, const void *bytes,
    size_t size)
{
	static int log = -1;
	const char *name = getenv("POWER_LOG");
	int saved = errno;
	struct event event = { (uint32_t)kind, (uint32_t)syscall(SYS_gettid),
	    file, offset, size };
	struct iovec parts[2] = { { &event, sizeof(event) },
	    { (void *)bytes, size } };

	if (log == -1 && name != NULL)
		log = (int)syscall(SYS_openat, AT_FDCWD, name,
		    O_WRONLY | O_APPEND | O_CLOEXEC);
	if (log != -1 && syscall(SYS_writev, log, parts, 2) !=
	    (long)(sizeof(event) + size))
		abort();
	errno = saved;
}

/* The inode behind a descriptor; 0 if it is none of ours. */
static uint64_t
file_of(int fd)
{
	char name[1024];
	int saved = errno;
	struct stat st;
	uint64_t file = 0;

	shim_name(fd, name);
	if (is_ours(name) && fstat(fd, &st) == 0)
		file = st.st_ino;
	errno = saved;
	return file;
}

static int
shim_open(const char *name, int flags, mode_t mode)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, name, flags, mode);
	const char *slash = strrchr(name, '/');
	uint64_t file = fd == -1 ? 0 : file_of(fd);

	if (file != 0 && slash != NULL && !shim_ends(name, "/data"))
		note('O', file, 0, slash + 1, strlen(slash + 1));
	return fd;
}

int
unlink(const char *name)
{
	const char *slash = strrchr(name, '/');
	int result = (int)syscall(SYS_unlink, name);

	if (result == 0 && slash != NULL && is_ours(name))
		note('U', 0, 0, slash + 1, strlen(slash + 1));
	return result;
}

static int
shim_sync(int fd, long call)
{
	uint64_t file = file_of(fd);
	int result;

	if (file != 0)
		note('B', file, 0, NULL, 0);
	result = (int)syscall(call, fd);
	if (file != 0 && result == 0)
		note('E', file, 0, NULL, 0);
	return result;
}

ssize_t
pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
	ssize_t written = syscall(SYS_pwrite64, fd, bytes, size, at);
	uint64_t file = file_of(fd);

	if (file != 0 && written > 0)
		note('W', file, (uint64_t)at, bytes, (size_t)written);
	return written;
}

int
ftruncate64(int fd, off64_t size)
{
	int result = (int)syscall(SYS_ftruncate, fd, size);
	uint64_t file = file_of(fd);

	if (file != 0 && result == 0)
		note('T', file, (uint64_t)size, NULL, 0);
	return result;
}

int
ftruncate(int fd, off_t size)
{
	return ftruncate64(fd, size);
}

/* Nobody here writes to the books without saying where. */
ssize_t
write(int fd, const void *bytes, size_t size)
{
	char what[64];

	if (file_of(fd) != 0)
		abort();
	if (shim_answer(what, bytes, size))
		note('A', 0, 0, what, strlen(what));
	return syscall(SYS_write, fd, bytes, size);
}
