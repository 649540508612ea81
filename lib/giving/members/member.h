#ifndef GIVING_MEMBER_H
#define GIVING_MEMBER_H

#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/json/shape.h"

/*
 * A member is a person who logs in: an administrator of the site, or one of
 * the people of a partner.  They are of no tenant.  What is kept of a
 * password (lib/crypto/password.h) comes in and goes out as it is: making and
 * checking it takes long, and is done where no transaction is open.
 */
enum member_role { MEMBER_ADMIN, MEMBER_PARTNER };

struct member {
	int64_t		 number;
	const char	*id;
	const char	*email;		/* folded */
	const char	*name;		/* NULL: not said */
	int		 role;		/* enum member_role */
	const char	*partner_id;	/* NULL for administrators */
	const char	*password;	/* what is kept of it: never shown */
	struct moment	 disabled_at, last_login_at, created_at;
};

extern const struct shape	member_out;	/* without the password */
extern const char *const	member_roles[];	/* by enum member_role */
extern const struct form	member_email_form;

/* What makes an administrator. */
struct member_wish {
	const char	*email;
	const char	*name;		/* may be NULL */
	const char	*password;	/* what is kept of it */
};

/*
 * Faults, under /email and `pointer`, for an address that is none and for a
 * password that is too short, too long or no text.  ERR_INVALID_REQUEST, or
 * OK.  NULL for a password is none to be looked at.
 */
enum err	member_check(struct work *, const char *email,
		    const char *password, const char *pointer);

/* ERR_INVALID_REQUEST with a fault if somebody has that address. */
enum err	member_create(struct work *, const struct member_wish *,
		    struct member *);

/* However its letters are written; ERR_NOT_FOUND. */
enum err	member_find(struct work *, const char *email,
		    struct member *);

/* All of them. */
void		member_list(struct work *, struct list *of_member);

/* How many administrators there are that can log in. */
int64_t		member_admins(struct work *);

/*
 * Change a member, who was found; a new password and an end both end all
 * sessions.  What is as it is to be stays so.
 */
void		member_set_password(struct work *, const struct member *,
		    const char *kept);
void		member_disable(struct work *, struct member *);
void		member_enable(struct work *, struct member *);

/* Note a login; `kept`, if not NULL, is the same password, kept better. */
void		member_note_login(struct work *, struct member *,
		    const char *kept);

#endif
