#ifndef GIVING_NONPROFIT_ROW_H
#define GIVING_NONPROFIT_ROW_H

#include "lib/giving/donations/nonprofit.h"

/*
 * What the files about nonprofits share and nobody else needs.
 */
struct query;

/* Of a query that found all columns of nonprofits. */
void		nonprofit_row(struct work *, struct query *,
		    struct nonprofit *);

/* "53-0196605" or its nine digits as a number; -1 for any other text. */
int64_t		nonprofit_ein(const char *);

/* ERR_NOT_FOUND. */
enum err	nonprofit_by_slug(struct work *, const char *slug,
		    struct nonprofit *);
enum err	nonprofit_by_ein(struct work *, int64_t ein,
		    struct nonprofit *);

/*
 * Keep the words of active ones' names in step: find one by them from now
 * on, or no more, which takes the name that was added.
 */
void		nonprofit_words_add(struct work *, int64_t number,
		    const char *name);
void		nonprofit_words_drop(struct work *, int64_t number,
		    const char *name);

#endif
