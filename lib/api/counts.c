/*
 * counts: numbers in memory that all processes of a site share.
 *
 * Every number is an atomic of its own.  A window holds its minute beside
 * its count in one word, so that whoever is first in a new minute starts it
 * anew in the same step, and nobody ever resets anything.
 */
#include <arpa/inet.h>
#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/api/counts.h"
#include "lib/base/limits.h"
#include "lib/base/shared.h"
#include "lib/giving/site/usage.h"

#define TENANTS		65536	/* beyond these, tenants share windows */
#define ADDRESSES	16384
#define KEYS		65536
#define SLOTS		4096	/* tenants times groups in use in one day */
#define GROUP_SIZE	24

/*
 * From READY on, the state says how many are in the slot just now; it stays
 * what it is while there are any.
 */
enum slot_state { FREE, BEING_MADE, READY };

struct slot {
	_Atomic uint32_t	state;
	int64_t			tenant, day;
	char			group[GROUP_SIZE];
	_Atomic uint32_t	status[6];	/* 2xx at 2 */
	_Atomic uint32_t	limited;
	_Atomic uint32_t	latency[USAGE_BUCKETS];
};

struct counts {
	_Atomic uint64_t	epoch;
	_Atomic int64_t		minute;			/* last written down */
	_Atomic uint64_t	tenants[TENANTS];	/* minute, count */
	_Atomic uint64_t	addresses[ADDRESSES];	/* tag too */
	_Atomic uint64_t	guesses[ADDRESSES];	/* the same again */
	_Atomic uint64_t	keys[KEYS];		/* id, second */
	struct slot		slots[SLOTS];
};

static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "atomics work between processes");

struct counts *
counts_open(const char *database)
{
	char	 path[1024 + 8];

	if (database == NULL)
		return shared_map(NULL, sizeof(struct counts));
	snprintf(path, sizeof(path), "%s.counts", database);

	return shared_map(path, sizeof(struct counts));
}

void
counts_close(struct counts *c)
{
	shared_unmap(c, sizeof(*c));
}

uint64_t
counts_epoch(struct counts *c)
{
	return atomic_load(&c->epoch);
}

void
counts_epoch_move(struct counts *c)
{
	atomic_fetch_add(&c->epoch, 1);
}

/* Windows ------------------------------------------------------------------ */

struct allowance
counts_request(struct counts *c, int64_t tenant, int64_t limit,
    struct moment now)
{
	_Atomic uint64_t	*window = &c->tenants[tenant % TENANTS];
	uint64_t		 minute = (uint64_t)(now.ms / 60000);
	uint64_t		 old = atomic_load(window), next, used;

	do {
		used = old >> 32 == minute ? old & UINT32_MAX : 0;
		if ((int64_t)used >= limit)
			break;
		next = minute << 32 | (used + 1);
	} while (!atomic_compare_exchange_weak(window, &old, next));

	return (struct allowance){ limit,
	    (int64_t)used < limit ? limit - (int64_t)used - 1 : 0,
	    (int64_t)(minute + 1) * 60, (int64_t)used >= limit };
}

/*
 * 20 bits of what the address is, 24 of the window, 20 of the count.  A
 * place that two addresses share belongs to whoever failed last.
 */
uint64_t
counts_address(const char *address)
{
	unsigned char	 bytes[16] = { 0 };
	uint64_t	 h = 0xcbf29ce484222325;

	/* Whoever has one IPv6 address has all 2^64 of its network. */
	if (inet_pton(AF_INET, address, bytes + 12) != 1 &&
	    inet_pton(AF_INET6, address, bytes) == 1)
		memset(bytes + 8, 0, 8);
	for (size_t i = 0; i < sizeof(bytes); i++)
		h = (h ^ bytes[i]) * 0x100000001b3;

	return h ^ h >> 29;
}

#define COUNT	((uint64_t)0xfffff)

/* All of a place but its count, in a window of so many seconds. */
static uint64_t
tag(uint64_t hash, struct moment now, int64_t window_s)
{
	return (hash & COUNT) << 44 |
	    ((uint64_t)(now.ms / 1000 / window_s) & 0xffffff) << 20;
}

static _Atomic uint64_t *
place_of(_Atomic uint64_t places[ADDRESSES], uint64_t hash)
{
	return &places[hash >> 20 & (ADDRESSES - 1)];
}

/* How many are in this window. */
static int64_t
counted(uint64_t have, uint64_t head)
{
	return (have & ~COUNT) == head ? (int64_t)(have & COUNT) : 0;
}

/* One more, up to a million, which is enough: how many there were before. */
static int64_t
add_one(_Atomic uint64_t *place, uint64_t head)
{
	uint64_t	 old = atomic_load(place), next;

	do {
		next = (old & ~COUNT) == head ? old + 1 : head | 1;
		if ((next & COUNT) == 0)
			break;
	} while (!atomic_compare_exchange_weak(place, &old, next));

	return counted(old, head);
}

void
counts_failure(struct counts *c, const char *address, struct moment now)
{
	uint64_t	 hash = counts_address(address);

	(void)add_one(place_of(c->addresses, hash), tag(hash, now, 60));
}

bool
counts_blocked(struct counts *c, const char *address, int64_t limit,
    struct moment now)
{
	uint64_t	 hash = counts_address(address);

	return counted(atomic_load(place_of(c->addresses, hash)),
	    tag(hash, now, 60)) >= limit;
}

bool
counts_guess(struct counts *c, uint64_t what, int64_t limit,
    struct moment now)
{
	return add_one(place_of(c->guesses, what),
	    tag(what, now, LIMIT_GUESSES_S)) >= limit;
}

void
counts_guess_back(struct counts *c, uint64_t what, struct moment now)
{
	_Atomic uint64_t	*place = place_of(c->guesses, what);
	uint64_t		 head = tag(what, now, LIMIT_GUESSES_S);
	uint64_t		 old = atomic_load(place);

	while (counted(old, head) > 0 &&
	    !atomic_compare_exchange_weak(place, &old, old - 1))
		continue;
}

void
counts_key(struct counts *c, int64_t key, struct moment now)
{
	atomic_store(&c->keys[key % KEYS],
	    (uint64_t)key << 32 | (uint64_t)(now.ms / 1000));
}

/* Usage -------------------------------------------------------------------- */

static bool
is_slot(const struct slot *s, int64_t tenant, int64_t day, const char *group)
{
	return s->tenant == tenant && s->day == day &&
	    strncmp(s->group, group, GROUP_SIZE - 1) == 0;
}

static bool
enter(struct slot *s)
{
	uint32_t	 state = atomic_load(&s->state);

	while (state >= READY)
		if (atomic_compare_exchange_weak(&s->state, &state,
		    state + 1))
			return true;

	return false;
}

static void
leave(struct slot *s)
{
	atomic_fetch_sub(&s->state, 1);
}

/* Make this free slot ours and enter, or find that somebody was faster. */
static bool
claim(struct slot *s, int64_t tenant, int64_t day, const char *group)
{
	uint32_t	 expected = FREE;

	if (!atomic_compare_exchange_strong(&s->state, &expected,
	    BEING_MADE))
		return false;
	s->tenant = tenant;
	s->day = day;
	memset(s->group, 0, sizeof(s->group));
	memcpy(s->group, group, strnlen(group, GROUP_SIZE - 1));
	atomic_store(&s->state, READY + 1);

	return true;
}

/* Entered; NULL if there is no room: then this answer goes uncounted. */
static struct slot *
find_slot(struct counts *c, int64_t tenant, int64_t day, const char *group)
{
	size_t	 at = (size_t)(tenant * 31 + day * 7 + group[0] * 131 +
	    group[1] * 17) % SLOTS;

	for (size_t i = 0; i < 64; i++) {
		struct slot	*s = &c->slots[(at + i) % SLOTS];

		if (enter(s)) {
			if (is_slot(s, tenant, day, group))
				return s;
			leave(s);
		}
		if (atomic_load(&s->state) == FREE &&
		    claim(s, tenant, day, group))
			return s;
	}

	return NULL;
}

static size_t
bucket(int64_t took_us)
{
	size_t	 n = 0;

	while (took_us > 1 && n < USAGE_BUCKETS - 1) {
		took_us /= 2;
		n++;
	}

	return n;
}

void
counts_answer(struct counts *c, int64_t tenant, const char *group, int status,
    int64_t took_us, struct moment now)
{
	struct slot	*s = find_slot(c, tenant, now.ms / 86400000, group);

	if (s == NULL)
		return;
	assert(status >= 200 && status < 600);
	atomic_fetch_add(&s->status[status / 100], 1);
	atomic_fetch_add(&s->latency[bucket(took_us)], 1);
	if (status == USAGE_LIMITED)
		atomic_fetch_add(&s->limited, 1);
	leave(s);
}

bool
counts_due(struct counts *c, struct moment now)
{
	int64_t	 minute = now.ms / 60000;
	int64_t	 last = atomic_load(&c->minute);

	return last != minute &&
	    atomic_compare_exchange_strong(&c->minute, &last, minute);
}

/* What is done with the numbers of a slot that was entered. */
struct telling {
	bool	out;		/* they are taken out */
	void	(*usage)(void *, const struct count *);
	void	*with;
};

static void
tell(const struct telling *t, struct count *n, _Atomic uint32_t *number)
{
	n->times = t->out ? atomic_exchange(number, 0) :
	    atomic_load(number);
	if (n->times > 0)
		t->usage(t->with, n);
}

static void
tell_slot(struct slot *s, const struct telling *t)
{
	struct count	 n = { s->tenant, s->day, s->group, 0, 0 };

	for (n.counter = 2; n.counter <= 5; n.counter++)
		tell(t, &n, &s->status[n.counter]);
	n.counter = USAGE_LIMITED;
	tell(t, &n, &s->limited);
	for (int i = 0; i < USAGE_BUCKETS; i++) {
		n.counter = USAGE_LATENCY + i;
		tell(t, &n, &s->latency[i]);
	}
}

/*
 * A slot goes back when it has been taken out, unless somebody is in it: the
 * next answer claims it or another.
 */
static void
take_out(struct slot *s, const struct telling *t)
{
	uint32_t	 alone = READY + 1;
	bool		 ours;

	if (!enter(s))
		return;
	ours = atomic_compare_exchange_strong(&s->state, &alone, BEING_MADE);
	tell_slot(s, t);
	if (ours)
		atomic_store(&s->state, FREE);
	else
		leave(s);
}

void
counts_take(struct counts *c, void (*usage)(void *, const struct count *),
    void (*key)(void *, int64_t, struct moment), void *with)
{
	const struct telling	 t = { true, usage, with };
	uint64_t		 used;

	for (size_t i = 0; i < SLOTS; i++)
		take_out(&c->slots[i], &t);
	for (size_t i = 0; i < KEYS; i++) {
		if (atomic_load(&c->keys[i]) == 0)
			continue;
		used = atomic_exchange(&c->keys[i], 0);
		if (used != 0)
			key(with, (int64_t)(used >> 32), (struct moment){
			    (int64_t)(used & UINT32_MAX) * 1000 });
	}
}

void
counts_look(struct counts *c, int64_t tenant,
    void (*usage)(void *, const struct count *), void *with)
{
	const struct telling	 t = { false, usage, with };

	for (size_t i = 0; i < SLOTS; i++) {
		if (!enter(&c->slots[i]))
			continue;
		if (c->slots[i].tenant == tenant)
			tell_slot(&c->slots[i], &t);
		leave(&c->slots[i]);
	}
}
