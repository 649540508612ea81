#ifndef API_COUNTS_H
#define API_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/clock.h"

struct counts;

/*
 * What all processes of a site count together, in memory that they share:
 * requests against their limit, failed signatures by address, usage for the
 * dashboards, when a key was last used.  Counting takes no lock, makes no
 * durable write and costs well under a microsecond.
 */
/* Of the site whose database is named, or of this process alone (NULL).
 * NULL, with errno, if that cannot be. */
struct counts	*counts_open(const char *database);
void		 counts_close(struct counts *);

/*
 * A number that moves whenever a key, a partner or a sandbox was changed, so
 * that what a process remembers of keys is thrown away everywhere.
 */
uint64_t	 counts_epoch(struct counts *);
void		 counts_epoch_move(struct counts *);

/* How a request stands against its limit. */
struct allowance {
	int64_t	limit, remaining;
	int64_t	reset;		/* unix second at which it is full again */
	bool	over;		/* this request is one too many */
};

/* Count one request of a tenant, which may make `limit` in each minute. */
struct allowance counts_request(struct counts *, int64_t tenant,
		    int64_t limit, struct moment now);

/* Count one failed signature from an address (IPv6: from its /64). */
void		 counts_failure(struct counts *, const char *address,
		    struct moment now);

/* Has this address failed `limit` times within this minute? */
bool		 counts_blocked(struct counts *, const char *address,
		    int64_t limit, struct moment now);

/*
 * Count one guess of a password, of which `limit` may be made in
 * LIMIT_GUESSES_S: true if it is one too many.  `what` is a hash of what is
 * guessed at, which strangers cannot foresee, or of where the guess comes
 * from: an address.  One that turned out to be right is taken back.
 */
bool		 counts_guess(struct counts *, uint64_t what, int64_t limit,
		    struct moment now);
void		 counts_guess_back(struct counts *, uint64_t what,
		    struct moment now);
uint64_t	 counts_address(const char *address);

/* Note when a key was used. */
void		 counts_key(struct counts *, int64_t key, struct moment now);

/* Note one answer: its status and how long it took. */
void		 counts_answer(struct counts *, int64_t tenant,
		    const char *group, int status, int64_t took_us,
		    struct moment now);

/* Is it this caller's turn to write the counts down?  Once a minute. */
bool		 counts_due(struct counts *, struct moment now);

/*
 * Take out what was counted, for lib/giving/site/usage.h to keep: `usage` is
 * called for each number above zero, `key` for each key used since.
 */
struct count {
	int64_t		 tenant, day;	/* days since 1970 */
	const char	*group;
	int		 counter;	/* see lib/giving/site/usage.h */
	int64_t		 times;
};
void		 counts_take(struct counts *,
		    void (*usage)(void *, const struct count *),
		    void (*key)(void *, int64_t id, struct moment), void *);

/*
 * Look at what of a tenant's usage was counted and not taken out.  What is
 * taken out at this moment may be seen neither here nor in the database.
 */
void		 counts_look(struct counts *, int64_t tenant,
		    void (*usage)(void *, const struct count *), void *);

#endif
