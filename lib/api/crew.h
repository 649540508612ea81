#ifndef API_CREW_H
#define API_CREW_H

#include <stdint.h>

struct crew;

/*
 * As many threads as there are requests at once: whoever takes a request
 * while nobody else waits for one calls another, up to `most`.  So a process
 * that is given one request at a time has two threads, whatever it may have.
 */
struct crew	*crew_new(void *(*work)(void *), void *with);

/*
 * This thread waits for a request; it has one.  How many there may be is
 * asked each time: a process can be there before its site is.
 */
void		 crew_wait(struct crew *);
void		 crew_busy(struct crew *, int64_t most);

/* Do the work in this thread too, until all have left; then it is freed. */
void		 crew_work(struct crew *);

#endif
