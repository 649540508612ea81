#ifndef COMMAND_HOOK_HTTP_H
#define COMMAND_HOOK_HTTP_H

#include <stdbool.h>

#include "bin/command/hook_parcel.h"

/*
 * As much of an HTTP server as it takes to look at webhooks on one's own
 * machine: one request at a time, and one for each connection.
 */

/* A socket that listens at 127.0.0.1, *port 0 becomes its port; or -1. */
int	hook_http_listen(int *port);

/*
 * Wait for somebody and read a request into the parcel, which has an arena.
 * Returns their socket, or -1 if there is none any more.  In 5 s it is there
 * or given up; then, and if it is no HTTP or has more than LIMIT_BODY bytes,
 * p->why says what is wrong with it.
 */
int	hook_http_take(int listener, struct hook_parcel *);

/* Answer and hang up. */
void	hook_http_answer(int peer, int status, const char *text);

#endif
