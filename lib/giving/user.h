#ifndef GIVING_USER_H
#define GIVING_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
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
};

/* How a request names a person. */
struct user_name {
	const char	*external_id, *email, *first_name, *last_name;
};

struct user_balance {
	const char	*external_id;
	struct tokens	 available, pending, debt;
	struct tokens	 earned, spent, clawed_back, expiring_soon;
};

extern const struct shape	user_out;		/* struct user */
extern const struct shape	user_name_in;		/* struct user_name */
extern const struct shape	user_balance_out;
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

/* ERR_USER_CONFLICT if the id or the e-mail is taken. */
enum err	user_create(struct work *, const struct user_name *,
		    struct user *);

/* By what stands in an address: the partner's id, or else the e-mail. */
enum err	user_named(struct work *, const char *name, struct user *);

/* By our own number; false if there is none. */
bool		user_numbered(struct work *, int64_t number, struct user *);

void		user_balance(struct work *, const struct user *,
		    struct user_balance *);

#endif
