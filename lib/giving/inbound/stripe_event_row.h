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

/* A checkout, an invoice, its payment or a charge: the fields of all. */
struct stripe_object {
	const char	*id, *payment_status, *payment_intent;
	const char	*subscription, *invoice, *reason, *reference;
	int64_t		 refunded, amount_paid;	/* -1: not said */
	const void	*metadata, *customer, *parent, *details, *payment;
};

struct stripe_data {
	const void	*object;
};

#endif
