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
 *
 * It asks the kernel directly, so that it need not look for the functions
 * that it stands before; that, and memmem(), are GNU's.
 */
#undef _GNU_SOURCE
#define _GNU_SOURCE
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct event {
	uint32_t	 kind;		/* a letter */
	uint32_t	 thread;
	uint64_t	 file;		/* its inode */
	uint64_t	 offset;
	uint64_t	 size;		/* of what follows */
};

static bool
ends(const char *text, const char *end)
{
	size_t size = strlen(text), n = strlen(end);

	return size >= n && strcmp(text + size - n, end) == 0;
}

/* The database, its log, or the folder that they are in. */
static bool
is_ours(const char *name)
{
	return ends(name, "/ledger.db") || ends(name, "/ledger.db-wal") ||
	    ends(name, "/data");
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
	char link[64], name[1024];
	int saved = errno;
	struct stat st;
	ssize_t size;
	uint64_t file = 0;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	size = readlink(link, name, sizeof(name) - 1);
	name[size < 0 ? 0 : size] = '\0';
	if (is_ours(name) && fstat(fd, &st) == 0)
		file = st.st_ino;
	errno = saved;
	return file;
}

static int
open_file(const char *name, int flags, mode_t mode)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, name, flags, mode);
	const char *slash = strrchr(name, '/');
	uint64_t file = fd == -1 ? 0 : file_of(fd);

	if (file != 0 && slash != NULL && !ends(name, "/data"))
		note('O', file, 0, slash + 1, strlen(slash + 1));
	return fd;
}

int
open64(const char *name, int flags, ...)
{
	mode_t mode = 0;
	va_list args;

	va_start(args, flags);
	if (flags & O_CREAT)
		mode = va_arg(args, mode_t);
	va_end(args);
	return open_file(name, flags, mode);
}

int
open(const char *name, int flags, ...)
{
	mode_t mode = 0;
	va_list args;

	va_start(args, flags);
	if (flags & O_CREAT)
		mode = va_arg(args, mode_t);
	va_end(args);
	return open_file(name, flags, mode);
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
sync_file(int fd, long call)
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

int
fdatasync(int fd)
{
	return sync_file(fd, SYS_fdatasync);
}

int
fsync(int fd)
{
	return sync_file(fd, SYS_fsync);
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

ssize_t
pwrite(int fd, const void *bytes, size_t size, off_t at)
{
	return pwrite64(fd, bytes, size, at);
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

static void
note_answer(const char *bytes, size_t size)
{
	static const char status[] = "Status: ", id[] = "X-Request-Id: ";
	const char *s = memmem(bytes, size, status, sizeof(status) - 1);
	const char *n = memmem(bytes, size, id, sizeof(id) - 1);
	char what[64];

	if (s == NULL || n == NULL)
		return;
	snprintf(what, sizeof(what), "%.3s %.28s", s + sizeof(status) - 1,
	    n + sizeof(id) - 1);
	note('A', 0, 0, what, strlen(what));
}

/* Nobody here writes to the books without saying where. */
ssize_t
write(int fd, const void *bytes, size_t size)
{
	if (file_of(fd) != 0)
		abort();
	note_answer(bytes, size);
	return syscall(SYS_write, fd, bytes, size);
}
