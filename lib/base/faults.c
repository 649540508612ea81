/*
 * The faults of one request: a list in its arena, cut off at LIMIT_FAULTS so
 * that a body of nothing but mistakes cannot make an answer without end.
 */
#include <stdarg.h>
#include <stdio.h>

#include "lib/base/arena.h"
#include "lib/base/faults.h"
#include "lib/base/limits.h"

void
faults_init(struct faults *faults, struct arena *arena)
{
	faults->arena = arena;
	faults->first = NULL;
	faults->end = &faults->first;
	faults->count = 0;
}

void
faults_add(struct faults *faults, const char *pointer, const char *format, ...)
{
	struct fault	*fault;
	va_list		 args;

	if (faults->count == LIMIT_FAULTS)
		return;

	fault = arena_alloc(faults->arena, sizeof(*fault));
	fault->pointer = arena_text(faults->arena, pointer);
	va_start(args, format);
	fault->detail = arena_vprintf(faults->arena, format, args);
	va_end(args);

	*faults->end = fault;
	faults->end = &fault->next;
	faults->count++;
}

void
faults_under(struct faults *faults, const char *prefix)
{
	for (struct fault *f = faults->first; f != NULL; f = f->next)
		f->pointer = arena_printf(faults->arena, "%s%s", prefix,
		    f->pointer);
}

void
faults_join(struct faults *faults, const struct faults *more)
{
	for (const struct fault *f = more->first; f != NULL; f = f->next)
		faults_add(faults, f->pointer, "%s", f->detail);
}
