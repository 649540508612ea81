#ifndef GIVING_USER_H
#define GIVING_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/giving/site/page.h"
#include "lib/json/shape.h"

/*
 * A user is a person as one partner knows them: by the partner's own id, by
 * e-mail (compared without regard to ASCII case), or by both.  Two users are
 * never made one.
 */
struct user {
	int64_t		 number;
	const char	*id;
	const char	*external_id, *email, *first_name, *last_name;
	struct moment	 created_at;
	const char	*metadata;	/* see user_complete() */
};

/* How a request names a person; metadata is for a new one alone. */
struct user_name {
	const char	*external_id, *email, *first_name, *last_name;
	const char	*metadata;
};

/* What is to be another from now on.  NULL: as it is, "": nothing. */
struct user_change {
	const char	*user;		/* as it stands in the address */
	const char	*email, *first_name, *last_name;
	const char	*metadata;	/* its members: see shape_merge() */
};

struct user_filter {
	struct page_in	 page;
	const char	*external_id, *email;
	struct moment	 from, to;
};

struct user_list {
	struct list	 users;		/* of struct user */
	const void	*pagination;
};

struct user_balance {
	const char	*external_id;
	struct tokens	 available, pending, debt;
	struct tokens	 earned, spent, clawed_back, expiring_soon;
};

extern const struct shape	user_out;		/* struct user */
extern const struct shape	user_name_in;		/* struct user_name */
extern const struct shape	user_balance_out;
extern const struct shape	user_list_out;		/* struct user_list */
extern const struct form	user_id_form, user_email_form;

/*
 * Who is meant: ERR_USER_NOT_FOUND if nobody, ERR_USER_CONFLICT if the id
 * and the e-mail are of two different people.  Reads only.
 */
enum err	user_find(struct work *, const struct user_name *,
		    struct user *);

/* The same, and if nobody is meant, make them: event user.created.  A known
 * user without e-mail or partner's id is given the one that was named. */
enum err	user_ensure(struct work *, const struct user_name *,
		    struct user *);

/* Does the name tell nothing of this user that we did not know? */
bool		user_tells_nothing(const struct user *,
		    const struct user_name *);

/* ERR_USER_CONFLICT if the id or the e-mail is taken. */
enum err	user_create(struct work *, const struct user_name *,
		    struct user *);

/* By what stands in an address: the partner's id, or else the e-mail. */
enum err	user_named(struct work *, const char *name, struct user *);

/* By our own number; false if there is none. */
bool		user_numbered(struct work *, int64_t number, struct user *);

/* Read what finding leaves out: what the partner says of them. */
void		user_complete(struct work *, struct user *);

/* Those who were not erased, the newest first. */
enum err	user_list(struct work *, const struct user_filter *,
		    struct user_list *);

/*
 * ERR_NOT_FOUND; ERR_USER_CONFLICT if the e-mail is somebody else's;
 * ERR_INVALID_REQUEST if nothing would name them any more, or the metadata
 * would be too much.  *user is as it is then, and complete.
 */
enum err	user_change(struct work *, const struct user_change *,
		    struct user *);

/*
 * Forget a person: names, addresses, metadata, what was said for people of
 * their redemptions and reversals, and metadata of actions in which nobody
 * else had a part who is still known.  The numbers stay, under nobody's
 * name.  Texts of which no trace may stay on disk are noted in the work.
 * ERR_NOT_FOUND.
 */
enum err	user_erase(struct work *, const char *name);

void		user_balance(struct work *, const struct user *,
		    struct user_balance *);

#endif
