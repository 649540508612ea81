#ifndef API_PAGE_PERK_H
#define API_PAGE_PERK_H

#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"

struct appeal;
struct buf;
struct call;

/* What a donation is collected for, and how far it is: above a form. */
void	page_perk_appeal(struct buf *, const struct appeal *);

/*
 * The fields of a form that say which appeal, which of its perks (0: none),
 * and what the donor answers to the perk's question (or NULL).
 */
void	page_perk(struct call *, struct buf *, const struct appeal *,
	    int64_t chosen, const char *answer);

/* A gift with a perk was refused, or not: what was wrong with the perk is a
 * fault of its field.  The refusal. */
enum err page_perk_refused(struct work *, enum err);

#endif
