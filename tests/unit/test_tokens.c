/*
 * Tokens: sums that refuse to wrap, and splits that lose nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/base/tokens.h"
#include "tests/unit/death.h"

static void
sums_stay_between_zero_and_the_end(void **state)
{
	struct tokens sum = { INT64_MAX - 1 };

	(void)state;
	assert_true(tokens_add(&sum, (struct tokens){ 1 }));
	assert_int_equal(sum.units, INT64_MAX);
	assert_false(tokens_add(&sum, (struct tokens){ 1 }));
	assert_int_equal(sum.units, INT64_MAX);
	assert_true(tokens_add(&sum, (struct tokens){ 0 }));

	sum.units = 5;
	assert_false(tokens_add(&sum, (struct tokens){ -6 }));
	assert_int_equal(sum.units, 5);
	assert_false(tokens_sub(&sum, (struct tokens){ 6 }));
	assert_int_equal(sum.units, 5);
	assert_false(tokens_sub(&sum, (struct tokens){ INT64_MIN }));
	assert_int_equal(sum.units, 5);
	assert_true(tokens_sub(&sum, (struct tokens){ 5 }));
	assert_int_equal(sum.units, 0);
	assert_false(tokens_sub(&sum, (struct tokens){ 1 }));
	assert_int_equal(sum.units, 0);
}

static void
order(void **state)
{
	struct tokens one = { 1 }, two = { 2 };

	(void)state;
	assert_true(tokens_less(one, two));
	assert_false(tokens_less(two, one));
	assert_false(tokens_less(one, one));
	assert_int_equal(tokens_min(one, two).units, 1);
	assert_int_equal(tokens_min(two, one).units, 1);
	assert_int_equal(tokens_min(two, two).units, 2);
}

static void
splits_that_are_known(void **state)
{
	static const struct {
		int64_t	whole;
		size_t	count;
		int64_t	weights[4], shares[4];
	} cases[] = {
		{ 50, 1, { 1 }, { 50 } },
		{ 100, 3, { 1, 1, 1 }, { 34, 33, 33 } },
		{ 101, 3, { 1, 1, 1 }, { 34, 34, 33 } },
		{ 175, 2, { 70, 30 }, { 123, 52 } },	/* 122.5 and 52.5 */
		{ 10, 3, { 60, 30, 10 }, { 6, 3, 1 } },
		{ 7, 4, { 0, 5, 0, 5 }, { 0, 4, 0, 3 } },
		{ 1, 4, { 1, 2, 3, 2 }, { 0, 0, 1, 0 } },
		{ 2, 4, { 1, 2, 2, 2 }, { 0, 1, 1, 0 } },
		{ 0, 2, { 1, 1 }, { 0, 0 } },
		{ INT64_MAX, 2, { INT64_MAX, INT64_MAX },
		    { INT64_MAX / 2 + 1, INT64_MAX / 2 } },
		{ INT64_MAX, 4, { INT64_MAX, 0, 0, INT64_MAX },
		    { INT64_MAX / 2 + 1, 0, 0, INT64_MAX / 2 } },
	};
	struct tokens	shares[4];
	size_t		i, j;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tokens_split((struct tokens){ cases[i].whole },
		    cases[i].weights, shares, cases[i].count);
		for (j = 0; j < cases[i].count; j++)
			assert_int_equal(shares[j].units, cases[i].shares[j]);
	}
}

/* The same numbers on every machine: Marsaglia's xorshift64*. */
static uint64_t	seed = 20260510;

static uint64_t
draw(void)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;

	return seed * 2685821657736338717u;
}

/*
 * What the largest remainder promises: the shares add up, each lies within
 * one token of its proportion, who weighs nothing gets nothing, and a larger
 * weight never gets less, nor an earlier share of equal weight.
 */
static void
check_split(int64_t whole, const int64_t *weights, size_t count)
{
	struct tokens	shares[20];
	__extension__ __int128 sum = 0, exact;
	int64_t		all = 0;
	size_t		i, j;

	tokens_split((struct tokens){ whole }, weights, shares, count);
	for (i = 0; i < count; i++) {
		sum += weights[i];
		all += shares[i].units;
	}
	assert_int_equal(all, whole);
	for (i = 0; i < count; i++) {
		exact = whole;
		exact *= weights[i];
		assert_true(shares[i].units >= exact / sum);
		assert_true(shares[i].units <= exact / sum + 1);
		if (exact % sum == 0)
			assert_true(shares[i].units == exact / sum);
		for (j = 0; j < i; j++) {
			if (weights[j] >= weights[i])
				assert_true(shares[j].units >=
				    shares[i].units);
			else
				assert_true(shares[j].units <=
				    shares[i].units);
		}
	}
}

static void
splits_that_are_drawn(void **state)
{
	int64_t	weights[20], whole;
	size_t	count, i, round;
	int	bits;

	(void)state;
	for (round = 0; round < 10000; round++) {
		/* Of all sizes: small ones tie, large ones might overflow. */
		whole = (int64_t)(draw() >> (1 + draw() % 63));
		count = 1 + draw() % 20;
		bits = (int)(1 + draw() % 63);
		for (i = 0; i < count; i++)
			weights[i] = (int64_t)(draw() >> bits);
		weights[draw() % count] |= 1;
		check_split(whole, weights, count);
	}
}

static void
parts_round_half_up(void **state)
{
	static const struct {
		int64_t	of, part, whole, result;
	} cases[] = {
		{ 175, 50, 100, 88 },		/* 87.5 */
		{ 175, 49, 100, 86 },		/* 85.75 */
		{ 3, 1, 6, 1 },			/* 0.5 */
		{ 2, 1, 6, 0 },			/* 0.33 */
		{ 1, 1, 3, 0 },
		{ 1, 2, 3, 1 },
		{ 0, 1, 3, 0 },
		{ 7, 0, 3, 0 },
		{ 7, 3, 3, 7 },
		{ INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX },
		{ INT64_MAX, INT64_MAX - 1, INT64_MAX, INT64_MAX - 1 },
		{ INT64_MAX, 1, 2, INT64_MAX / 2 + 1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(tokens_part((struct tokens){ cases[i].of },
		    cases[i].part, cases[i].whole).units, cases[i].result);
}

static void
split_without_weight(void)
{
	struct tokens shares[2];

	tokens_split((struct tokens){ 1 }, (int64_t[]){ 0, 0 }, shares, 2);
}

static void
split_of_a_negative_weight(void)
{
	struct tokens shares[2];

	tokens_split((struct tokens){ 1 }, (int64_t[]){ 2, -1 }, shares, 2);
}

static void
part_of_more_than_the_whole(void)
{
	(void)tokens_part((struct tokens){ 1 }, 3, 2);
}

static void
part_of_nothing(void)
{
	(void)tokens_part((struct tokens){ 1 }, 0, 0);
}

static void
bugs_abort(void **state)
{
	(void)state;
	assert_true(dies(split_without_weight));
	assert_true(dies(split_of_a_negative_weight));
	assert_true(dies(part_of_more_than_the_whole));
	assert_true(dies(part_of_nothing));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_stay_between_zero_and_the_end),
		cmocka_unit_test(order),
		cmocka_unit_test(splits_that_are_known),
		cmocka_unit_test(splits_that_are_drawn),
		cmocka_unit_test(parts_round_half_up),
		cmocka_unit_test(bugs_abort),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
