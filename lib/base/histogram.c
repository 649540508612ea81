/*
 * histogram: percentiles from counts.
 */
#include <assert.h>

#include "lib/base/histogram.h"

size_t
histogram_class(const int64_t *edges, size_t classes, int64_t value)
{
	size_t	 i = classes - 1;

	while (i > 0 && value < edges[i])
		i--;

	return i;
}

int64_t
histogram_count(const struct histogram *h)
{
	int64_t	 n = 0;

	for (size_t i = 0; i < h->classes; i++)
		n += h->counts[i];

	return n;
}

/* How far into a class of that width; a count may be large, so in steps. */
static int64_t
into(int64_t width, int64_t rank, int64_t count)
{
	while (count > INT32_MAX) {
		rank /= 2;
		count /= 2;
	}

	return width * rank / count;
}

int64_t
histogram_at(const struct histogram *h, int64_t percent)
{
	int64_t	 all = histogram_count(h), rank;
	size_t	 i = 0;

	assert(percent >= 1 && percent <= 100);
	if (all == 0)
		return -1;
	/* The rank-th of them, from 1 on: rounded up, and no overflow. */
	rank = all / 100 * percent + (all % 100 * percent + 99) / 100;
	for (; rank > h->counts[i]; i++)
		rank -= h->counts[i];
	if (i == h->classes - 1)
		return h->edges[i];

	return h->edges[i] +
	    into(h->edges[i + 1] - h->edges[i], rank, h->counts[i]);
}
