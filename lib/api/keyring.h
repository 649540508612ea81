#ifndef API_KEYRING_H
#define API_KEYRING_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/giving/partners/key.h"

struct keyring;

/*
 * Keys that this process has looked up before, each for at most a second,
 * and only while no key, partner or sandbox was changed since: every change
 * moves the epoch that all processes share (counts_epoch()), so a revoked
 * key is refused at once.  A place is wiped when it is emptied.
 */
struct keyring	*keyring_new(void);
void		 keyring_free(struct keyring *);

/* A copy into the arena of what is known of this key; false: look it up. */
bool		 keyring_find(struct keyring *, struct arena *,
		    const char *presented, uint64_t epoch, struct key *);

/* Remember it; `epoch` is what it was before it was looked up. */
void		 keyring_keep(struct keyring *, const char *presented,
		    uint64_t epoch, const struct key *);

#endif
