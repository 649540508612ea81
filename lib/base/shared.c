/*
 * shared: memory of a site's processes, in a mapped file.
 */
/* For MAP_ANONYMOUS, which POSIX does not have yet. */
#define _DEFAULT_SOURCE

#include <sys/mman.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/shared.h"

/* Two that find a fresh file both grow it to the same size: no harm. */
static int
open_sized(const char *path, size_t size)
{
	struct stat	 st;
	int		 fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_size == (off_t)size)
		return fd;
	if (ftruncate(fd, 0) == 0 && ftruncate(fd, (off_t)size) == 0)
		return fd;
	close(fd);

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
