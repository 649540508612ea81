#ifndef SHIM_H
#define SHIM_H

/*
 * What the libraries of this folder have in common.  They stand before a
 * program's own functions by LD_PRELOAD and ask the kernel directly, so that
 * nothing need be looked up; that, and memmem(), are GNU's.
 *
 * Each says what happens when a file is opened and synced, and what has its
 * bytes written at an offset; the other names of these are here.
 */
#undef _GNU_SOURCE
#define _GNU_SOURCE
#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As open() with a mode; as fsync(), `call` being its number or fdatasync's. */
static int	shim_open(const char *name, int how, mode_t mode);
static int	shim_sync(int fd, long call);

/* Declared where the system's header has it by another name. */
ssize_t		pwrite64(int, const void *, size_t, off64_t);

int
open(const char *name, int how, ...)
{
	mode_t mode = 0;
	va_list args;

	va_start(args, how);
	if (how & O_CREAT)
		mode = va_arg(args, mode_t);
	va_end(args);
	return shim_open(name, how, mode);
}

int	open64(const char *, int, ...) __attribute__((alias("open")));

int
fsync(int fd)
{
	return shim_sync(fd, SYS_fsync);
}

int
fdatasync(int fd)
{
	return shim_sync(fd, SYS_fdatasync);
}

ssize_t
pwrite(int fd, const void *bytes, size_t size, off_t at)
{
	return pwrite64(fd, bytes, size, at);
}

static inline bool
shim_ends(const char *text, const char *end)
{
	size_t size = strlen(text), n = strlen(end);

	return size >= n && strcmp(text + size - n, end) == 0;
}

/* What a descriptor leads to; "" if that cannot be told. */
static inline void
shim_name(int fd, char name[static 1024])
{
	char link[64];
	int saved = errno;
	ssize_t size;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	size = readlink(link, name, 1023);
	name[size < 0 ? 0 : size] = '\0';
	errno = saved;
}

/* "200 req_…" of the head of an answer; false if these bytes are none. */
static inline bool
shim_answer(char what[static 64], const char *bytes, size_t size)
{
	static const char status[] = "Status: ", id[] = "X-Request-Id: ";
	const char *s = memmem(bytes, size, status, sizeof(status) - 1);
	const char *n = memmem(bytes, size, id, sizeof(id) - 1);

	if (s == NULL || n == NULL)
		return false;
	snprintf(what, 64, "%.3s %.28s", s + sizeof(status) - 1,
	    n + sizeof(id) - 1);
	return true;
}

#endif
