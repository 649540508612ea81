#ifndef GIVING_DONATION_H
#define GIVING_DONATION_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/donations/nonprofit.h"
#include "lib/giving/site/page.h"
#include "lib/json/shape.h"

/*
 * A donation is money that a donor gives to a nonprofit through a payment
 * provider.  It begins with a link; what the provider then tells of it moves
 * it on:
 *
 *	PENDING -> PROCESSING -> COMPLETED -> REFUNDED
 *	    \            \-> FAILED
 *	     \-> EXPIRED
 *
 * A payment counts whenever it comes: a donation that expired or failed is
 * completed by it all the same.  Once paid, it is rewarded as an action of
 * the type DONATION, whose key is the provider's reference, so that nothing
 * is rewarded twice; what the pool cannot pay is rewarded when it can.
 * REFUNDED is what a dispute took as well, and that may come back.
 *
 * Amounts are in minor units of the donation's currency.
 */
enum donation_status {
	DONATION_PENDING = 1,
	DONATION_PROCESSING,
	DONATION_COMPLETED,
	DONATION_FAILED,
	DONATION_EXPIRED,
	DONATION_REFUNDED,
};

enum donation_frequency {
	DONATION_ONCE = 1, DONATION_WEEKLY, DONATION_MONTHLY, DONATION_YEARLY,
};

/* Numbers of donations.provider. */
enum provider_name {
	PROVIDER_STRIPE = 1,
	PROVIDER_EVERY_ORG,
	PROVIDER_SANDBOX,
};

/* What a page asks for: the body of create-link. */
struct donation_perk {
	int64_t		 id, times;
	const char	*answer;
};

struct donation_wish {
	const char	*nonprofit;		/* slug */
	int64_t		 amount;
	const char	*currency;
	int		 frequency;		/* index of words; -1: once */
	int		 provider;		/* the same; -1: stripe */
	const char	*email, *first_name, *last_name;
	int64_t		 tip_amount;		/* -1: not said */
	int64_t		 tip_percent;		/* -1: not said */
	const char	*referral_code, *external_id;
	int		 visibility;		/* 1: anonymous */
	bool		 subscribe;
	const char	*address, *phone;
	int64_t		 appeal, fundraiser;	/* 0: none */
	const void	*perk;			/* struct donation_perk */
	const char	*success_url, *cancel_url;
	const char	*metadata;
};

struct donation {
	int64_t			 tenant, number;
	const char		*id;		/* partnerDonationId */
	enum donation_status	 status;
	enum provider_name	 provider;
	enum donation_frequency	 frequency;
	struct nonprofit	 nonprofit;
	const char		*currency;
	int64_t			 amount, tip, converted;
	int64_t			 refunded, disputed;
	const char		*email, *first_name, *last_name;
	const char		*external_id, *address, *phone;
	bool			 anonymous, subscribed;
	const char		*referral_code, *metadata;
	int64_t			 appeal, fundraiser;
	int64_t			 perk, perk_times;
	const char		*perk_answer;
	const char		*success_url, *cancel_url;
	const char		*link, *session, *reference, *subscription;
	int64_t			 first, iteration;
	int64_t			 action;	/* 0: no tokens yet */
	struct tokens		 tokens;	/* that it gave */
	struct moment		 created_at, expires_at, paid_at;
	bool			 forgotten;	/* its donor was erased */
};

/* The words of the interface, in the order of the enums less one. */
extern const char *const	donation_status_words[];
extern const char *const	donation_frequency_words[];
extern const char *const	donation_provider_words[];	/* askable */

const char	*donation_provider_word(enum provider_name);

/*
 * What a donation may be: checked against the partner, the nonprofit, the
 * appeal, then written as PENDING.  `played` is who takes the payment: the
 * sandbox plays providers that are not configured.  Refusals:
 * ERR_INVALID_REQUEST with faults, ERR_NONPROFIT_NOT_FOUND,
 * ERR_NONPROFIT_INACTIVE, ERR_APPEAL_NOT_FOUND, ERR_FUNDRAISER_NOT_FOUND,
 * ERR_PERK_NOT_FOUND, ERR_PERK_SOLD_OUT, ERR_NO_EXCHANGE_RATE.
 */
enum err	donation_create(struct work *, const struct donation_wish *,
		    enum provider_name played, struct donation *);

/* So many percent of an amount, rounded half up. */
int64_t		donation_tip(int64_t amount, int64_t percent);

/* The donor can pay now; `session` is the provider's name of it, or NULL. */
void		donation_linked(struct work *, const struct donation *,
		    const char *link, const char *session);

/* Of w->tenant.  ERR_NOT_FOUND. */
enum err	donation_find(struct work *, const char *id,
		    struct donation *);
bool		donation_numbered(struct work *, int64_t number,
		    struct donation *);

/*
 * Whose donation is meant, for those who come without a key of ours.  False
 * if it is nobody's: then nothing is found in any tenant.
 */
struct donation_side {
	int64_t	tenant, ahead_ms;
	bool	live;
};
bool		donation_side(struct work *, const char *id,
		    struct donation_side *);

/* The same by what a provider calls it; also finds the donation. */
bool		donation_by_reference(struct work *, enum provider_name,
		    const char *reference, struct donation_side *,
		    int64_t *number);
bool		donation_by_subscription(struct work *, enum provider_name,
		    const char *subscription, struct donation_side *,
		    int64_t *first);

/* What a provider told of a payment. */
struct donation_payment {
	const char	*reference;	/* its name of the payment */
	const char	*subscription;	/* NULL: paid once */
	int64_t		 amount;	/* without the tip; 0: as was asked */
	const char	*email;		/* of who paid, if we have none */
	const char	*first_name, *last_name;
};

/*
 * It is paid: COMPLETED, counted by its appeal, rewarded, told.  Nothing the
 * second time.  *d is as it is then.
 */
void		donation_confirm(struct work *, struct donation *,
		    const struct donation_payment *);

/*
 * A later payment of a subscription whose first donation is *first: a
 * donation of its own, confirmed; nothing if its reference is known.
 */
void		donation_renew(struct work *, const struct donation *first,
		    const struct donation_payment *, struct donation *);

/* It will be told later whether it is paid.  No way back from the end. */
void		donation_process(struct work *, struct donation *);

/* It was not paid: FAILED or EXPIRED; its perk is free again. */
void		donation_fail(struct work *, struct donation *,
		    enum donation_status);

/*
 * So much of amount and tip was paid back in all: what is new of it is taken
 * from the reward in proportion.  REFUNDED when all of it was.  Nothing if
 * that is known.
 */
void		donation_refund(struct work *, struct donation *,
		    int64_t refunded);

/*
 * So much of it is away because of disputes: more or less than before.  What
 * is new is taken from the reward, what came back is rewarded again, and so
 * for its appeal, perk and status.  Nothing if that is known.
 */
void		donation_dispute(struct work *, struct donation *,
		    int64_t disputed);

/* What refunds and disputes took of amount and tip, together. */
int64_t		donation_taken(const struct donation *);

/*
 * Try again to reward what could not be, of all tenants; some at a time: how
 * many were tried.  Each is due again later, if at all.
 */
size_t		donation_reward_due(struct work *);

/* The same of those whose link ran out: how many expired. */
size_t		donation_expire_due(struct work *);

/* For the operator, newest first. */
struct donation_filter {
	struct page_in	 page;
	int		 status;		/* index of words; -1: all */
	struct moment	 from, to;
};
struct donation_list {
	struct list	 rows;			/* of struct donation */
	const void	*pagination;
};
enum err	donation_list(struct work *, const struct donation_filter *,
		    struct donation_list *);

/* Has the time to pay run out?  Known before donation_expire_due() was. */
bool		donation_ran_out(const struct work *,
		    const struct donation *);

/* The least that can be given, in minor units. */
int64_t		donation_least(const struct currency *);

/* What a page may know of it: nothing of the donor. */
struct donation_seen {
	const char	*id, *status;
	int64_t		 amount;
	const char	*currency;
	struct tokens	 tokens;
	const void	*nonprofit;		/* struct nonprofit */
};
struct donation_seen	donation_see(struct work *, const struct donation *);
extern const struct shape	donation_seen_out;

extern const struct shape	donation_wish_in;	/* donation_wish */

#endif
