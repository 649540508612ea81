#ifndef GIVING_WEBHOOK_H
#define GIVING_WEBHOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/site/page.h"
#include "lib/hooks/dialect.h"
#include "lib/json/shape.h"

struct net_rules;

/*
 * A webhook is an address of a partner's that wants to be told of events, in
 * the format that it understands.  It is on, or it was switched off: by the
 * partner, or by us, because it answered 410 or nothing but failures.
 */
struct webhook {
	int64_t			 number;
	const char		*id, *url, *description;
	struct list		 event_types;	/* of text */
	bool			 receive_all;
	struct list		 header_names;	/* of text */
	const char		*headers;	/* "Name: value", one a line */
	int64_t			 events;	/* the mask */
	enum dialect_name	 dialect, gaps;
	const char		*format, *policy;
	int64_t			 max_per_second;	/* 0: no end */
	const char		*status, *disabled_why;
	struct moment		 disabled_at, failing_since;
	struct moment		 old_until, created_at;
	const char		*secret;	/* only where it is new */
};

struct webhook_header {
	const char	*name, *value;
};

/* What a webhook is to be, or to become: what is not said stays. */
struct webhook_wish {
	const char	*webhook;	/* its id, to change it */
	const char	*url;
	const char	*description;	/* "": none */
	struct list	 event_types;	/* of text; no items: not said */
	enum maybe	 receive_all;
	struct list	 headers;	/* of struct webhook_header; same */
	int		 format, policy;	/* webhook_formats, or -1 */
	int64_t		 max_per_second;	/* 0: no end; -1: not said */
	int		 status;	/* of webhook_statuses, or -1 */
	const char	*secret;	/* NULL: we make one */
};

struct webhook_rotation {
	const char	*webhook;
	int64_t		 overlap_s;	/* that the old one still counts */
	const char	*secret;	/* as above */
};

struct webhook_filter {
	struct page_in	 page;
	int		 status;	/* of webhook_statuses, or -1 */
	int		 type;		/* that it is told of: outbox_words,
					   or -1 */
	struct moment	 from, to;	/* 0: not said */
};

/* All of them: there are LIMIT_WEBHOOKS at most, and one page has them. */
#define WEBHOOK_ALL { .page = { 1, LIMIT_PAGE, NULL }, .status = -1, \
	.type = -1 }

struct webhook_list {
	struct list	 webhooks;	/* of struct webhook */
	const void	*pagination;
};

/* In the order of enum dialect_name, from its first on. */
extern const char *const	webhook_formats[];
extern const char *const	webhook_statuses[];	/* on, off */

extern const struct shape	webhook_out;		/* struct webhook */
extern const struct shape	webhook_told_out;	/* for events */
extern const struct shape	webhook_list_out;
extern const struct shape	webhook_header_in;

/* The rows that a wish has, be it for a new webhook or for a change. */
#define WEBHOOK_FIELDS \
	{ "description",  TEXT(struct webhook_wish, description), CLEARS, \
	    0, LIMIT_REASON, .about = "what it is for, in your words" }, \
	{ "eventTypes",   LIST(struct webhook_wish, event_types), NULLS, \
	    0, LIMIT_HOOK_EVENTS, .about = "what it is told of" }, \
	{ "receiveAllEvents", MAYBE(struct webhook_wish, receive_all), NULLS, \
	    .about = "of everything, and of types that are yet to come" }, \
	{ "headers",      LIST(struct webhook_wish, headers), NULLS, \
	    0, LIMIT_HOOK_HEADERS, .each = &webhook_header_in, \
	    .about = "headers of your own, sent with each request" }, \
	{ "retryPolicy",  WORD(struct webhook_wish, policy), NULLS, \
	    .words = webhook_formats, .about = "whose times of trying again" \
	    " it has; else those of its format" }

/* ERR_NOT_FOUND, for one that was removed too. */
enum err	webhook_find(struct work *, const char *id, struct webhook *);

/* By our own number, a removed one too; false if there is none. */
bool		webhook_numbered(struct work *, int64_t number,
		    struct webhook *);

enum err	webhook_list(struct work *, const struct webhook_filter *,
		    struct webhook_list *);

/*
 * ERR_WEBHOOK_LIMIT; ERR_INVALID_REQUEST with faults, for which see
 * webhook_wish_check().  *out has its secret.
 */
enum err	webhook_register(struct work *, const struct webhook_wish *,
		    struct webhook *out);

/* The same, and nothing is written: may it be?  And a change? */
enum err	webhook_may_register(struct work *,
		    const struct webhook_wish *);
enum err	webhook_may_change(struct work *,
		    const struct webhook_wish *);

/* ERR_NOT_FOUND; ERR_INVALID_REQUEST.  *out is as it is then. */
enum err	webhook_change(struct work *, const struct webhook_wish *,
		    struct webhook *out);

/*
 * On, whatever it was off for; or off: what is due then is dropped, and what
 * happens until it is on again is not queued.
 */
void		webhook_switch(struct work *, const struct webhook *, bool on);

/* ERR_NOT_FOUND. */
enum err	webhook_remove(struct work *, const char *id);

/* A new secret; *out has it.  ERR_NOT_FOUND; ERR_INVALID_REQUEST. */
enum err	webhook_rotate(struct work *, const struct webhook_rotation *,
		    struct webhook *out);

/*
 * What the secrets of a webhook are: [1] is the one before, while it counts,
 * or NULL.  False if they do not open.
 */
bool		webhook_secrets(struct work *, const struct webhook *,
		    const char *secrets[2]);

/*
 * The webhooks of a sandbox that begins anew: from tenant `old` they move to
 * w->tenant, where they have new ids.
 */
void		webhook_copy_all(struct work *, int64_t old);

/* What may be called for w->tenant, by the site's configuration. */
void		webhook_rules(struct work *, struct net_rules *);

#endif
