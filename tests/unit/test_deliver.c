/*
 * Delivering: how fast, whose turn it is, and what no schedule waits for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/limits.h"
#include "lib/hooks/deliver_pace.h"
#include "lib/hooks/delivering.h"
#include "lib/hooks/turn.h"

#define SECOND	INT64_C(1000000)
#define LOOP_US	700		/* how often somebody asks */
#define MOST	4000

/*
 * When those are sent that may be: somebody asks every LOOP_US, and every so
 * often not for 5 ms.
 */
static size_t
send_all(struct deliver_pace *p, int64_t seconds, int64_t sent[MOST])
{
	int64_t	 from = 5 * SECOND, now;
	size_t	 count = 0;

	for (now = from; now < from + seconds * SECOND; now += LOOP_US) {
		while (count < MOST && deliver_pace_take(p, now)) {
			sent[count++] = now;
			if (p->max == 0 && p->ramp_us == 0)
				return count;
		}
		if (now / LOOP_US % 97 == 0)
			now += 5000;
	}

	return count;
}

/* The most that were sent within one second, wherever it begins. */
static size_t
most_in_a_second(const int64_t *sent, size_t count)
{
	size_t	 most = 0, end = 0;

	for (size_t i = 0; i < count; i++) {
		while (end < count && sent[end] < sent[i] + SECOND)
			end++;
		most = end - i > most ? end - i : most;
	}

	return most;
}

static void
no_second_has_more_than_its_most(void **state)
{
	static const int64_t rates[] = { 1, 2, 7, 10, 49, 50, 51, 99, 100,
		333, 500, 900 };
	static int64_t	 sent[MOST];

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct deliver_pace	 p = { .max = rates[i] };
		size_t			 count = send_all(&p, 4, sent);

		assert_true(most_in_a_second(sent, count) <=
		    (size_t)rates[i]);
		/* And it is made use of. */
		assert_true(count * 10 >= (size_t)rates[i] * 4 * 8);
	}
}

static void
a_pace_of_zeros_is_free(void **state)
{
	struct deliver_pace	 p = { 0 };

	(void)state;
	for (int i = 0; i < 100000; i++)
		assert_true(deliver_pace_take(&p, SECOND));
}

static void
catching_up_doubles_each_second(void **state)
{
	static int64_t		 sent[MOST];
	struct deliver_pace	 p = { 0 };
	size_t			 count, in[3] = { 0 };

	(void)state;
	deliver_pace_ramp(&p, 5 * SECOND);
	count = send_all(&p, 3, sent);
	for (size_t i = 0; i < count; i++)
		in[(sent[i] - 5 * SECOND) / SECOND]++;
	assert_in_range(in[0], PACE_FIRST - 1, PACE_FIRST);
	assert_in_range(in[1], 2 * PACE_FIRST - 2, 2 * PACE_FIRST);
	assert_in_range(in[2], 4 * PACE_FIRST - 3, 4 * PACE_FIRST);
	/* Until it needs no spreading out any more. */
	assert_true(deliver_pace_take(&p, 30 * SECOND));
	assert_int_equal(p.ramp_us, 0);
}

static void
a_failure_begins_it_anew(void **state)
{
	static int64_t		 sent[MOST];
	struct deliver_pace	 p = { 0 };

	(void)state;
	deliver_pace_ramp(&p, SECOND);
	deliver_pace_failed(&p, 5 * SECOND);
	assert_in_range(send_all(&p, 1, sent), PACE_FIRST - 1, PACE_FIRST);
	p = (struct deliver_pace){ 0 };
	deliver_pace_failed(&p, 5 * SECOND);
	assert_int_equal(p.ramp_us, 0);
}

static void
catching_up_keeps_to_the_most(void **state)
{
	static int64_t		 sent[MOST];
	struct deliver_pace	 p = { .max = 5 };

	(void)state;
	deliver_pace_ramp(&p, 5 * SECOND);
	assert_in_range(send_all(&p, 3, sent), 14, 15);
}

static void
what_no_schedule_waits_for(void **state)
{
	static const int64_t	 minute = 60000, hour = 3600000;

	(void)state;
	/* A first attempt is due at once, or leased. */
	assert_false(deliver_is_stray(DIALECT_SIR, 0, LIMIT_LEASE_MS));
	assert_true(deliver_is_stray(DIALECT_SIR, 0, LIMIT_LEASE_MS + 1));
	/* The second one after 10 s, twice that, or a lease. */
	assert_false(deliver_is_stray(DIALECT_SIR, 1, LIMIT_LEASE_MS));
	assert_true(deliver_is_stray(DIALECT_SIR, 1, LIMIT_LEASE_MS + 1));
	assert_false(deliver_is_stray(DIALECT_SIR, 4, 60 * minute));
	assert_true(deliver_is_stray(DIALECT_SIR, 4, 60 * minute + 1));
	assert_false(deliver_is_stray(DIALECT_SIR, 10, 48 * hour));
	assert_true(deliver_is_stray(DIALECT_SIR, 10, 48 * hour + 1));
	/* After the last it is asked for by hand, and due at once. */
	assert_true(deliver_is_stray(DIALECT_SIR, 11, LIMIT_LEASE_MS + 1));
	assert_false(deliver_is_stray(DIALECT_SIR, 0, -hour));
}

static void
a_turn_is_one_run_s(void **state)
{
	char		 folder[] = "/tmp/almoner-turn-XXXXXX", path[128];
	char		 file[160];
	struct turn	*one, *two;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/books", folder);
	snprintf(file, sizeof(file), "%s.deliver", path);
	one = turn_open(path, "deliver");
	two = turn_open(path, "deliver");
	assert_non_null(one);
	assert_non_null(two);
	assert_true(turn_take(one));
	assert_false(turn_take(two));
	assert_false(turn_take_soon(two));

	/* Word is for all that have not heard it. */
	assert_false(turn_told(one));
	turn_tell(two);
	turn_tell(two);
	assert_true(turn_told(one));
	assert_false(turn_told(one));
	assert_int_equal(turn_last(two).ms, 0);
	turn_ended(one, (struct moment){ 1746876000000 });
	assert_true(turn_last(two).ms == 1746876000000);

	turn_drop(one);
	assert_true(turn_take(two));
	assert_false(turn_take(one));
	/* It ends with who holds it, however that ends. */
	turn_close(two);
	assert_true(turn_take(one));
	turn_close(one);
	assert_null(turn_open("/nowhere/at/all/books", "deliver"));
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_second_has_more_than_its_most),
		cmocka_unit_test(a_pace_of_zeros_is_free),
		cmocka_unit_test(catching_up_doubles_each_second),
		cmocka_unit_test(a_failure_begins_it_anew),
		cmocka_unit_test(catching_up_keeps_to_the_most),
		cmocka_unit_test(what_no_schedule_waits_for),
		cmocka_unit_test(a_turn_is_one_run_s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
