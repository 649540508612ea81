/*
 * The log.  A line is put together on the stack and leaves in one write(2),
 * which the kernel keeps whole: in a file by O_APPEND, in a pipe because it
 * is no longer than PIPE_BUF.  Nothing here allocates, so that a process out
 * of memory can still say so.
 */
#undef _GNU_SOURCE
#define _GNU_SOURCE		/* dup3() */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/encode.h"
#include "lib/base/log.h"

/* PIPE_BUF on Linux. */
#define LINE_SIZE 4096

struct line {
	char	text[LINE_SIZE];
	size_t	size;
};

static int log_fd = STDERR_FILENO;
static char log_path[1024];		/* "" where there is none to follow */

static _Thread_local char request[64];

/* The part of `size` that has room for "..." and a line end behind it. */
static bool
add(struct line *line, const char *bytes, size_t size)
{
	if (size > sizeof(line->text) - line->size - 4)
		return false;
	memcpy(line->text + line->size, bytes, size);
	line->size += size;

	return true;
}

/*
 * Is the character at `s` one that a terminal obeys?  Those of one byte, and
 * U+0080 to U+009F, of which the last includes the start of an escape.
 */
static bool
is_control(const unsigned char *s)
{
	return s[0] < 0x20 || s[0] == 0x7f ||
	    (s[0] == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f);
}

/* Bytes of one character that is known to be well-formed. */
static size_t
step(const unsigned char *s)
{
	return s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
}

/* Add text that anybody may have sent; what is not UTF-8 is no character. */
static void
add_text(struct line *line, const char *text)
{
	const unsigned char	*s = (const unsigned char *)text;
	bool			 utf8 = encode_is_utf8(text, strlen(text));
	char			 hex[4 * 2 + 1];
	size_t			 size, i;

	for (; *s != '\0'; s += size) {
		size = utf8 ? step(s) : 1;
		if (!is_control(s) && (utf8 || s[0] < 0x80)) {
			if (!add(line, (const char *)s, size))
				break;
			continue;
		}
		for (i = 0; i < size; i++)
			(void)snprintf(hex + 4 * i, 5, "\\x%02x", s[i]);
		if (!add(line, hex, 4 * size))
			break;
	}
	if (*s != '\0') {
		memcpy(line->text + line->size, "...", 3);
		line->size += 3;
	}
}

static int
open_log(const char *path)
{
	return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

void
log_to(const char *path)
{
	int fd = STDERR_FILENO;

	log_path[0] = '\0';
	if (path != NULL && path[0] != '\0') {
		fd = open_log(path);
		if (fd == -1) {
			log_line(LOG_ERROR, "cannot append to %s: %s", path,
			    strerror(errno));
			fd = STDERR_FILENO;
		} else if (strlen(path) < sizeof(log_path))
			memcpy(log_path, path, strlen(path) + 1);
	}
	if (log_fd != STDERR_FILENO)
		(void)close(log_fd);
	log_fd = fd;
}

/*
 * A log that was renamed or removed is begun anew under its own name, so that
 * nobody has to tell the programs.  The descriptor's number stays, since
 * other threads may be writing to it.
 */
static void
follow(void)
{
	struct stat	ours, named;
	int		fd;

	if (log_path[0] == '\0' || fstat(log_fd, &ours) == -1 ||
	    (stat(log_path, &named) == 0 && ours.st_dev == named.st_dev &&
	    ours.st_ino == named.st_ino))
		return;
	fd = open_log(log_path);
	if (fd == -1)
		return;
	(void)dup3(fd, log_fd, O_CLOEXEC);
	(void)close(fd);
}

void
log_request(const char *id)
{
	size_t	size = id == NULL ? 0 : strnlen(id, sizeof(request) - 1);

	/* For every request, so not by snprintf(). */
	if (size > 0)
		memcpy(request, id, size);
	request[size] = '\0';
}

void
log_line(enum log_level level, const char *format, ...)
{
	static const char *const words[] = {
		[LOG_ERROR] = " error ",
		[LOG_WARN] = " warn ",
		[LOG_INFO] = " info ",
	};
	struct line	line = { .size = 0 };
	char		text[LINE_SIZE], when[CLOCK_TEXT];
	va_list		args;
	int		saved = errno;

	va_start(args, format);
	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	va_end(args);

	clock_text(when, clock_now());
	(void)add(&line, when, strlen(when));
	(void)add(&line, words[level], strlen(words[level]));
	add_text(&line, request[0] == '\0' ? "-" : request);
	(void)add(&line, " ", 1);
	add_text(&line, text);
	line.text[line.size++] = '\n';

	follow();
	/* There is nobody left to tell that the log is full. */
	while (write(log_fd, line.text, line.size) == -1 && errno == EINTR)
		continue;
	errno = saved;
}
