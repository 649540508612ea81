#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

/*
 * How often something took how long, without keeping each: counts of what lay
 * from one edge up to the next.  edges[i] is where class i begins; the last
 * class has no end, and what lies in it is taken for its edge.
 */
struct histogram {
	const int64_t	*edges, *counts;
	size_t		 classes;
};

/* The class that a value lies in; below the first edge, the first. */
size_t	histogram_class(const int64_t *edges, size_t classes, int64_t value);

/* How many there are in all. */
int64_t	histogram_count(const struct histogram *);

/*
 * The value that `percent` of them are not above, rounded down to a whole
 * number and as exact as its class is narrow: values of a class are taken to
 * lie evenly in it.  -1 if there are none.
 */
int64_t	histogram_at(const struct histogram *, int64_t percent);

#endif
