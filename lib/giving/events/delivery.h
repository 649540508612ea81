#ifndef GIVING_DELIVERY_H
#define GIVING_DELIVERY_H

#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/events/webhook.h"
#include "lib/giving/site/page.h"
#include "lib/hooks/outbox.h"
#include "lib/json/shape.h"

/*
 * A delivery is one event for one webhook, with every attempt at it.  It is
 * pending until a receiver says 2xx, or until it was tried often enough.
 */
struct delivery_attempt {
	int64_t		 number;
	struct moment	 at;
	const char	*outcome;	/* a word of net_word() */
	int64_t		 status;	/* 0: none came */
	int64_t		 duration_ms;
	const char	*answer;	/* how it began, or NULL */
};

struct delivery {
	int64_t		 number, event_number;
	const char	*id, *event, *event_type;
	int		 state;		/* of delivery_statuses */
	struct list	 attempts;	/* of struct delivery_attempt */
	struct moment	 next_at, created_at, ended_at;
};

struct delivery_filter {
	const char	*webhook;
	struct page_in	 page;
	int		 status;	/* of delivery_statuses, or -1 */
	int		 type;		/* of outbox_words, or -1 */
	struct moment	 from, to;
};

struct delivery_list {
	struct list	 deliveries;	/* of struct delivery */
	const void	*pagination;
};

/* What happened then is told again. */
struct delivery_replay {
	const char	*webhook;
	struct moment	 from, to;	/* to 0: until now */
	struct list	 event_types;	/* of text; none: all it wants */
	bool		 only_failed;	/* not what it has got */
};

struct delivery_replayed {
	int64_t		 queued;
	struct moment	 next_from;	/* 0: that was all */
};

extern const char *const	delivery_statuses[];

extern const struct shape	delivery_out;	/* struct delivery */
extern const struct shape	delivery_list_out;
extern const struct shape	delivery_replayed_out;

/* The rows of a filter's shape. */
#define DELIVERY_FIELDS \
	PAGE_FIELDS(struct delivery_filter, page), \
	{ "status",    WORD(struct delivery_filter, status), QUERY, \
	    .words = delivery_statuses, .about = "only these" }, \
	{ "eventType", WORD(struct delivery_filter, type), QUERY, \
	    .words = outbox_words, .about = "only these" }, \
	{ "from",      MOMENT(struct delivery_filter, from), QUERY, \
	    .about = "queued then or later" }, \
	{ "to",        MOMENT(struct delivery_filter, to), QUERY, \
	    .about = "queued then or earlier" }

/* ERR_NOT_FOUND; ERR_INVALID_REQUEST with a fault at /cursor or /page. */
enum err	delivery_list(struct work *, const struct delivery_filter *,
		    struct delivery_list *);

/*
 * Once more, at once.  ERR_NOT_FOUND; ERR_INVALID_TRANSITION while it is
 * under way, or if the webhook is off.
 */
enum err	delivery_retry(struct work *, const char *webhook,
		    const char *id, struct delivery *);

/*
 * Queue events of a time again, LIMIT_AGAIN at most, but none that is pending
 * anyhow.  ERR_NOT_FOUND; ERR_INVALID_REQUEST; ERR_INVALID_TRANSITION if the
 * webhook is off.
 */
enum err	delivery_again(struct work *, const struct delivery_replay *,
		    struct delivery_replayed *);

/* A delivery of the webhook, by its id; ERR_NOT_FOUND. */
enum err	delivery_find(struct work *, const struct webhook *,
		    const char *id, struct delivery *);

/* The same by our own number. */
enum err	delivery_numbered(struct work *, const struct webhook *,
		    int64_t number, struct delivery *);

#endif
