#ifndef GIVING_STRIPE_EVENT_ROW_H
#define GIVING_STRIPE_EVENT_ROW_H

#include <stdint.h>

#include "lib/giving/inbound/stripe_event.h"

/* For stripe_event.c: what of an event stripe_event_in reads. */
struct stripe_metadata {
	const char	*id;
};

struct stripe_customer {
	const char	*email, *name;
};

struct stripe_details {
	const void	*metadata;
	const char	*subscription;
};

struct stripe_parent {
	const void	*details;
};

struct stripe_paid_by {
	const char	*intent;
};

/* A checkout, an invoice, its payment, a charge or a dispute: all fields. */
struct stripe_object {
	const char	*id, *payment_status, *payment_intent;
	const char	*subscription, *invoice, *reason, *reference;
	const char	*status, *currency;
	int64_t		 amount, refunded, amount_paid;	/* -1: not said */
	const void	*metadata, *customer, *parent, *details, *payment;
};

struct stripe_data {
	const void	*object;
};

#endif
