/*
 * Counting tokens.  Products are taken in 128 bits, where two 63-bit numbers
 * always fit, and sums are checked; nothing here rounds but tokens_part().
 */
#include <assert.h>

#include "lib/base/tokens.h"

__extension__ typedef __int128 wide;

bool
tokens_add(struct tokens *sum, struct tokens more)
{
	int64_t units;

	if (__builtin_add_overflow(sum->units, more.units, &units) ||
	    units < 0)
		return false;
	sum->units = units;

	return true;
}

bool
tokens_sub(struct tokens *sum, struct tokens less)
{
	int64_t units;

	if (__builtin_sub_overflow(sum->units, less.units, &units) ||
	    units < 0)
		return false;
	sum->units = units;

	return true;
}

bool
tokens_less(struct tokens a, struct tokens b)
{
	return a.units < b.units;
}

struct tokens
tokens_min(struct tokens a, struct tokens b)
{
	return tokens_less(b, a) ? b : a;
}

/*
 * The share that gets the next token that rounding down left over: the one
 * that follows `last` when shares are sorted by remainder, the largest first,
 * and equal ones by place.  `last` is `count` before the first.  Remainders
 * are computed anew, since shares are few and memory for them has no owner.
 */
static size_t
next_in_line(wide whole, const int64_t *weights, size_t count, wide sum,
    size_t last)
{
	wide	 remainder, best = 0, limit = 0;
	size_t	 i, found = count;

	if (last < count)
		limit = whole * (wide)weights[last] % sum;
	for (i = 0; i < count; i++) {
		remainder = whole * (wide)weights[i] % sum;
		if (last < count && (remainder > limit ||
		    (remainder == limit && i <= last)))
			continue;
		if (found == count || remainder > best) {
			best = remainder;
			found = i;
		}
	}

	return found;
}

void
tokens_split(struct tokens whole, const int64_t *weights,
    struct tokens *shares, size_t count)
{
	wide	 sum = 0;
	int64_t	 left = whole.units;
	size_t	 i, next = count;

	assert(whole.units >= 0);
	for (i = 0; i < count; i++) {
		assert(weights[i] >= 0);
		sum += (wide)weights[i];
	}
	assert(sum > 0);

	for (i = 0; i < count; i++) {
		shares[i].units = (int64_t)((wide)whole.units *
		    (wide)weights[i] / sum);
		left -= shares[i].units;
	}
	/* Less than one token was cut off each share. */
	assert(left >= 0 && (size_t)left < count);
	for (; left > 0; left--) {
		next = next_in_line((wide)whole.units, weights, count, sum,
		    next);
		assert(next < count);
		shares[next].units++;
	}
}

struct tokens
tokens_part(struct tokens of, int64_t part, int64_t whole)
{
	wide product;

	assert(of.units >= 0);
	assert(whole > 0);
	assert(part >= 0 && part <= whole);

	product = (wide)of.units * (wide)part;

	return (struct tokens){
		(int64_t)((2 * product + (wide)whole) / (2 * (wide)whole))
	};
}
