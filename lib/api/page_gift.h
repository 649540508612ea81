#ifndef API_PAGE_GIFT_H
#define API_PAGE_GIFT_H

struct buf;
struct donation;

/*
 * What is given: to whom, how much, the tip, both together, how often.
 * Nothing of who gives it.
 */
void	page_gift(struct buf *, const struct donation *);

#endif
