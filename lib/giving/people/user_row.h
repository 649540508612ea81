#ifndef GIVING_USER_ROW_H
#define GIVING_USER_ROW_H

#include "lib/giving/people/user.h"

struct arena;
struct query;

/* What of `users` user_row_read() reads. */
#define USER_COLUMNS \
	"id, external_id, email, first_name, last_name, created_at"

/* For the other files of this room: a user from the row at hand. */
void		 user_row_read(struct work *, struct query *, struct user *);

/* Keep what the partner says of them, in place of what they said before;
 * NULL keeps nothing. */
void		 user_row_describe(struct work *, struct user *,
		    const char *metadata);

#endif
