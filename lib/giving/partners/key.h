#ifndef GIVING_KEY_H
#define GIVING_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/partners/partner.h"
#include "lib/json/shape.h"

/*
 * A set of keys: a publishable one for web pages, a secret one for back-ends,
 * and the secret that signs requests.  A set belongs to one tenant, so a test
 * key cannot reach anything live.
 */
struct key {
	int64_t			 number, tenant;
	const char		*id;		/* "key_" and 24 digits */
	const char		*name;
	const char		*publishable;
	const char		*scopes;	/* "actions:write read" */
	const char		*origins;	/* one a line, or NULL */
	const char		*networks;	/* one a line, or NULL */
	const char		*hmac_secret;	/* 64 hex digits */
	struct moment		 expires_at, revoked_at, created_at;
	struct moment		 last_used_at;	/* to a minute */
	int64_t			 rate_limit;	/* requests a minute */
	enum partner_status	 partner;
	bool			 live;
	int64_t			 ahead_ms;	/* its sandbox's clock */
	bool			 secret;	/* found by its secret key */
};

/* What is told once, when a set is made, and never again. */
struct key_issued {
	const char	*id, *name;
	const char	*side;
	const char	*publishable, *secret, *hmac_secret;
	const char	*scopes;
	struct moment	 expires_at;
};

/* What makes a set; the texts may be NULL. */
struct key_wish {
	const char	*name;
	const char	*scopes;	/* NULL: all but actions:reverse */
	const char	*origins;	/* one a line */
	const char	*networks;	/* one a line */
	struct moment	 expires_at;	/* 0: never */
	bool		 live;
};

extern const struct shape	key_out;	/* struct key, no secrets */
extern const struct shape	key_issued_out;

/* All that there are, NULL at the end. */
extern const char *const	key_scopes[];

/* ERR_INVALID_REQUEST with faults: an unknown scope, network or origin. */
enum err	key_create(struct work *, const struct key_wish *,
		    struct key_issued *);

/*
 * The set that `presented` ("pk_…" or "sk_…") belongs to, whatever its state:
 * the caller judges that.  ERR_INVALID_KEY if there is none, ERR_INTERNAL if
 * its signing secret does not open.
 */
enum err	key_find(struct work *, const char *presented, struct key *);

/* The sets of w->tenant, revoked ones too. */
void		key_list(struct work *, struct list *of_key);

/*
 * All sets of the partner that has the set `named` ("pk_…", "sk_…" or
 * "key_…"), that one first, each as by key_find() and its publishable key.
 * For the operator's eyes.  ERR_INVALID_KEY if there is none, ERR_INTERNAL if
 * a secret does not open.
 */
enum err	key_family(struct work *, const char *named,
		    struct list *of_key);

/* From now on it is refused; ERR_NOT_FOUND.  `id` is "key_…". */
enum err	key_revoke(struct work *, const char *id);

/*
 * A new set like the one that `id` names, which goes on for `overlap_s` more
 * seconds, or less if it expires before.  ERR_NOT_FOUND, for a revoked one
 * too.
 */
enum err	key_rotate(struct work *, const char *id, int64_t overlap_s,
		    struct key_issued *);

/* Write down when a set was used. */
void		key_used(struct work *, int64_t number, struct moment);

/*
 * An event key.expiring, once, for each set that expires within 14 days, of
 * all tenants; some at a time: how many there were, 0 once there are none.
 */
size_t		key_warn(struct work *);

bool		key_has_scope(const struct key *, const char *scope);

#endif
