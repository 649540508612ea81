#ifndef TESTS_JSON_READ_H
#define TESTS_JSON_READ_H

/*
 * What the tests of shape_read() share: a struct with a member of each kind,
 * and ways to say that a body is good or has exactly this fault.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/faults.h"
#include "lib/base/limits.h"
#include "lib/json/shape.h"
#include "tests/unit/arena.h"

struct one {
	const char	*text, *id, *raw;
	int64_t		 count, any, page;
	bool		 yes, flag;
	enum maybe	 maybe;
	struct tokens	 tokens;
	struct decimal	 amount, delta, rate, from;
	struct moment	 at, since;
	int		 word, sort;
	struct list	 people, tags;
	const void	*address;
};

struct person {
	const char	*email;
	int64_t		 age;
	int		 role;
};

static inline bool
fits_id(const char *text)
{
	return strspn(text, "0123456789abcdef") == strlen(text);
}

static const struct form	 id_form = { "hex digits", "^[0-9a-f]*$",
				    fits_id };
static const char *const	 words[] = { "RED", "GREEN", "BLUE", NULL };

static const struct shape person_in = SHAPE("Person", struct person,
	{ "userEmail", TEXT(struct person, email), NEED, 3, 10 },
	{ "age",       INT(struct person, age),    0, 0, 150, .preset = 18 },
	{ "role",      WORD(struct person, role),  0, .words = words });

static struct faults	 faults;
static struct ignored	 ignored;
static struct one	 one;

static inline enum shape_read
read_source(const struct shape *shape, const struct source *src)
{
	faults_init(&faults, arena);

	return shape_read(shape, src, arena, &one, &faults, &ignored);
}

static inline enum shape_read
read_body(const struct shape *shape, const char *body)
{
	struct source	 src = { .body = body,
				 .body_size = body != NULL ? strlen(body) : 0 };

	return read_source(shape, &src);
}

static inline void
good(const struct shape *shape, const char *body)
{
	if (read_body(shape, body) != SHAPE_GOOD)
		fail_msg("%s: %s %s", body, faults.first->pointer,
		    faults.first->detail);
	assert_int_equal(faults.count, 0);
}

static inline void
check_fault(const struct fault *fault, const char *pointer, const char *detail)
{
	assert_non_null(fault);
	assert_string_equal(fault->pointer, pointer);
	assert_string_equal(fault->detail, detail);
}

/* One fault, and this one. */
static inline void
bad(const struct shape *shape, const char *body, const char *pointer,
    const char *detail)
{
	assert_int_equal(read_body(shape, body), SHAPE_FAULTS);
	assert_int_equal(faults.count, 1);
	check_fault(faults.first, pointer, detail);
}

static inline void
check_decimal(struct decimal d, int64_t digits, int scale)
{
	assert_true(d.said);
	assert_true(d.digits == digits);
	assert_int_equal(d.scale, scale);
}

#endif
