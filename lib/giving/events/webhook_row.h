#ifndef GIVING_WEBHOOK_ROW_H
#define GIVING_WEBHOOK_ROW_H

#include "lib/giving/events/webhook.h"

struct query;

/* A wish that was checked, as it is written down. */
struct webhook_row {
	int64_t		 events;
	const char	*headers;	/* "Name: value", one a line; NULL */
};

/*
 * Is the wish good for what the webhook is so far (of a new one: zeros with
 * its dialect)?  Looks at spelling alone, and asks no name server.
 * ERR_INVALID_REQUEST with faults; otherwise *row is what it comes to.
 */
enum err	webhook_wish_check(struct work *,
		    const struct webhook_wish *, const struct webhook *,
		    struct webhook_row *row);

/* ERR_INVALID_REQUEST with a fault at /secret if it is none of the format. */
enum err	webhook_wish_secret(struct work *, enum dialect_name,
		    const char *secret);

/* A secret of the webhook, sealed for its place, "secret" or "old". */
unsigned char	*webhook_secret_seal(struct work *, const char *place,
		    int64_t number, const char *secret, size_t *size);

#endif
