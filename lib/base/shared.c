/*
 * shared: memory of a site's processes, in a mapped file.
 */
/* For MAP_ANONYMOUS, which POSIX does not have yet. */
#define _DEFAULT_SOURCE

#include <sys/mman.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "lib/base/shared.h"

/*
 * A fresh file gets its size in one step, so that nobody sees it half grown:
 * where posix_fallocate() has to write block by block, as on NFS and FUSE, it
 * takes a while.  Two that find a fresh file both grow it: no harm.
 */
static int
size_it(int fd, const struct stat *st, size_t size)
{
	if (st->st_size == 0 && ftruncate(fd, (off_t)size) == -1)
		return errno;
	if ((size_t)st->st_blocks * 512 >= size)
		return 0;

	return posix_fallocate(fd, 0, (off_t)size);
}

/*
 * Every byte gets its place on the disk now: a disk that is full later would
 * kill whoever writes to the memory.  Nobody's memory shrinks: a file of
 * another size, made by another version of us, stays with those who have it.
 */
static int
open_sized(const char *path, size_t size)
{
	struct stat	 st;
	int		 fd, error = 0;

	for (int tries = 0; tries < 2; tries++) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0)
			return -1;
		error = fstat(fd, &st) == -1 ? errno : 0;
		if (error == 0 &&
		    (st.st_size == 0 || st.st_size == (off_t)size)) {
			error = size_it(fd, &st, size);
			if (error == 0)
				return fd;
		}
		close(fd);
		if (error != 0)
			break;
		(void)unlink(path);
		error = EBUSY;
	}
	errno = error;

	return -1;
}

void *
shared_map(const char *path, size_t size)
{
	void	*at;
	int	 fd;

	if (path == NULL) {
		at = mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		return at != MAP_FAILED ? at : NULL;
	}
	fd = open_sized(path, size);
	if (fd < 0)
		return NULL;
	at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);

	return at != MAP_FAILED ? at : NULL;
}

void
shared_unmap(void *at, size_t size)
{
	if (at != NULL)
		munmap(at, size);
}
