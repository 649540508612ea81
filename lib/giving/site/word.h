#ifndef GIVING_WORD_H
#define GIVING_WORD_H

#include <stdint.h>

#include "lib/base/work.h"

/*
 * Words that a partner chooses and repeats in every row, such as an action's
 * type, are kept once and named by a small number of the tenant.  They are
 * never changed or removed.
 */

/* The number of a word; a new one is made for it if it has none. */
int64_t		word_number(struct work *, const char *word);

/* The same without making: 0 if nobody ever said it. */
int64_t		word_find(struct work *, const char *word);

#endif
