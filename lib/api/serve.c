/*
 * serve: the way of a request, from the web server and back.
 *
 * The order of the steps is said here once.  Up to "input" a request stands
 * alone; from "replay" on it is inside a transaction of the books, which
 * ends, and is on disk, before the answer leaves.
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "lib/api/books.h"
#include "lib/api/call.h"
#include "lib/api/crew.h"
#include "lib/api/desk.h"
#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/log.h"
#include "lib/crypto/quick.h"
#include "lib/crypto/random.h"

static enum err	handler(struct call *);
static enum err	ending(struct call *);

/* In this order, and nowhere else.  The first to refuse ends the walk. */
static enum err	(*const alone[])(struct call *) = {
	route_find,	/* which endpoint is meant */
	input_whole,	/* has all of it arrived, and no more than may */
	limit_stranger,	/* not one that keeps failing the next step */
	auth_check,	/* who asks: key, clock, signature, scope */
	limit_check,	/* not more often than agreed */
	input_read,	/* said in the shape the endpoint asks for */
	NULL
};

static enum err	(*const inside[])(struct call *) = {
	replay_find,	/* said before: the first answer again */
	handler,	/* the endpoint: tokens move, events queue */
	replay_keep,	/* remember the answer */
	NULL
};

/* The same in two transactions, where the network is between them. */
static enum err	(*const before[])(struct call *) = {
	replay_find,
	handler,
	replay_hold,	/* whoever says the same now has to wait */
	NULL
};

static enum err	(*const afterwards[])(struct call *) = {
	ending,
	replay_keep,
	NULL
};

/* Where there is no site yet, all there is to it. */
static enum err	(*const first[])(struct call *) = {
	route_find,
	input_whole,
	input_read,
	handler,
	NULL
};

static enum err
walk(struct call *c, enum err (*const steps[])(struct call *))
{
	enum err	 e = OK;

	for (size_t i = 0; steps[i] != NULL && e == OK; i++)
		e = steps[i](c);

	return e;
}

static enum err
handler(struct call *c)
{
	return c->replayed ? OK : c->route->does(c, c->input);
}

/* What was held for us is free again if nothing came of it. */
static enum err
ending(struct call *c)
{
	enum err	 e = c->route->ends(c, c->input);

	if (e != OK)
		replay_free(c);

	return e;
}

static enum err
walk_inside(struct call *c)
{
	return walk(c, inside);
}

static enum err
walk_before(struct call *c)
{
	return walk(c, before);
}

static enum err
walk_afterwards(struct call *c)
{
	return walk(c, afterwards);
}

static enum err
transact(struct call *c, struct desk *desk)
{
	enum err	 e;

	if (c->route->calls == NULL)
		return desk_run(desk, c, walk_inside);
	e = desk_run(desk, c, walk_before);
	if (e != OK || c->replayed)
		return e;
	c->route->calls(c, c->input);

	return desk_run(desk, c, walk_afterwards);
}

static void
answer(struct call *c, struct desk *desk)
{
	enum err	 e;

	if (cors_preflight(c))
		return;
	if (route_before_books(c)) {
		e = walk(c, first);
	} else {
		e = desk_ready(desk, c);
		if (e == OK) {
			e = walk(c, alone);
			limit_blame(c, e);
		}
		if (e == OK)
			e = transact(c, desk);
	}
	if (e != OK)
		problem_answer(c, e);
}

static const char *
request_id(struct arena *arena, struct moment now)
{
	int64_t		 second = now.ms / 1000;
	char		*id = arena_alloc(arena, sizeof("req_") + 24);
	unsigned char	 begin[4];

	for (int i = 0; i < 4; i++)
		begin[i] = (unsigned char)(second >> (24 - 8 * i));
	memcpy(id, "req_", 4);
	encode_hex(id + 4, begin, sizeof(begin));
	random_name(id + 12, 8);

	return id;
}

static void
begin(struct call *c, struct arena *arena, const struct route *routes)
{
	c->began_us = clock_ticks_us();
	c->routes = routes;
	faults_init(&c->faults, arena);
	buf_init(&c->body, arena);
	c->work.arena = arena;
	c->work.faults = &c->faults;
	c->work.now = c->arrived = clock_now();
	c->id = request_id(arena, c->work.now);
	log_request(c->id);
}

/* What the threads of a process have in common. */
struct house {
	const struct route	*routes;
	struct books		*books;
	struct crew		*crew;
};

static bool
next(const struct house *h, struct http *http, struct arena *arena,
    struct call *c)
{
	bool	 more;

	arena_reset(arena);
	memset(c, 0, sizeof(*c));
	crew_wait(h->crew);
	more = http_next(http, arena, &c->request);
	if (more) {
		crew_busy(h->crew, books_threads(h->books));
		begin(c, arena, h->routes);
		/* The one request of a CGI program, before its first key. */
		if (http_is_cgi() && !route_calls(c))
			quick_start();
	}

	return more;
}

/* One thread: request after request. */
static void *
work(void *with)
{
	const struct house	*h = with;
	struct http		*http = http_open();
	struct arena		*arena = arena_new();
	struct desk		*desk = desk_new(h->books);
	struct call		 c;

	while (next(h, http, arena, &c)) {
		answer(&c, desk);
		reply_send(http, &c);
		http_finish(http);
		limit_note(&c);
		if (!desk_after(desk, c.work.told)) {
			/* The other threads are to leave as well; raise()
			 * would tell it to this one alone. */
			(void)kill(getpid(), SIGTERM);
			break;
		}
	}
	log_request(NULL);
	http_close(http);
	desk_free(desk);
	arena_free(arena);

	return NULL;
}

int
api_serve(const struct route *routes)
{
	struct house	 h = { .routes = routes };

	h.books = books_new();
	h.crew = crew_new(work, &h);
	crew_work(h.crew);
	books_free(h.books);

	return 0;
}

struct work *
api_work(struct call *c)
{
	return &c->work;
}

void *
api_memory(struct call *c, size_t size)
{
	if (c->memory == NULL)
		c->memory = arena_alloc(c->work.arena, size);

	return c->memory;
}

void
api_retry(struct call *c, int64_t s)
{
	c->retry_s = s;
}

int64_t
api_digest(struct call *c, const void *in)
{
	return shape_digest(c->route->in, in);
}

enum err
api_reply(struct call *c, int status, const struct shape *shape,
    const void *out)
{
	c->status = status;
	c->content_type = "application/json";
	shape_write(&c->body, shape, out);

	return OK;
}

enum err
api_done(struct call *c)
{
	c->status = 204;
	c->content_type = NULL;

	return OK;
}
