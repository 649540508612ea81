#ifndef TESTS_ARENA_H
#define TESTS_ARENA_H

/*
 * One arena for all tests of a program: it is made and freed by the setup and
 * the teardown of their group.
 */
#include "lib/base/arena.h"

static struct arena	*arena;

static inline int
setup(void **state)
{
	(void)state;
	arena = arena_new();

	return 0;
}

static inline int
teardown(void **state)
{
	(void)state;
	arena_free(arena);

	return 0;
}

#endif
