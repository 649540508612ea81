#ifndef GIVING_MEMBER_ROW_H
#define GIVING_MEMBER_ROW_H

#include "lib/giving/members/member.h"

struct query;

/* What member_row_read() reads, of `members m LEFT JOIN partners p`. */
#define MEMBER_COLUMNS \
	"m.id, m.role, m.email, m.name, m.password, m.disabled_at," \
	" m.last_login_at, m.created_at, p.id AS partner_number," \
	" p.created_at AS partner_made"

/* For the other files of this room: a member from the row at hand. */
void	member_row_read(struct work *, struct query *, struct member *);

#endif
