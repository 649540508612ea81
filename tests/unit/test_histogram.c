/*
 * Histograms: which class, and percentiles against a sorted list.
 */
#define _XOPEN_SOURCE 700		/* random() */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/base/histogram.h"
#include "lib/hooks/health.h"

static const int64_t	edges[] = { 0, 1, 2, 4, 8 };

#define CLASSES	(sizeof(edges) / sizeof(edges[0]))

static void
test_class(void **state)
{
	(void)state;
	assert_int_equal(histogram_class(edges, CLASSES, -5), 0);
	assert_int_equal(histogram_class(edges, CLASSES, 0), 0);
	assert_int_equal(histogram_class(edges, CLASSES, 1), 1);
	assert_int_equal(histogram_class(edges, CLASSES, 3), 2);
	assert_int_equal(histogram_class(edges, CLASSES, 4), 3);
	assert_int_equal(histogram_class(edges, CLASSES, 7), 3);
	assert_int_equal(histogram_class(edges, CLASSES, 8), 4);
	assert_int_equal(histogram_class(edges, CLASSES, INT64_MAX), 4);
}

static int64_t
at(const int64_t *counts, int64_t percent)
{
	return histogram_at(&(struct histogram){ edges, counts, CLASSES },
	    percent);
}

static void
test_percentiles(void **state)
{
	(void)state;
	/* None; one; all in the class without an end; half and half. */
	assert_int_equal(at((int64_t[]){ 0, 0, 0, 0, 0 }, 50), -1);
	assert_int_equal(at((int64_t[]){ 0, 0, 0, 1, 0 }, 1), 8);
	assert_int_equal(at((int64_t[]){ 0, 0, 0, 1, 0 }, 100), 8);
	assert_int_equal(at((int64_t[]){ 0, 0, 0, 0, 9 }, 50), 8);
	assert_int_equal(at((int64_t[]){ 50, 0, 0, 50, 0 }, 50), 1);
	assert_int_equal(at((int64_t[]){ 50, 0, 0, 50, 0 }, 51), 4);
	assert_int_equal(at((int64_t[]){ 0, 0, 0, 100, 0 }, 50), 6);
	/* More than a product of two of them could hold. */
	assert_int_equal(at((int64_t[]){ 0, 0, 0, INT64_MAX / 2, 0 }, 50),
	    6);
}

static int
by_size(const void *a, const void *b)
{
	const int64_t	*x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* A percentile is never further off than its class is wide. */
static void
test_against_a_list(void **state)
{
	int64_t	 all[1000], counts[HEALTH_CLASSES], exact, said;
	size_t	 class;

	(void)state;
	srandom(20250510);
	for (int round = 0; round < 200; round++) {
		for (size_t i = 0; i < HEALTH_CLASSES; i++)
			counts[i] = 0;
		for (size_t i = 0; i < 1000; i++) {
			all[i] = random() % (1 << (1 + round % 13));
			counts[histogram_class(health_edges, HEALTH_CLASSES,
			    all[i])]++;
		}
		qsort(all, 1000, sizeof(all[0]), by_size);
		for (int64_t percent = 1; percent <= 100; percent++) {
			exact = all[percent * 10 - 1];
			said = histogram_at(&(struct histogram){
			    health_edges, counts, HEALTH_CLASSES }, percent);
			class = histogram_class(health_edges,
			    HEALTH_CLASSES, exact);
			assert_in_range(said, health_edges[class],
			    health_edges[class + 1]);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_class),
		cmocka_unit_test(test_percentiles),
		cmocka_unit_test(test_against_a_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
