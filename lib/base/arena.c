/*
 * Arenas: memory that is given out by moving a mark along a block, and taken
 * back all at once.  The first block is kept over a reset, so that a request
 * of ordinary size never calls malloc().  In a build with AddressSanitizer
 * everything past the mark is poisoned: a pointer that outlives its request,
 * or runs past the newest piece, stops the test that did it.
 */
#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/log.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define POISONED
#endif

#ifdef POISONED
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

/* Most requests stay far below it, and 64 threads of it are 4 MiB. */
#define BLOCK_SIZE ((size_t)64 * 1024)

struct block {
	struct block		*older;
	size_t			 size, used;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct block	*newest;	/* the others are full, or nearly */
};

static _Noreturn void
out_of_memory(void)
{
	log_line(LOG_ERROR, "out of memory");
	abort();
}

static struct block *
new_block(size_t size, struct block *older)
{
	struct block *block;

	if (size < BLOCK_SIZE)
		size = BLOCK_SIZE;
	if (size > SIZE_MAX - sizeof(*block))
		out_of_memory();
	block = malloc(sizeof(*block) + size);
	if (block == NULL)
		out_of_memory();
	block->older = older;
	block->size = size;
	block->used = 0;
	ASAN_POISON_MEMORY_REGION(block->bytes, size);

	return block;
}

/* Bytes as they lie there: for those who write over all of them at once. */
static void *
take(struct arena *arena, size_t size)
{
	struct block	*block = arena->newest;
	void		*at;
	size_t		 whole;

	if (size > SIZE_MAX - alignof(max_align_t))
		out_of_memory();
	whole = (size + alignof(max_align_t) - 1) &
	    ~(alignof(max_align_t) - 1);
	if (whole > block->size - block->used) {
		block = new_block(whole, block);
		arena->newest = block;
	}
	at = block->bytes + block->used;
	block->used += whole;
	ASAN_UNPOISON_MEMORY_REGION(at, size);

	return at;
}

struct arena *
arena_new(void)
{
	struct arena *arena;

	arena = malloc(sizeof(*arena));
	if (arena == NULL)
		out_of_memory();
	arena->newest = new_block(BLOCK_SIZE, NULL);

	return arena;
}

void
arena_reset(struct arena *arena)
{
	struct block *block = arena->newest;
	struct block *older;

	while ((older = block->older) != NULL) {
		free(block);
		block = older;
	}
	block->used = 0;
	ASAN_POISON_MEMORY_REGION(block->bytes, block->size);
	arena->newest = block;
}

void
arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	arena_reset(arena);
	free(arena->newest);
	free(arena);
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	return memset(take(arena, size), 0, size);
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		out_of_memory();

	return arena_alloc(arena, count * size);
}

char *
arena_text(struct arena *arena, const char *text)
{
	return text == NULL ? NULL : arena_copy(arena, text, strlen(text));
}

char *
arena_copy(struct arena *arena, const void *from, size_t size)
{
	char *copy;

	if (size == SIZE_MAX)
		out_of_memory();
	copy = take(arena, size + 1);
	/* An empty piece may come without an address. */
	if (size > 0)
		memcpy(copy, from, size);
	copy[size] = '\0';

	return copy;
}

char *
arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	char	 text[256];
	char	*whole;
	va_list	 again;
	int	 size;

	va_copy(again, args);
	size = vsnprintf(text, sizeof(text), format, args);
	assert(size >= 0);
	if ((size_t)size < sizeof(text)) {
		whole = arena_copy(arena, text, (size_t)size);
	} else {
		whole = take(arena, (size_t)size + 1);
		(void)vsnprintf(whole, (size_t)size + 1, format, again);
	}
	va_end(again);

	return whole;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
	va_list	 args;
	char	*text;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);

	return text;
}
