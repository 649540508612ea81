#ifndef API_COURIER_H
#define API_COURIER_H

struct conf;
struct courier;

/*
 * Starts bin/deliver, so that what an answer has queued is sent at once, with
 * no daemon on the host.  One is enough for a site: where one runs, it is
 * only left word (see lib/hooks/turn.h), which costs a microsecond.
 *
 * One for a process, used by all its threads; made before there are any.  It
 * has the kernel reap the process's children.
 */
struct courier	*courier_new(void);
void		 courier_free(struct courier *);

/* By this configuration; a site that says start_deliver = no starts none. */
void		 courier_configure(struct courier *, const struct conf *);

/* Something was queued, and is committed, and answered. */
void		 courier_call(struct courier *);

#endif
