/*
 * Kills a program at its n-th change of the disk, by LD_PRELOAD: before the
 * change is made, as by kill -9.  $STOP_AT is n; 0 or nothing lets it run.
 * Changes are files that are opened to be written, bytes, names, sizes, syncs
 * and locks; pages that are written one after the other, with nothing between,
 * are one.
 */
#include "shim.h"

#include <signal.h>

/* How many pages were written, with nothing between. */
static int pages;

static void
step(void)
{
	static long left = -1;
	const char *at = getenv("STOP_AT");

	if (left == -1)
		left = at != NULL ? atol(at) : 0;
	pages = 0;
	if (left > 0 && --left == 0)
		(void)syscall(SYS_kill, getpid(), SIGKILL);
}

static int
shim_open(const char *name, int how, mode_t mode)
{
	if ((how & (O_WRONLY | O_RDWR)) != 0)
		step();
	return (int)syscall(SYS_openat, AT_FDCWD, name, how, mode);
}

ssize_t
write(int fd, const void *bytes, size_t size)
{
	if (fd > STDERR_FILENO)
		step();
	return syscall(SYS_write, fd, bytes, size);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
	int before = pages;

	if (before == 0)
		step();
	pages = before + 1;
	return syscall(SYS_pwrite64, fd, bytes, size, at);
}

int
mkdir(const char *name, mode_t mode)
{
	step();
	return (int)syscall(SYS_mkdir, name, mode);
}

int
unlink(const char *name)
{
	step();
	return (int)syscall(SYS_unlink, name);
}

int
rename(const char *from, const char *to)
{
	step();
	return (int)syscall(SYS_rename, from, to);
}

int
ftruncate(int fd, off_t size)
{
	step();
	return (int)syscall(SYS_ftruncate, fd, size);
}

int
ftruncate64(int fd, off64_t size)
{
	return ftruncate(fd, size);
}

static int
shim_sync(int fd, long call)
{
	step();
	return (int)syscall(call, fd);
}

int
flock(int fd, int how)
{
	step();
	return (int)syscall(SYS_flock, fd, how);
}
