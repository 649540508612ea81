#ifndef GIVING_POINTS_EVENT_H
#define GIVING_POINTS_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/json/shape.h"

/*
 * Points of ours that another platform gave to somebody, or takes back, told
 * by the same webhook that our format "qiibee" sends.  Of what is told, the
 * fields that the books take are read.
 */
struct points_event {
	int64_t		 amount;	/* whole points: as many tokens */
	const char	*member;	/* auth_id: our user, as in addresses */
	const char	*token_symbol;
	int		 way;		/* 0 credit, 1 debit */
	const char	*hash;		/* of the transaction over there … */
	const char	*hash_reverted;	/* … of the one it undoes, or NULL */
};
extern const struct shape	points_event_in;

/*
 * Does `Authorization: Basic …` (RFC 7617) hold this "user:password"?  In a
 * time that tells nothing of it.  `with` is a struct points_proof.
 */
struct points_proof {
	const char	*header;
	struct arena	*arena;
};
bool		points_event_fits(const char *secret, const void *with);

/*
 * Credit the member from the default pool, what they owe first; or take a
 * credit back, and what of it is spent is owed.  Each hash counts once, and
 * OK is also what was known before.  What is taken back before it was told
 * of is remembered: when it is told, nothing is given for it.
 *
 * ERR_PROGRAMME_NOT_FOUND if the token is none of ours; ERR_USER_NOT_FOUND;
 * ERR_POOL_NOT_FOUND; ERR_INSUFFICIENT_POOL; ERR_INVALID_REQUEST with a
 * fault where fields contradict each other, or the amount is another than
 * what is taken back.
 */
enum err	points_event_act(struct work *, const struct points_event *);

#endif
