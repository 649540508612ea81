#ifndef HOOKS_DELIVERING_H
#define HOOKS_DELIVERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/clock.h"
#include "lib/hooks/deliver.h"
#include "lib/hooks/deliver_pace.h"
#include "lib/hooks/dialect.h"
#include "lib/net/net.h"

struct arena;
struct line;

/*
 * What the files of deliver share, and nobody else sees.
 *
 * Two threads work: deliver.c's claims, writes what is sent and records what
 * came of it, and is the only one that knows the database; deliver_line.c's
 * sends, and is the only one that knows the network.  A parcel belongs to one
 * of them at a time.
 */

/* What became of a parcel. */
enum fate {
	FATE_NONE,
	FATE_ENDED,		/* it was sent: see `answer` */
	FATE_UNSENT,		/* it was not: back to where it was */
	FATE_VOID,		/* there is nothing to send */
	FATE_CUT,		/* broken off: left to its lease */
};

/* One delivery that we have claimed. */
struct parcel {
	struct parcel		*next;		/* in the list it is in */
	struct parcel		*sibling;	/* of those of its hook */
	struct hook		*hook;
	struct arena		*arena;		/* of what is sent */
	int64_t			 id, event;
	int64_t			 attempt;	/* 1 for the first */
	int64_t			 due_at;	/* before it was claimed */
	struct net_wish		 wish;

	bool			 slow;		/* begun as one that may be */
	enum fate		 fate;
	struct moment		 at;		/* sent, by the site's clock */
	struct net_answer	 answer;	/* its text in the arena */
};

/* A list with an end to add at. */
struct parcels {
	struct parcel		*first, **end;
	size_t			 count;
};

/* One webhook of which something is due, as it was when last read. */
struct hook {
	struct hook		*next;		/* by tenant and id */
	int64_t			 tenant, id;

	enum dialect_name	 policy;
	const struct dialect	*dialect;
	const char		*url, *header_text;
	struct net_header	*headers;	/* of the partner's own */
	size_t			 header_count;
	struct sealed {
		const void	*bytes;
		size_t		 size;
		const char	*text;		/* NULL: it cannot be read */
	}			 secrets[2];	/* [1]: the one before */
	int64_t			 old_until;
	int64_t			 max_per_second;
	int64_t			 ahead;		/* of its tenant's clock */
	bool			 failing;	/* failing_since is set */
	bool			 barred;	/* nothing may be sent now */

	bool			 due;		/* there may be more to claim */
	bool			 stray;		/* some are due far too late */
	bool			 resting;	/* not again in this run */
	bool			 begun;		/* claimed of, in this run */
	bool			 ramp;		/* it is to catch up slowly */
	size_t			 held;		/* claimed, not recorded */
	struct parcel		*family;	/* those, by `sibling` */
	int64_t			 usual_ms;	/* to an answer; -1: unknown */

	/* The line's, under its lock. */
	struct post {
		struct parcels		 waiting;
		size_t			 flying;
		size_t			 allowed;	/* at once */
		bool			 quick;		/* has answered so */
		bool			 closed;	/* it comes back */
		struct deliver_pace	 pace;
	}			 post;
};

/* One run. */
struct round {
	struct work			*w;
	const struct deliver_plan	*plan;
	struct line			*line;
	struct arena			*arena;		/* until its end */
	struct hook			*hooks;
	struct hook			*turn;		/* claims next */
	size_t				 hungry;	/* how many would */
	struct parcels			 pool;		/* to be used again */
	struct parcels			 done;		/* to be recorded */
	struct parcels			 claimed;	/* to be written */
	size_t				 held;		/* all in hand */
	int64_t				 done_us;	/* the first came */
	int64_t				 last_us;	/* to begin one */
	int64_t				 looked_us, look_took_us;
	bool				 look;		/* there may be more */
	bool				 absent;	/* we were away long */
	bool				 leaving;
	int				 failures;	/* to commit */
	struct deliver_result		 result;
};

/* The status that it was answered with, if it was; else 0. */
int		 deliver_status(const struct net_answer *);
bool		 deliver_went_well(const struct net_answer *);

/* It is our trouble, and no fault of the webhook's. */
bool		 deliver_is_ours(const struct net_answer *);

/* Lists. */
void		 deliver_list(struct parcels *);
void		 deliver_push(struct parcels *, struct parcel *);
struct parcel	*deliver_pop(struct parcels *);
void		 deliver_join(struct parcels *to, struct parcels *from);

/*
 * deliver_find.c: which webhooks have something due?  In a transaction.
 */
void		 deliver_find(struct round *);

/* No schedule waits that long: the clock was put back. */
bool		 deliver_is_stray(enum dialect_name policy, int64_t attempts,
		    int64_t wait_ms);

/* Read it anew: false if nothing may be sent to it any more. */
bool		 deliver_hook_read(struct round *, struct hook *);

/*
 * deliver_claim.c, in a DB_WRITE: claim what the line has room for, into
 * r->claimed.  Once that is committed, in a transaction that reads: write
 * what is sent; what has nothing to send is done.
 */
bool		 deliver_claim_wanted(struct round *);
void		 deliver_claim(struct round *);
void		 deliver_write(struct round *);
void		 deliver_release(struct round *, struct parcel *);

/* deliver_record.c, in a DB_WRITE: up to LIMIT_DELIVER_BATCH of r->done, left
 * there until they are known to be on record. */
size_t		 deliver_record(struct round *);

/* deliver_line.c: the thread that sends; NULL: there is no network. */
struct line	*deliver_line_new(const struct deliver_plan *,
		    int64_t end_us);
void		 deliver_line_free(struct line *);
/* Send these; the list is empty then. */
void		 deliver_line_give(struct line *, struct parcels *);
/* What has ended, waiting for it `wait_us` at most. */
void		 deliver_line_take(struct line *, struct parcels *,
		    int64_t wait_us);
/* Send nothing more; what was not sent comes back.  And: wait for what is
 * under way, to `end_us` at most. */
void		 deliver_line_stop(struct line *);
void		 deliver_line_wait(struct line *);
/* How many parcels it has not begun to send. */
size_t		 deliver_line_waiting(struct line *);

#endif
