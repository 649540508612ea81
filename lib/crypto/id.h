#ifndef CRYPTO_ID_H
#define CRYPTO_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/clock.h"

struct arena;

/*
 * Public ids.  Inside, a row is a small integer of its tenant; outside it is
 * 24 hex digits: eight of the unix second in which it was made, so that ids
 * sort by time, and sixteen of (tenant, number) under a keyed permutation of
 * 64 bits, so that nobody can guess a neighbour or count our customers.  So
 * an id costs no column and no index, and looking one up is a seek.
 *
 * The permutation is a four-round Feistel network over AES-128 (Luby and
 * Rackoff 1988; the shape of NIST SP 800-38G), tweaked by the kind of thing
 * and the second, so that an action's id is no user's, and a change of any
 * digit makes another tenant and number.  Its key is in the database, since
 * it protects no secret and must stay the same for ever.
 */
#define ID_KEY_SIZE	16
#define ID_SIZE		25	/* 24 digits and a NUL */

enum id_kind {
	ID_ACTION = 1, ID_TRANSACTION, ID_REVERSAL, ID_USER, ID_POOL,
	ID_PARTNER, ID_KEY, ID_EVENT, ID_REDEMPTION, ID_POOL_REQUEST,
	ID_CAMPAIGN, ID_WEBHOOK, ID_DELIVERY, ID_DONATION, ID_EXCHANGE,
	ID_NONPROFIT, ID_MEMBER, ID_SESSION,
};

struct id {
	int64_t		tenant;		/* below LIMIT_TENANTS; 0: the site */
	int64_t		number;		/* 1 .. 2^40 - 1 */
	struct moment	made;		/* only its second goes in and out */
};

/*
 * The site's id key, for this process; before it, the others assert.  Set
 * before there are threads.
 */
void		 id_key(const unsigned char key[ID_KEY_SIZE]);

const char	*id_text(struct arena *, enum id_kind, struct id);

/*
 * False unless `text` is 24 lower-case hex digits that id_text() could have
 * made.  The caller still compares tenant and second with the row's.
 */
bool		 id_read(enum id_kind, const char *text, struct id *);

#endif
