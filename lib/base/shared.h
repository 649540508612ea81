#ifndef BASE_SHARED_H
#define BASE_SHARED_H

#include <stddef.h>

/*
 * Memory that all processes of a site share: a file that is mapped.  Nothing
 * waits for it to reach a disk, and what is in it survives the processes; a
 * crash of the machine may lose it, so only counts live there that may be
 * lost.  New bytes are zero.
 *
 * NULL, with errno, if the file cannot be made, sized or mapped.  The file
 * is `path`, mode 0600; another size than before begins it anew.  Without a
 * path it is memory of this process alone.
 */
void	*shared_map(const char *path, size_t size);
void	 shared_unmap(void *, size_t size);

#endif
