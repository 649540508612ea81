#ifndef GIVING_DISPUTE_H
#define GIVING_DISPUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/work.h"
#include "lib/giving/donations/donation.h"

/*
 * A donor's bank may take a payment back and ask questions afterwards: a
 * dispute, or chargeback.  What a provider tells of it is kept by the name of
 * the payment, whether we know that yet or not; a donation follows what is
 * kept, so it does not matter what is told first, or how often.
 */
enum dispute_stage {		/* numbers of disputes.stage */
	DISPUTE_OPEN,		/* nothing was taken; or we do not know */
	DISPUTE_TAKEN,		/* the money is away */
	DISPUTE_BACK,		/* it was given back */
};

struct dispute {
	const char		*name;		/* the provider's */
	const char		*payment;	/* by either of its names */
	int64_t			 amount;	/* in minor units, ours */
	const char		*currency;	/* ISO 4217 */
	const char		*status;	/* the provider's word */
	enum dispute_stage	 stage;
	int64_t			 told_at;	/* the provider's clock */
	bool			 live;		/* in which mode of it */
};

/*
 * Keep it.  What is older than what is kept changes nothing; of two things
 * of one second, that it was given back is the later one.
 */
void	dispute_note(struct work *, enum provider_name,
	    const struct dispute *);

/* A payment has another name: what is kept under it is of that reference. */
void	dispute_named(struct work *, enum provider_name, const char *name,
	    const char *reference);

/* Make the donation follow what is kept; its provider must know it by now. */
void	dispute_apply(struct work *, struct donation *);

/* The latest one of a donation, for the operator; false if there is none. */
bool	dispute_latest(struct work *, const struct donation *,
	    struct dispute *);

#endif
