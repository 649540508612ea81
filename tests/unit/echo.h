#ifndef UNIT_ECHO_H
#define UNIT_ECHO_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/http/http.h"

/*
 * The program that lib/http is tested with: it answers with what it
 * understood.  The test is the web server, and starts itself a second time
 * as this program, with the number of threads as its argument.
 */
#define ENV(...)	(char *[]){ __VA_ARGS__, NULL }
#define MAX_THREADS	8

static char	 self[512];
static char	 answer[4 * LIMIT_BODY];

static inline void
nap(int ms)
{
	struct timespec t = { ms / 1000, (ms % 1000) * 1000000L };

	nanosleep(&t, NULL);
}

static inline void *
serve(void *arg)
{
	static const char *const states[] = { "good", "short", "large" };
	struct http *http = arg;
	struct arena *arena = arena_new();
	struct request r;

	while (http_next(http, arena, &r)) {
		struct header headers[] = { { "X-Echo", "yes" },
		    { "X-Forged", "a\r\nX-Evil: b" } };
		const char *key, *text;
		unsigned long sum = 0;
		int times;

		/* The test waits to hear that it has begun. */
		if (r.path != NULL && strcmp(r.path, "/v1/slow") == 0 &&
		    write(STDOUT_FILENO, "!", 1) == 1)
			nap(400);
		for (size_t i = 0; i < r.body_size; i++)
			sum += (unsigned char)r.body[i];
		key = http_header(&r, "X-Partner-Key", &times);
		text = arena_printf(arena, "%s|%s|%s|%s|%s|%s|%s|%s %zu %lu|"
		    "%s %d|", r.method, r.target == NULL ? "-" : r.target,
		    r.prefix, r.path == NULL ? "-" : r.path,
		    r.query == NULL ? "-" : r.query, r.address,
		    r.content_type, states[r.body_state], r.body_size, sum,
		    key == NULL ? "-" : key, times);
		if (strcmp(r.method, "DELETE") == 0)
			http_send(http, &r, 204, NULL, 0, NULL, NULL, 0);
		else
			http_send(http, &r, 402, headers, 2, "text/plain",
			    text, strlen(text));
		http_finish(http);
		arena_reset(arena);
	}
	arena_free(arena);
	http_close(http);
	return NULL;
}

static inline int
program(int threads)
{
	struct http *first = http_open();
	pthread_t others[MAX_THREADS];

	for (int i = 1; i < threads; i++)
		if (pthread_create(&others[i], NULL, serve, http_open()) != 0)
			return 1;
	serve(first);
	for (int i = 1; i < threads; i++)
		(void)pthread_join(others[i], NULL);
	return 0;
}

static inline int
find_self(void)
{
	return readlink("/proc/self/exe", self, sizeof(self) - 1) == -1;
}

#endif
