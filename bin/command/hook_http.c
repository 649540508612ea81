/*
 * hook_http: requests of a machine to itself (RFC 9112), read one after
 * another.  Whoever sends nothing, or nonsense, is let go after a while.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "bin/command/hook_http.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/clock.h"
#include "lib/base/limits.h"

#define PATIENCE_US	5000000
#define HEAD_MAX	(64 * 1024)
#define BACKLOG		64

struct peer {
	int		 fd;
	int64_t		 until_us;
	struct buf	 all;		/* what came so far */
};

int
hook_http_listen(int *port)
{
	struct sockaddr_in	 at = { .sin_family = AF_INET };
	socklen_t		 size = sizeof(at);
	int			 fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	if (fd == -1)
		return -1;
	at.sin_port = htons((uint16_t)*port);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) == -1 ||
	    listen(fd, BACKLOG) == -1 ||
	    getsockname(fd, (struct sockaddr *)&at, &size) == -1) {
		close(fd);
		return -1;
	}
	*port = ntohs(at.sin_port);

	return fd;
}

static bool
wrong(struct hook_parcel *p, const char *why)
{
	p->why = why;

	return false;
}

static void
send_all(int fd, const char *text, size_t size)
{
	ssize_t	 sent;

	for (; size > 0; text += sent, size -= (size_t)sent) {
		sent = send(fd, text, size, MSG_NOSIGNAL);
		if (sent <= 0)
			return;
	}
}

/* More bytes into `all`; false if there are none, or none in time. */
static bool
more(struct peer *from, struct hook_parcel *p)
{
	struct pollfd	 wait = { from->fd, POLLIN, 0 };
	int64_t		 left_us = from->until_us - clock_ticks_us();
	char		 bytes[16384];
	ssize_t		 got;

	if (left_us <= 0 || poll(&wait, 1, (int)(left_us / 1000) + 1) <= 0)
		return wrong(p, "it was not whole after 5 s");
	got = recv(from->fd, bytes, sizeof(bytes), 0);
	if (got <= 0)
		return wrong(p, "it broke off");
	buf_add(&from->all, bytes, (size_t)got);

	return true;
}

/* Where the bytes behind the empty line begin; 0 while they do not. */
static size_t
head_end(const struct buf *all)
{
	for (size_t i = 0; i + 1 < all->size; i++)
		if (all->data[i] == '\n') {
			if (all->data[i + 1] == '\n')
				return i + 2;
			if (all->data[i + 1] == '\r' && i + 2 < all->size &&
			    all->data[i + 2] == '\n')
				return i + 3;
		}

	return 0;
}

/* `size` bytes from `at` on are there. */
static bool
fill(struct peer *from, struct hook_parcel *p, size_t at, size_t size)
{
	if (size > LIMIT_BODY)
		return wrong(p, "its body is larger than 1 MiB");
	while (from->all.size < at + size)
		if (!more(from, p))
			return false;

	return true;
}

/* The chunk whose size stands at *at; its bytes are added to `out`. */
static bool
read_chunk(struct peer *from, struct hook_parcel *p, size_t *at,
    struct buf *out, bool *last)
{
	const char	*line, *end;
	size_t		 size;

	while ((end = memchr(from->all.data + *at, '\n',
	    from->all.size - *at)) == NULL)
		if (from->all.size - *at > 256 || !more(from, p))
			return wrong(p, "a chunk of its body has no size");
	line = from->all.data + *at;
	if (strspn(line, "0123456789abcdefABCDEF") == 0 ||
	    strspn(line, "0123456789abcdefABCDEF") > 8)
		return wrong(p, "a chunk of its body has no size");
	size = strtoul(line, NULL, 16);
	*at = (size_t)(end + 1 - from->all.data);
	*last = size == 0;
	if (out->size + size > LIMIT_BODY)
		return wrong(p, "its body is larger than 1 MiB");
	if (*last || !fill(from, p, *at, size + 2))
		return *last;
	buf_add(out, from->all.data + *at, size);
	*at += size + 2;

	return true;
}

static bool
read_body(struct peer *from, struct hook_parcel *p, size_t at)
{
	const char	*length = hook_parcel_header(p, "Content-Length");
	const char	*coding = hook_parcel_header(p,
			    "Transfer-Encoding");
	struct buf	 out;
	bool		 last = false;

	if (coding != NULL) {
		buf_init(&out, p->arena);
		while (!last)
			if (!read_chunk(from, p, &at, &out, &last))
				return false;
		p->body = (struct piece){ buf_str(&out), out.size };
		return true;
	}
	if (length == NULL)
		length = "0";
	if (length[0] == '\0' || strspn(length, "0123456789") !=
	    strlen(length) || strlen(length) > 10)
		return wrong(p, "its Content-Length is no number");
	p->body.size = strtoul(length, NULL, 10);
	if (!fill(from, p, at, p->body.size))
		return false;
	p->body.data = from->all.data + at;

	return true;
}

static bool
read_request(struct peer *from, struct hook_parcel *p)
{
	const char	*expect;
	size_t		 at;

	while ((at = head_end(&from->all)) == 0) {
		if (from->all.size > HEAD_MAX)
			return wrong(p, "its headers do not end");
		if (!more(from, p))
			return false;
	}
	if (!hook_parcel_read(p, from->all.data, at))
		return false;
	if (p->method == NULL)
		return wrong(p, "it does not begin like POST / HTTP/1.1");
	expect = hook_parcel_header(p, "Expect");
	if (expect != NULL && strcasecmp(expect, "100-continue") == 0)
		send_all(from->fd, "HTTP/1.1 100 Continue\r\n\r\n", 25);

	return read_body(from, p, at);
}

int
hook_http_take(int listener, struct hook_parcel *p)
{
	struct peer	 from = { 0 };

	do
		from.fd = accept(listener, NULL, NULL);
	while (from.fd == -1 && (errno == EINTR || errno == ECONNABORTED));
	if (from.fd == -1)
		return -1;
	from.until_us = clock_ticks_us() + PATIENCE_US;
	buf_init(&from.all, p->arena);
	if (!read_request(&from, p))
		p->body = (struct piece){ "", 0 };

	return from.fd;
}

void
hook_http_answer(int peer, int status, const char *text)
{
	struct arena	*arena = arena_new();
	const char	*all;

	all = arena_printf(arena, "HTTP/1.1 %d %s\r\nContent-Type: text/plain"
	    "\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", status,
	    status < 400 ? "OK" : "No", strlen(text), text);
	send_all(peer, all, strlen(all));
	shutdown(peer, SHUT_WR);
	close(peer);
	arena_free(arena);
}
