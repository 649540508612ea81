/*
 * A hundred thousand bodies, each a good one with a few bytes changed by a
 * fixed seed: nothing is read outside of a body, and what strict_check()
 * lets pass json-c reads.
 */
#include "tests/unit/json_read.h"

#include "lib/base/buf.h"
#include "lib/json/strict.h"

#define ROUNDS 100000

static const struct shape shape = SHAPE("M", struct one,
	{ "text",    TEXT(struct one, text),       NULLS, 1, 20 },
	{ "count",   INT(struct one, count),       0, INT64_MIN },
	{ "yes",     BOOL(struct one, yes) },
	{ "amount",  DECIMAL(struct one, amount),  0, -1 },
	{ "at",      MOMENT(struct one, at) },
	{ "word",    WORD(struct one, word),       0, .words = words },
	{ "raw",     RAW(struct one, raw),         0, 0, 9 },
	{ "people",  LIST(struct one, people),     0, 0, 5,
	    .each = &person_in },
	{ "tags",    LIST(struct one, tags) },
	{ "address", OBJECT(struct one, address),  0, .each = &person_in });

static const char	 body[] =
    "{\"text\":\"caf\xC3\xA9 \xF0\x9F\x98\x80 \\uD83D\\uDE00\\n\","
    "\"count\":-9223372036854775808,\"yes\":true,\"amount\":49.9900,"
    "\"at\":\"2026-05-10T09:12:00Z\",\"word\":\"GREEN\","
    "\"raw\":{\"k\\u0065y\":[1,2.5e-3,null,{\"a\":[[]]}]},"
    "\"people\":[{\"userEmail\":\"a@b\",\"age\":5},"
    "{\"userEmail\":\"c@d\",\"x/y\":0}],\"tags\":[\"a\",\"b\"],"
    "\"address\":{\"userEmail\":\"e@f\",\"role\":\"RED\"}}";

static uint64_t		 seed = 20260510;

/* xorshift64*: the same numbers everywhere. */
static size_t
pick(size_t below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;

	return (size_t)((seed * 0x2545F4914F6CDD1D) >> 33) % below;
}

/* Change one thing; the text has room for a few bytes more. */
static size_t
mutate(char *text, size_t size)
{
	static const char	 apt[] = "{}[]\",:\\/'u0019.eE+-tfn \t\n\0\x1F"
				    "\x7F\x80\xBF\xC0\xED\xA0\xF4\xFF";
	size_t			 at = pick(size), from = pick(size), n;

	switch (pick(5)) {
	case 0:
		text[at] = (char)pick(256);
		return size;
	case 1:
		text[at] = apt[pick(sizeof(apt) - 1)];
		return size;
	case 2:
		memmove(text + at + 1, text + at, size - at);
		text[at] = apt[pick(sizeof(apt) - 1)];
		return size + 1;
	case 3:
		memmove(text + at, text + at + 1, size - at - 1);
		return size - 1;
	default:
		n = 1 + pick(12);
		if (at + n <= size && from + n <= size)
			memmove(text + at, text + from, n);
		return size;
	}
}

static void
check(const char *text, size_t size, size_t *counts)
{
	struct source	 src = { .body = text, .body_size = size };
	bool		 strict;

	faults_init(&faults, arena);
	strict = strict_check(text, size, &faults);
	assert_int_equal(faults.count, !strict);
	faults_init(&faults, arena);
	switch (shape_read(&shape, &src, arena, &one, &faults, &ignored)) {
	case SHAPE_GOOD:
		assert_true(strict);
		assert_int_equal(faults.count, 0);
		(void)shape_digest(&shape, &one);
		counts[0]++;
		break;
	case SHAPE_FAULTS:
		assert_true(strict);
		assert_true(faults.count > 0);
		counts[1]++;
		break;
	case SHAPE_MALFORMED:
		assert_false(strict);
		assert_int_equal(faults.count, 1);
		counts[2]++;
		break;
	}
}

static void
test_mutations(void **state)
{
	const size_t	 all = sizeof(body) - 1;
	size_t		 counts[3] = { 0 };

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		char	 text[sizeof(body) + 8], *exact;
		size_t	 size = all, times = pick(4);

		memcpy(text, body, all);
		for (size_t t = 0; t < times; t++)
			size = mutate(text, size);
		/* Of exactly its size, so that a read behind it shows. */
		exact = malloc(size);
		memcpy(exact, text, size);
		check(exact, size, counts);
		free(exact);
		arena_reset(arena);
	}
	/* The seed reaches each of the three ends often enough to tell. */
	for (size_t i = 0; i < 3; i++)
		assert_true(counts[i] > ROUNDS / 50);
}

/* Each beginning of a body ends too early. */
static void
test_cut(void **state)
{
	size_t	 counts[3] = { 0 };

	(void)state;
	for (size_t size = 1; size < sizeof(body) - 1; size++) {
		char	*exact = malloc(size);

		memcpy(exact, body, size);
		check(exact, size, counts);
		free(exact);
	}
	assert_int_equal(counts[2], sizeof(body) - 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mutations),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
