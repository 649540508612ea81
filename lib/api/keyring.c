/*
 * keyring: looking a key up costs more than all the rest of auth together.
 *
 * A table of places; a key has one place, and whoever comes later takes it.
 * The texts of a key lie in one block behind it, so that a place is freed
 * and filled in one step under the lock.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/api/keyring.h"
#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/crypto/hmac.h"

#define PLACES		256
#define GOOD_FOR_US	1000000
#define PRESENTED	80	/* "sk_test_" and 64 digits, and to spare */

/* Every text of struct key, so that none is forgotten. */
static const size_t texts[] = {
	offsetof(struct key, id), offsetof(struct key, name),
	offsetof(struct key, publishable), offsetof(struct key, scopes),
	offsetof(struct key, origins), offsetof(struct key, networks),
	offsetof(struct key, hmac_secret),
};

#define TEXTS (sizeof(texts) / sizeof(texts[0]))

struct place {
	char		 presented[PRESENTED];
	size_t		 size;		/* of what was presented */
	uint64_t	 epoch;
	int64_t		 since_us;
	struct key	 key;
	char		*block;		/* its texts; NULL: an empty place */
};

struct keyring {
	pthread_mutex_t	 lock;
	struct place	 places[PLACES];
};

struct keyring *
keyring_new(void)
{
	struct keyring	*r = calloc(1, sizeof(*r));

	if (r == NULL || pthread_mutex_init(&r->lock, NULL) != 0)
		abort();

	return r;
}

/* Signing secrets do not stay behind in freed memory. */
static void
empty(struct place *p)
{
	if (p->block != NULL && p->key.hmac_secret != NULL) {
		volatile char	*s = p->block;
		size_t		 n = strlen(p->key.hmac_secret);

		s += p->key.hmac_secret - p->block;
		while (n-- > 0)
			*s++ = '\0';
	}
	free(p->block);
	*p = (struct place){ 0 };
}

void
keyring_free(struct keyring *r)
{
	for (size_t i = 0; i < PLACES; i++)
		empty(&r->places[i]);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

static const char **
text(struct key *k, size_t i)
{
	return (const char **)(void *)((char *)k + texts[i]);
}

/* Any place will do, as long as it is always the same (FNV-1a). */
static struct place *
place_of(struct keyring *r, const char *presented, size_t size)
{
	uint32_t	 h = 0x811c9dc5;

	for (size_t i = size < 24 ? 0 : size - 16; i < size; i++)
		h = (h ^ (unsigned char)presented[i]) * 0x01000193;

	return &r->places[(h ^ h >> 16) % PLACES];
}

bool
keyring_find(struct keyring *r, struct arena *arena, const char *presented,
    uint64_t epoch, struct key *k)
{
	size_t		 size = strlen(presented);
	struct place	*p = place_of(r, presented, size);
	bool		 good;

	pthread_mutex_lock(&r->lock);
	good = p->block != NULL && p->epoch == epoch &&
	    clock_ticks_us() - p->since_us < GOOD_FOR_US &&
	    p->size == size && hmac_equal(p->presented, presented, size);
	if (good) {
		*k = p->key;
		for (size_t i = 0; i < TEXTS; i++)
			*text(k, i) = arena_text(arena, *text(k, i));
	}
	pthread_mutex_unlock(&r->lock);

	return good;
}

static char *
pack(const struct key *from, struct key *to)
{
	size_t		 size = 1;
	struct key	 k = *from;
	char		*block, *at;

	for (size_t i = 0; i < TEXTS; i++)
		size += *text(&k, i) != NULL ? strlen(*text(&k, i)) + 1 : 0;
	block = at = malloc(size);
	if (block == NULL)
		abort();
	for (size_t i = 0; i < TEXTS; i++) {
		if (*text(&k, i) == NULL)
			continue;
		size = strlen(*text(&k, i)) + 1;
		*text(&k, i) = memcpy(at, *text(&k, i), size);
		at += size;
	}
	*to = k;

	return block;
}

void
keyring_keep(struct keyring *r, const char *presented, uint64_t epoch,
    const struct key *k)
{
	struct place	 fresh = { .epoch = epoch,
	    .size = strlen(presented) };
	struct place	*p = place_of(r, presented, fresh.size);

	if (fresh.size > sizeof(fresh.presented))
		return;
	memcpy(fresh.presented, presented, fresh.size);
	fresh.since_us = clock_ticks_us();
	fresh.block = pack(k, &fresh.key);
	pthread_mutex_lock(&r->lock);
	empty(p);
	*p = fresh;
	pthread_mutex_unlock(&r->lock);
}
