#ifndef GIVING_APPEAL_ROW_H
#define GIVING_APPEAL_ROW_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/encode.h"
#include "lib/giving/donations/appeal.h"

/*
 * What the files about appeals share and nobody else needs.
 */
struct appeal_line {
	const char	*pointer;	/* of the field */
	const char	*text;		/* NULL: not said */
	size_t		 most;		/* characters */
	bool		 need;
};

/* A fault, and false, unless it is text of one line, or may be missing. */
bool		appeal_check(struct work *, const struct appeal_line *);

/* All perks of an appeal. */
void		appeal_perk_read(struct work *, int64_t appeal,
		    struct list *of_perk);

#endif
