#ifndef GIVING_EVENT_H
#define GIVING_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/site/page.h"
#include "lib/hooks/told.h"
#include "lib/json/shape.h"

/*
 * What an event says.  It is written from the row that the event refers to,
 * each time it is sent or shown, so a person who was erased is in no payload.
 */
struct event {
	const char	*id;		/* "evt_" and 24 digits */
	const char	*type;
	struct moment	 created_at;
	const char	*data;		/* JSON, an object */
	/* Of one in a list: what it is about. */
	enum event_type	 kind;
	int64_t		 refers;
};

struct event_filter {
	struct page_in	 page;
	int		 type;		/* index into outbox_words, or -1 */
	struct moment	 from, to;	/* 0: not said */
	const char	*after;		/* an id: what came then, oldest
					   first, and no page or cursor */
};

struct event_list {
	struct list	 events;	/* of struct event */
	const void	*pagination;
	/* With `after`: what to say next time.  Else NULL. */
	const char	*next_after;
};

extern const struct shape	event_out;	/* struct event */
extern const struct shape	event_list_out;

/* Stands before the first event: ?after= of it begins at the beginning. */
#define EVENT_NONE "evt_000000000000000000000000"

/* Event `number` of w->tenant, whole; false if it is gone. */
bool		event_told(struct work *, int64_t number, struct told *);

/* The JSON of what a row explains; NULL if the row is gone. */
const char	*event_data(struct work *, enum event_type, int64_t refers);

/* "evt_…" */
const char	*event_id(struct work *, int64_t number, struct moment made);

/* The number of an event by its id, 0 if it has none of w->tenant's. */
int64_t		event_number(struct work *, const char *id);

/* ERR_NOT_FOUND. */
enum err	event_find(struct work *, const char *id, struct event *);

/* ERR_INVALID_REQUEST with a fault at /cursor, /page or /after. */
enum err	event_list(struct work *, const struct event_filter *,
		    struct event_list *);

#endif
