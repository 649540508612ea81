/*
 * One request after the other, by FastCGI or by CGI.
 *
 * libfcgi's fcgiapp knows no CGI; so the two ways in and out part here, and
 * nowhere above.
 *
 * Stopping.  SIGTERM and SIGUSR1 mean "finish what you do, and leave".  They
 * are blocked in all threads but those that wait for a request, so that they
 * interrupt nothing else.  The thread that is interrupted leaves and sends
 * the signal on to another that waits, if there is one.  A signal that comes
 * just before accept() is lost on it; for that, the handler winds the alarm
 * clock, and SIGALRM is a third signal of the same meaning.
 *
 * FCGX_ShutdownPending() is not for us.  A signal may also interrupt the
 * poll() that libfcgi looks at a new connection with; then libfcgi 2.4.2,
 * told to shut down, forgets that it has closed that connection and closes
 * its number again and again for ever, whosever it may be by then.
 */
#include <sys/stat.h>

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <fcgiapp.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/limits.h"
#include "lib/http/body.h"
#include "lib/http/env.h"
#include "lib/http/http.h"
#include "lib/http/reason.h"

/* Room for the longest name that we ask for, as a variable with its "=". */
#define VARIABLE 64

extern char **environ;

struct http {
	FCGX_Request	fcgi;
	bool		begun;		/* as CGI: its one request */
	bool		whole;		/* all that was sent was read */
};

/* Set by a signal handler, read by all threads. */
static atomic_bool stopping;

static void	begin_process(void);
static void	stop(int);
static void	stop_signals(int how);
static bool	accept_one(struct http *);
static bool	is_lost(int error);
static size_t	read_fcgi(void *, void *, size_t);
static size_t	read_cgi(void *, void *, size_t);
static size_t	name_variable(const char *name, char variable[VARIABLE]);
static void	add_header(struct buf *, const char *name, const char *value);
static void	put(struct http *, const void *, size_t);

struct http *
http_open(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct http *http;

	pthread_once(&once, begin_process);
	stop_signals(SIG_BLOCK);
	if ((http = calloc(1, sizeof(*http))) == NULL)
		abort();
	if (!http_is_cgi())
		FCGX_InitRequest(&http->fcgi, 0, FCGI_FAIL_ACCEPT_ON_INTR);
	return http;
}

void
http_close(struct http *http)
{
	if (http != NULL && !http_is_cgi())
		FCGX_Free(&http->fcgi, 1);
	free(http);
}

bool
http_is_cgi(void)
{
	return FCGX_IsCGI() != 0;
}

bool
http_next(struct http *http, struct arena *arena, struct request *r)
{
	struct source from;

	memset(r, 0, sizeof(*r));
	r->arena = arena;
	if (http_is_cgi()) {
		if (http->begun)
			return false;
		http->begun = true;
		r->env = environ;
		from = (struct source){ read_cgi, stdin };
	} else {
		if (!accept_one(http))
			return false;
		r->env = http->fcgi.envp;
		from = (struct source){ read_fcgi, http->fcgi.in };
	}
	env_read(r);
	body_read(r, &from);
	http->whole = r->body_state == HTTP_BODY_GOOD;
	return true;
}

const char *
http_header(const struct request *r, const char *name, int *times)
{
	char variable[VARIABLE];
	size_t size = name_variable(name, variable);
	const char *value = NULL;
	int found = 0;

	for (char *const *at = r->env; *at != NULL; at++)
		if ((*at)[0] == variable[0] &&
		    strncmp(*at, variable, size) == 0 && found++ == 0)
			value = *at + size;
	if (times != NULL)
		*times = found;
	return value == NULL || strlen(value) > LIMIT_HEADER ? NULL : value;
}

/*
 * X-Partner-Key is "HTTP_X_PARTNER_KEY=…"; two have no HTTP_ (RFC 3875).  How
 * long that is, up to the value.
 */
static size_t
name_variable(const char *name, char variable[VARIABLE])
{
	bool bare = strcmp(name, "Content-Type") == 0 ||
	    strcmp(name, "Content-Length") == 0;
	size_t size = 0;

	assert(strlen(name) < VARIABLE - sizeof("HTTP_="));
	if (!bare) {
		memcpy(variable, "HTTP_", 5);
		size = 5;
	}
	for (; *name != '\0'; name++)
		variable[size++] = *name == '-' ? '_' :
		    *name >= 'a' && *name <= 'z' ? (char)(*name - 32) : *name;
	variable[size++] = '=';
	return size;
}

/*
 * An explicit Status always: without one, some servers take a Location for
 * an order to fetch something else themselves.
 */
void
http_send(struct http *http, const struct request *r, int status,
    const struct header *headers, size_t count, const char *content_type,
    const void *body, size_t size)
{
	bool bare = status == 204 || status == 304;
	struct buf out;

	assert(!bare || size == 0);
	buf_init(&out, r->arena);
	buf_text(&out, "Status: ");
	buf_int(&out, status);
	buf_byte(&out, ' ');
	buf_text(&out, reason_words(status));
	buf_text(&out, "\r\n");
	for (size_t i = 0; i < count; i++)
		add_header(&out, headers[i].name, headers[i].value);
	if (content_type != NULL)
		add_header(&out, "Content-Type", content_type);
	/* RFC 9110, 8.6: a 204 must not have a length. */
	if (!bare) {
		buf_text(&out, "Content-Length: ");
		buf_int(&out, (int64_t)size);
		buf_text(&out, "\r\n");
	}
	buf_text(&out, "\r\n");
	put(http, out.data, out.size);
	if (strcmp(r->method, "HEAD") != 0)
		put(http, body, size);
}

/* Whoever could put a line's end into a value could write headers. */
static void
add_header(struct buf *out, const char *name, const char *value)
{
	if (strpbrk(value, "\r\n") != NULL)
		return;
	buf_text(out, name);
	buf_text(out, ": ");
	buf_text(out, value);
	buf_text(out, "\r\n");
}

static void
put(struct http *http, const void *bytes, size_t size)
{
	assert(size <= INT_MAX);
	if (size == 0)
		return;
	/* A client that went away is no business of the request's. */
	if (http_is_cgi())
		(void)fwrite(bytes, 1, size, stdout);
	else
		(void)FCGX_PutStr(bytes, (int)size, http->fcgi.out);
}

/*
 * As CGI the server waits for the end of our output, and we may still have
 * work to do, or leave a child behind; so standard output is closed, and the
 * null device put in its place.
 */
void
http_finish(struct http *http)
{
	int fd;

	if (!http_is_cgi()) {
		/* libfcgi would wait until the server has closed its side,
		 * lest what is unread reset the connection; nothing is. */
		if (http->whole && FCGX_GetChar(http->fcgi.in) == EOF)
			(void)FCGX_Detach(&http->fcgi);
		FCGX_Finish_r(&http->fcgi);
		return;
	}
	(void)fflush(stdout);
	if ((fd = open("/dev/null", O_RDWR | O_CLOEXEC)) == -1)
		return;
	(void)dup2(fd, STDIN_FILENO);
	(void)dup2(fd, STDOUT_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* Files are made for us alone; libfcgi's own handlers give way to ours. */
static void
begin_process(void)
{
	struct sigaction act = { .sa_handler = stop };

	umask(077);
	(void)http_is_cgi();		/* initialises libfcgi */
	sigemptyset(&act.sa_mask);
	/* No SA_RESTART: accept() must end. */
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGUSR1, &act, NULL);
	sigaction(SIGALRM, &act, NULL);
	act.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &act, NULL);
	/* A file that may not grow (RLIMIT_FSIZE) is an error like others. */
	sigaction(SIGXFSZ, &act, NULL);
}

static void
stop(int signo)
{
	(void)signo;
	stopping = true;
	alarm(1);
}

static void
stop_signals(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(how, &set, NULL);
}

/* A request that was begun to be read is served, even if we are to stop. */
static bool
accept_one(struct http *http)
{
	static const struct timespec nap = { .tv_nsec = 50000000 };
	int got;

	while (!stopping) {
		stop_signals(SIG_UNBLOCK);
		/* One may have waited to be let in. */
		got = stopping ? -EINTR : FCGX_Accept_r(&http->fcgi);
		stop_signals(SIG_BLOCK);
		if (got == 0)
			return true;
		if (stopping)
			break;
		if (is_lost(-got))
			return false;
		if (-got != EINTR && -got != ECONNABORTED)
			nanosleep(&nap, NULL);	/* out of descriptors? */
	}
	(void)kill(getpid(), SIGUSR1);
	return false;
}

/* There is no listening socket any more. */
static bool
is_lost(int error)
{
	return error == EBADF || error == EINVAL || error == ENOTSOCK ||
	    error == EOPNOTSUPP;
}

static size_t
read_fcgi(void *from, void *to, size_t size)
{
	int got = FCGX_GetStr(to, (int)size, from);

	return got < 0 ? 0 : (size_t)got;
}

static size_t
read_cgi(void *from, void *to, size_t size)
{
	return fread(to, 1, size, from);
}
