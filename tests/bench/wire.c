/*
 * The wire: many keep-alive HTTP/1.1 connections in one thread, by epoll.
 *
 * Each connection has one request out at a time and sends the next as soon as
 * the answer is whole, which is what a pool of clients does.  The generator
 * shares the machine with the server that it measures, so it must be cheap:
 * an ordinary round is one send, one recv and a share of an epoll_wait.
 */

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/wire.h"

#define ANSWER_SIZE	(256 * 1024)	/* the largest answer, head and all */
#define PATIENCE_NS	INT64_C(10000000000)	/* for the last answers */
#define RETRY_NS	INT64_C(5000000)	/* before connecting again */

struct line {
	int	 fd;		/* -1 while there is no connection */
	bool	 busy;		/* a request is out */
	bool	 blocked;	/* the socket took only a part of it */
	bool	 last;		/* the server closes after this answer */
	char	*out, *in;	/* ORDER_SIZE and ANSWER_SIZE + 1 bytes */
	size_t	 out_size, out_sent, in_size;
	uint64_t number;	/* of the order that is out */
	int64_t	 sent_at, retry_at;
};

/* One run: the plan, the state of every line, and the count. */
struct run {
	const struct wire	*plan;
	const struct order	*order;
	struct tally		*tally;
	struct line		*lines;
	int			 epoll;
	int64_t			 count_from, send_until;
	uint64_t		 next;	/* number of the next order */
	unsigned		 out;	/* lines that are busy */
};

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static bool
sending(const struct run *r, int64_t now)
{
	return now < r->send_until &&
	    (r->plan->requests == 0 || r->next < r->plan->requests);
}

static void
watch(const struct run *r, struct line *l, int operation, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = l };

	if (epoll_ctl(r->epoll, operation, l->fd, &e) == -1)
		err(1, "epoll_ctl");
}

static void
hang_up(struct run *r, struct line *l)
{
	if (l->busy) {
		r->tally->broken++;
		r->out--;
	}
	close(l->fd);
	l->fd = -1;
	l->busy = l->blocked = false;
	l->in_size = 0;
	l->retry_at = now_ns() + RETRY_NS;
}

/*
 * On loopback a connection is made or refused at once, so that waiting for
 * it stops nobody.
 */
static bool
dial(struct run *r, struct line *l)
{
	const struct sockaddr *to =
	    (const struct sockaddr *)&r->plan->address;
	int on = 1;

	if ((l->fd = socket(AF_INET, SOCK_STREAM, 0)) == -1)
		err(1, "socket");
	if (connect(l->fd, to, sizeof(r->plan->address)) == -1) {
		r->tally->refused++;
		close(l->fd);
		l->fd = -1;
		l->retry_at = now_ns() + RETRY_NS;
		return false;
	}
	setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (fcntl(l->fd, F_SETFL, O_NONBLOCK) == -1)
		err(1, "fcntl");
	l->last = false;
	watch(r, l, EPOLL_CTL_ADD, EPOLLIN);
	return true;
}

static void
push(struct run *r, struct line *l)
{
	ssize_t n;

	n = send(l->fd, l->out + l->out_sent, l->out_size - l->out_sent,
	    MSG_NOSIGNAL);
	if (n == -1 && errno != EAGAIN && errno != EINTR) {
		hang_up(r, l);
		return;
	}
	l->out_sent += n > 0 ? (size_t)n : 0;
	if (l->out_sent < l->out_size && !l->blocked) {
		l->blocked = true;
		watch(r, l, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
	} else if (l->out_sent == l->out_size && l->blocked) {
		l->blocked = false;
		watch(r, l, EPOLL_CTL_MOD, EPOLLIN);
	}
}

static void
ask(struct run *r, struct line *l)
{
	if (l->fd == -1 && !dial(r, l))
		return;
	l->number = r->next++;
	l->out_size = order_write(r->order, l->number, l->out);
	l->out_sent = l->in_size = 0;
	l->busy = true;
	l->sent_at = now_ns();
	r->out++;
	push(r, l);
}

static void
note_latency(struct tally *t, int64_t ns)
{
	if (t->latencies == t->room) {
		t->room = t->room > 0 ? 2 * t->room : 65536;
		t->latency_us = realloc(t->latency_us,
		    t->room * sizeof(*t->latency_us));
		if (t->latency_us == NULL)
			err(1, "latencies");
	}
	t->latency_us[t->latencies++] = (uint32_t)((ns + 500) / 1000);
}

static void
count(struct run *r, const struct line *l, int status, int64_t now)
{
	struct tally *t = r->tally;
	bool good = status >= 200 && status < 300;

	if (good) {
		t->all_good++;
		if (r->plan->keys != NULL)
			order_keys(r->order, l->number, r->plan->keys);
	}
	if (good && now >= r->count_from && now <= r->send_until) {
		t->timely++;
		t->timely_ns = now - r->count_from;
	}
	if (l->sent_at < r->count_from)
		return;
	t->statuses[status]++;
	t->counted_ns = now - r->count_from;
	if (good) {
		t->good++;
		note_latency(t, now - l->sent_at);
	}
}

/* The value of a header of the answer, or NULL. */
static const char *
header(const char *head, const char *name)
{
	size_t size = strlen(name);
	const char *at = head;

	while ((at = strstr(at, "\r\n")) != NULL) {
		at += 2;
		if (strncasecmp(at, name, size) == 0 && at[size] == ':')
			return at + size + 1 + strspn(at + size + 1, " ");
	}
	return NULL;
}

/*
 * The status if the answer in `in` is whole, else 0.  Only one answer can be
 * there, so a chunked one is whole if it ends as chunked answers do; one with
 * neither length nor chunks is whole when the server hangs up.
 */
static int
whole(struct line *l, bool closed)
{
	char *body = strstr(l->in, "\r\n\r\n");
	const char *value;
	int status = 0;

	if (body == NULL)
		return 0;
	body[2] = '\0';		/* so that header() ends where the head does */
	value = header(l->in, "Connection");
	l->last = closed ||
	    (value != NULL && strncasecmp(value, "close", 5) == 0);
	if (sscanf(l->in, "HTTP/%*s %d", &status) != 1 || status < 100 ||
	    status >= WIRE_STATUSES)
		status = WIRE_STATUSES - 1;
	if ((value = header(l->in, "Content-Length")) != NULL)
		closed = (size_t)(l->in + l->in_size - body - 4) >=
		    strtoul(value, NULL, 10);
	else if (header(l->in, "Transfer-Encoding") != NULL)
		closed = strcmp(l->in + l->in_size - 5, "0\r\n\r\n") == 0;
	body[2] = '\r';
	return closed ? status : 0;
}

static void
hear(struct run *r, struct line *l)
{
	ssize_t n = recv(l->fd, l->in + l->in_size, ANSWER_SIZE - l->in_size,
	    0);
	int64_t now;
	int status;

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	l->in_size += n > 0 ? (size_t)n : 0;
	l->in[l->in_size] = '\0';
	status = l->busy && n >= 0 ? whole(l, n == 0) : 0;
	if (status == 0) {
		if (n <= 0 || !l->busy || l->in_size == ANSWER_SIZE)
			hang_up(r, l);
		return;
	}
	now = now_ns();
	count(r, l, status, now);
	l->busy = false;
	r->out--;
	if (l->last) {
		hang_up(r, l);
		l->retry_at = now;
	}
	if (sending(r, now))
		ask(r, l);
}

/* Lines that wait for nothing: new ones, and those that were cut off. */
static void
wake_idle(struct run *r)
{
	int64_t now = now_ns();

	for (unsigned i = 0; i < r->plan->connections; i++) {
		struct line *l = &r->lines[i];

		if (!l->busy && l->retry_at <= now && sending(r, now))
			ask(r, l);
	}
}

static void
attend(struct run *r)
{
	struct epoll_event events[64];
	int n, wait_ms = r->out == r->plan->connections ? 100 : 5;

	if ((n = epoll_wait(r->epoll, events, 64, wait_ms)) == -1 &&
	    errno != EINTR)
		err(1, "epoll_wait");
	for (int i = 0; i < n; i++) {
		struct line *l = events[i].data.ptr;

		if (l->blocked && events[i].events & EPOLLOUT)
			push(r, l);
		if (l->fd != -1 && events[i].events & ~(uint32_t)EPOLLOUT)
			hear(r, l);
	}
	if (r->out < r->plan->connections)
		wake_idle(r);
}

void
wire_run(const struct wire *plan, const struct order *order,
    struct tally *tally)
{
	struct run r = { .plan = plan, .order = order, .tally = tally };
	unsigned i;

	r.lines = calloc(plan->connections, sizeof(*r.lines));
	if (r.lines == NULL || (r.epoll = epoll_create1(0)) == -1)
		err(1, "connections");
	for (i = 0; i < plan->connections; i++) {
		r.lines[i].fd = -1;
		r.lines[i].out = malloc(ORDER_SIZE);
		r.lines[i].in = malloc(ANSWER_SIZE + 1);
		if (r.lines[i].out == NULL || r.lines[i].in == NULL)
			err(1, "connections");
	}
	r.count_from = now_ns() + plan->warm_ns;
	r.send_until = r.count_from + plan->run_ns;
	wake_idle(&r);
	while (sending(&r, now_ns()))
		attend(&r);
	while (r.out > 0 && now_ns() < r.send_until + PATIENCE_NS)
		attend(&r);
	tally->unanswered = r.out;
	for (i = 0; i < plan->connections; i++) {
		if (r.lines[i].fd != -1)
			close(r.lines[i].fd);
		free(r.lines[i].out);
		free(r.lines[i].in);
	}
	free(r.lines);
	close(r.epoll);
}
