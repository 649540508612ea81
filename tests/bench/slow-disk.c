/*
 * A slow disk, by LD_PRELOAD: fdatasync and fsync take SLOW_DISK_MS longer, 2
 * if it is not set, which is what many shared hosts' disks need.  The sync
 * itself is still done.  It asks the kernel directly, so that it need not look
 * for the functions that it stands before; syscall() is a GNU extra.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void
linger(void)
{
	const char *setting = getenv("SLOW_DISK_MS");
	long ms = setting != NULL ? atol(setting) : 2;
	struct timespec left = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&left, &left) == -1 && errno == EINTR)
		continue;
}

int
fdatasync(int fd)
{
	linger();
	return (int)syscall(SYS_fdatasync, fd);
}

int
fsync(int fd)
{
	linger();
	return (int)syscall(SYS_fsync, fd);
}
