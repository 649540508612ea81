#ifndef GIVING_NONPROFIT_H
#define GIVING_NONPROFIT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/site/page.h"
#include "lib/json/shape.h"

struct arena;

/*
 * A nonprofit is whom a donation is for.  They are the site's: all partners
 * see the same ones.  Its slug names it in addresses and never changes.
 */
enum nonprofit_status { NONPROFIT_ACTIVE, NONPROFIT_INACTIVE };

struct nonprofit {
	int64_t		 number;
	const char	*id, *slug, *name;
	const char	*ein;		/* nine digits, or NULL */
	const char	*description, *logo_url;	/* or NULL */
	const char	*city, *state;	/* or NULL */
	struct moment	 created_at;
	int		 status;	/* enum nonprofit_status */
};

struct nonprofit_list {
	struct list	 rows;		/* of struct nonprofit */
	const void	*pagination;	/* struct pagination */
};

extern const struct shape	nonprofit_out;	/* struct nonprofit */
extern const struct shape	nonprofit_list_out;

/*
 * By its slug, or by its EIN with or without the dash ("53-0196605"), any
 * status.  ERR_NOT_FOUND.
 */
enum err	nonprofit_find(struct work *, const char *slug,
		    struct nonprofit *);

/*
 * The one that a gift is for.  ERR_NONPROFIT_NOT_FOUND, or
 * ERR_NONPROFIT_INACTIVE if it takes no gifts now.
 */
enum err	nonprofit_receiver(struct work *, const char *slug,
		    struct nonprofit *);

/* By its number, which is known to be right (a foreign key). */
void		nonprofit_read(struct work *, int64_t number,
		    struct nonprofit *);

/*
 * Search: every word of q begins a word of the name, in any order, case and
 * accents aside; or q is an EIN.  No q: all of them.  Active ones only, in
 * the order in which they came, by page or cursor.
 */
struct nonprofit_filter {
	const char	*q;		/* NULL: all */
	struct page_in	 page;
};
enum err	nonprofit_search(struct work *,
		    const struct nonprofit_filter *,
		    struct nonprofit_list *);

/*
 * What a name is called in addresses: "Médecins & Co." is "medecins-co".  Up
 * to LIMIT_SLUG of a-z, 0-9 and single dashes between; "" if nothing of the
 * name can be written so.
 */
const char	*nonprofit_slug(struct arena *, const char *name);

/*
 * Put one in, or bring the one with the same EIN (or, without one, the same
 * slug) up to date; what is NULL stays as it is, and so does its status.
 * Only `name` must be there; without a slug one is made of the name, and a
 * number behind it if that is taken.  ERR_INVALID_REQUEST with faults.
 */
struct nonprofit_entry {
	const char	*slug, *name, *ein, *description, *logo_url;
	const char	*city, *state;
};
enum nonprofit_put { NONPROFIT_ADDED, NONPROFIT_CHANGED, NONPROFIT_SAME };
enum err	nonprofit_put(struct work *, const struct nonprofit_entry *,
		    enum nonprofit_put *);

enum err	nonprofit_set_status(struct work *, const char *slug,
		    enum nonprofit_status);

#endif
