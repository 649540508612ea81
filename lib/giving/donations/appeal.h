#ifndef GIVING_APPEAL_H
#define GIVING_APPEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/money.h"
#include "lib/base/work.h"
#include "lib/giving/site/page.h"
#include "lib/json/shape.h"

/*
 * An appeal collects for one nonprofit towards a goal; the webhook of the
 * `chuffed` format calls it a campaign.  Its perks thank donors, its
 * fundraisers collect for it in their own name.  All three belong to a tenant
 * and are numbered 1, 2, 3 in it: ids that everybody may know, since a page
 * shows them.  Amounts are in minor units of the appeal's currency.
 */
struct appeal {
	int64_t			 id;
	const char		*title;
	int64_t			 nonprofit;	/* its number … */
	const char		*nonprofit_slug; /* … and slug */
	int64_t			 goal;		/* 0: none */
	int64_t			 raised, donors;
	const struct currency	*currency;
	const char		*currency_code;
	struct list		 perks;		/* of struct appeal_perk */
	struct list		 fundraisers;	/* of appeal_fundraiser */
	struct moment		 created_at;
};

struct appeal_perk {
	int64_t		 id, appeal;
	const char	*title;
	const char	*description;	/* or NULL */
	const char	*question;	/* asked of the donor, or NULL */
	int64_t		 min_amount;	/* of the gift, for one perk */
	int64_t		 stock;		/* -1: as many as wanted */
	int64_t		 taken;
	int64_t		 remaining;	/* -1: as many as wanted */
};

struct appeal_fundraiser {
	int64_t		 id, appeal;
	const char	*title;
	const char	*owner;		/* a person's name, or NULL; unlisted */
};

struct appeal_list {
	struct list	 rows;		/* of struct appeal, lists empty */
	const void	*pagination;	/* struct pagination */
};

extern const struct shape	appeal_out;	/* struct appeal */
extern const struct shape	appeal_perk_out;
extern const struct shape	appeal_fundraiser_out;

/* With its perks and fundraisers.  ERR_APPEAL_NOT_FOUND. */
enum err	appeal_find(struct work *, int64_t id, struct appeal *);

/*
 * A gift counts, or counts no more (numbers below zero): in the transaction
 * that says so of the donation.  `raised` in the appeal's currency.
 */
struct appeal_change {
	int64_t	raised, donors;
};
void		appeal_count(struct work *, int64_t id,
		    struct appeal_change);

/*
 * Take `times` of a perk for a gift of `amount` (minor units of the appeal's
 * currency) to this appeal, and tell of the perk, as it is now.
 * ERR_PERK_NOT_FOUND if the appeal has no such perk; ERR_INVALID_REQUEST with
 * a fault at /amount if the gift is below its min_amount times `times`;
 * ERR_PERK_SOLD_OUT if fewer are left.
 */
struct appeal_choice {
	int64_t	appeal, perk;
	int64_t	times;		/* 1 to LIMIT_PERKS */
	int64_t	amount;
	const struct currency	*currency;	/* NULL: say no fault */
};
enum err	appeal_perk_reserve(struct work *,
		    const struct appeal_choice *, struct appeal_perk *);

/* Give back what was reserved: the gift failed, expired or was refunded. */
void		appeal_perk_release(struct work *, int64_t perk,
		    int64_t times);

/* ERR_FUNDRAISER_NOT_FOUND if it is not of this appeal. */
enum err	appeal_fundraiser_find(struct work *, int64_t appeal,
		    int64_t fundraiser, struct appeal_fundraiser *);

/*
 * What the operator does: each tells the new row.  `nonprofit_slug`, `title`,
 * `goal` and `currency` are read of *new; ERR_NONPROFIT_NOT_FOUND, or
 * ERR_INVALID_REQUEST with faults.
 */
enum err	appeal_create(struct work *, const struct appeal *new,
		    struct appeal *);

/* ERR_APPEAL_NOT_FOUND, or ERR_INVALID_REQUEST with faults. */
enum err	appeal_perk_create(struct work *,
		    const struct appeal_perk *new, struct appeal_perk *);
enum err	appeal_fundraiser_create(struct work *,
		    const struct appeal_fundraiser *new,
		    struct appeal_fundraiser *);

/* Newest first, at most LIMIT_PAGE. */
void		appeal_list(struct work *, struct list *of_appeal);

/* Make for w->tenant those of tenant `from`, counted from nothing: a sandbox
 * that begins again. */
void		appeal_copy_all(struct work *, int64_t from);

#endif
