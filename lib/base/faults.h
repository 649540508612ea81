#ifndef BASE_FAULTS_H
#define BASE_FAULTS_H

#include <stddef.h>

struct arena;

/* What is wrong with one field, and what to do about it. */
struct fault {
	struct fault	*next;
	const char	*pointer;	/* RFC 6901; "" is the whole body */
	const char	*detail;
};

/* All that is wrong with one request, in the order it was found. */
struct faults {
	struct arena	*arena;
	struct fault	*first, **end;
	size_t		 count;
};

void	faults_init(struct faults *, struct arena *);

/* Note one more, up to LIMIT_FAULTS; the pointer is copied. */
void	faults_add(struct faults *, const char *pointer, const char *, ...)
	    __attribute__((format(printf, 3, 4)));

/* Put `prefix` ("/actions/3") before every pointer: they lie deeper. */
void	faults_under(struct faults *, const char *prefix);

/* Note all of `more` too. */
void	faults_join(struct faults *, const struct faults *more);

#endif
