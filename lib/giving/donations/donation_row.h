#ifndef GIVING_DONATION_ROW_H
#define GIVING_DONATION_ROW_H

#include "lib/giving/donations/donation.h"

struct query;

/* What of `donations` donation_row_read() reads. */
#define DONATION_COLUMNS \
	"id, status, nonprofit, provider, frequency, currency, amount, tip," \
	" converted, refunded, disputed, email, first_name, last_name," \
	" external_id," \
	" address, phone, anonymous, subscribed, referral_code, appeal," \
	" fundraiser, perk, perk_times, perk_answer, metadata, success_url," \
	" cancel_url, link, session, reference, subscription, first," \
	" iteration, action, created_at, expires_at, paid_at," \
	" forgotten"

/* For the other files of this room: a donation from the row at hand … */
void	donation_row_read(struct work *, struct query *, struct donation *);

/* … and, once the query is done, what stands in other tables. */
void	donation_row_complete(struct work *, struct donation *);

#endif
