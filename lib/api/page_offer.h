#ifndef API_PAGE_OFFER_H
#define API_PAGE_OFFER_H

#include <stdint.h>

struct buf;
struct call;
struct partner_config;

/* How much, as `give` was typed, and in which of the partner's currencies. */
void	page_offer_amount(struct call *, struct buf *,
	    const struct partner_config *, const char *give,
	    const char *currency);

/* The tip, if the partner asks for one; `percent` is chosen. */
void	page_offer_tip(struct call *, struct buf *,
	    const struct partner_config *, int64_t percent);

#endif
