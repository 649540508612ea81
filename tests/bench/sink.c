/*
 * sink: a receiver of webhooks that does nothing but answer 200, as fast as a
 * machine can, so that a measurement is of who sends.
 *
 *	sink [-d MILLISECONDS] [-1] [-c CERTIFICATE -k KEY]
 *
 * It prints its port, and for each line on standard input how many it has
 * answered.  -d waits before each answer, -1 closes the connection after it,
 * -c and -k speak TLS.
 */
#undef _GNU_SOURCE
#define _GNU_SOURCE		/* accept4(), memmem() */

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>

#define ROOM	65536

static const char keep[] =
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
static const char last[] =
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";

struct peer {
	struct peer	*next;		/* among those that wait */
	int		 fd;
	SSL		*ssl;
	double		 answer_at;
	size_t		 got;
	char		 text[ROOM];
};

static double		 delay_s;
static bool		 once;
static SSL_CTX		*tls;
static int		 events;
static long long	 answered;
static struct peer	*waiting, **waiting_end = &waiting;

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
fail(const char *what)
{
	perror(what);
	exit(1);
}

static void
drop(struct peer *p)
{
	if (p->ssl != NULL) {
		(void)SSL_shutdown(p->ssl);
		SSL_free(p->ssl);
	}
	close(p->fd);
	free(p);
}

static void
admit(int listener)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct peer *p;
	int fd, one = 1;

	while ((fd = accept4(listener, NULL, NULL,
	    SOCK_NONBLOCK | SOCK_CLOEXEC)) != -1) {
		if ((p = calloc(1, sizeof(*p))) == NULL)
			abort();
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		p->fd = fd;
		if (tls != NULL) {
			p->ssl = SSL_new(tls);
			SSL_set_fd(p->ssl, fd);
			SSL_set_accept_state(p->ssl);
		}
		event.data.ptr = p;
		epoll_ctl(events, EPOLL_CTL_ADD, fd, &event);
	}
}

/* More than 0: bytes.  0: not now.  -1: it has gone. */
static int
take(struct peer *p)
{
	size_t room = ROOM - p->got;
	ssize_t got;

	if (p->ssl == NULL) {
		got = read(p->fd, p->text + p->got, room);
		return got > 0 ? (int)got : got == -1 && errno == EAGAIN ?
		    0 : -1;
	}
	got = SSL_read(p->ssl, p->text + p->got, (int)room);
	if (got > 0)
		return (int)got;
	switch (SSL_get_error(p->ssl, (int)got)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		return 0;
	default:
		return -1;
	}
}

/* The bytes of a request that is whole, else 0. */
static size_t
whole(struct peer *p)
{
	static const char name[] = "\r\nContent-Length: ";
	char *end, *length;
	size_t size;

	end = memmem(p->text, p->got, "\r\n\r\n", 4);
	if (end == NULL)
		return 0;
	size = (size_t)(end - p->text) + 4;
	length = memmem(p->text, size, name, sizeof(name) - 1);
	if (length != NULL)
		size += strtoul(length + sizeof(name) - 1, NULL, 10);
	return size <= p->got ? size : 0;
}

/* False: the peer is no more. */
static bool
answer(struct peer *p)
{
	const char *text = once ? last : keep;
	size_t size = once ? sizeof(last) - 1 : sizeof(keep) - 1;

	answered++;
	if (p->ssl != NULL ? SSL_write(p->ssl, text, (int)size) <= 0 :
	    write(p->fd, text, size) != (ssize_t)size || once) {
		drop(p);
		return false;
	}
	if (once) {
		drop(p);
		return false;
	}
	return true;
}

static void
serve(struct peer *p)
{
	size_t size;
	int got;

	while ((got = take(p)) > 0) {
		p->got += (size_t)got;
		while ((size = whole(p)) > 0) {
			p->got -= size;
			memmove(p->text, p->text + size, p->got);
			if (delay_s > 0) {
				p->answer_at = now_s() + delay_s;
				p->next = NULL;
				*waiting_end = p;
				waiting_end = &p->next;
			} else if (!answer(p)) {
				return;
			}
		}
	}
	if (got == -1 && p->answer_at == 0)
		drop(p);
}

static void
answer_late(void)
{
	struct peer *p;

	while ((p = waiting) != NULL && p->answer_at <= now_s()) {
		waiting = p->next;
		if (waiting == NULL)
			waiting_end = &waiting;
		p->answer_at = 0;
		(void)answer(p);
	}
}

static int
start(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd == -1 || bind(fd, (struct sockaddr *)&at, size) == -1 ||
	    listen(fd, 4096) == -1 ||
	    getsockname(fd, (struct sockaddr *)&at, &size) == -1)
		fail("listen");
	printf("%d\n", ntohs(at.sin_port));
	fflush(stdout);
	return fd;
}

static void
configure(int argc, char **argv)
{
	const char *certificate = NULL, *key = NULL;
	int option;

	while ((option = getopt(argc, argv, "d:1c:k:")) != -1) {
		switch (option) {
		case 'd':	delay_s = atof(optarg) / 1000; break;
		case '1':	once = true; break;
		case 'c':	certificate = optarg; break;
		case 'k':	key = optarg; break;
		default:	exit(2);
		}
	}
	if (certificate == NULL)
		return;
	tls = SSL_CTX_new(TLS_server_method());
	SSL_CTX_set_mode(tls, SSL_MODE_AUTO_RETRY);
	/* So that each handshake that is measured is a whole one. */
	SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_num_tickets(tls, 0);
	if (SSL_CTX_use_certificate_chain_file(tls, certificate) != 1 ||
	    SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1) {
		fprintf(stderr, "sink: no certificate or key\n");
		exit(1);
	}
}

int
main(int argc, char **argv)
{
	struct epoll_event ready[256], event = { .events = EPOLLIN };
	struct rlimit files;
	char line[64];
	int listener;

	configure(argc, argv);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	listener = start();
	events = epoll_create1(0);
	event.data.ptr = NULL;
	epoll_ctl(events, EPOLL_CTL_ADD, listener, &event);
	event.data.ptr = line;
	epoll_ctl(events, EPOLL_CTL_ADD, STDIN_FILENO, &event);
	for (;;) {
		int n = epoll_wait(events, ready, 256, delay_s > 0 ? 1 : -1);

		for (int i = 0; i < n; i++) {
			if (ready[i].data.ptr == NULL) {
				admit(listener);
			} else if (ready[i].data.ptr == line) {
				if (read(STDIN_FILENO, line, 64) <= 0)
					return 0;
				printf("%lld\n", answered);
				fflush(stdout);
			} else {
				serve(ready[i].data.ptr);
			}
		}
		answer_late();
	}
}
