/*
 * admin: who administers the site by HTTP.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command/admin.h"
#include "bin/command/cli.h"
#include "bin/command/typed.h"
#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/crypto/password.h"
#include "lib/crypto/random.h"
#include "lib/giving/members/member.h"

#define RANDOM_BYTES 12		/* of a password that nobody typed */

static int	create(struct cli *);
static int	list(struct cli *);
static int	password(struct cli *);
static int	disable(struct cli *);
static int	enable(struct cli *);

static const struct option create_options[] = {
	{ "email", "EMAIL", "what they log in with", true },
	{ "name", "NAME", "what people call them", false },
	PASSWORD_OPTION,
	{ 0 }
};

static const struct option password_options[] = {
	{ "email", "EMAIL", "whose", true },
	PASSWORD_OPTION,
	{ 0 }
};

static const struct option who_options[] = {
	{ "email", "EMAIL", "who", true },
	{ 0 }
};

const struct command admin_commands[] = {
	{ "admin create", "Make an administrator, who can log in",
	    create_options, create },
	{ "admin list", "List those who can log in", NULL, list },
	{ "admin password", "Set another password, and log them out",
	    password_options, password },
	{ "admin disable", "Log somebody out, and let them in no more",
	    who_options, disable },
	{ "admin enable", "Let them in again", who_options, enable },
	{ 0 }
};

struct made {
	const char	*id, *email, *name, *password;
	struct moment	 created_at;
};

static const struct shape made_out = SHAPE("MemberMade", struct made,
	{ "memberId",  TEXT(struct made, id) },
	{ "email",     TEXT(struct made, email) },
	{ "name",      TEXT(struct made, name), NULLS },
	{ "createdAt", MOMENT(struct made, created_at) },
	{ "password",  TEXT(struct made, password) });

void
admin_password(struct cli *c, const char *email, struct admin_password *p)
{
	const char	*typed = typed_password(c, email);
	char		*made = arena_alloc(c->arena, 2 * RANDOM_BYTES + 1);

	random_hex(made, RANDOM_BYTES);
	p->shown = typed == NULL ? made : NULL;
	p->kept = password_make(c->arena, typed == NULL ? made : typed);
	if (p->kept != NULL)
		return;
	fprintf(stderr, "almoner: there is not enough memory to keep a"
	    " password: 32 MiB are needed\n");
	exit(1);
}

void
admin_show(const struct cli *c, const struct member *m,
    const struct admin_password *p)
{
	if (p->shown == NULL) {
		print_one(c, &member_out, m);
		return;
	}
	print_one(c, &made_out, &(struct made){ m->id, m->email, m->name,
	    p->shown, m->created_at });
	if (!c->json)
		printf("\nThe password is shown now and never again.\n");
}

/* Somebody who is to be there; ends the program if they are not. */
static void
find(struct cli *c, struct member *m)
{
	const char	*email = cli_value(c, "email");

	if (member_find(&c->work, email, m) == OK)
		return;
	fprintf(stderr, "almoner: nobody logs in with %s; almoner admin list"
	    " shows who does\n", email);
	exit(1);
}

/* Before anybody types a password in vain. */
static void
check_free(struct cli *c, const char *email)
{
	struct member	 m;

	cli_open(c, DB_READ);
	if (member_find(&c->work, email, &m) == OK) {
		fprintf(stderr, "almoner: %s logs in already; almoner admin"
		    " password --email %s sets another password\n", email,
		    email);
		exit(1);
	}
	if (cli_close(c) != 0)
		exit(1);
}

static int
create(struct cli *c)
{
	struct member_wish	 wish = { cli_value(c, "email"),
				    cli_value(c, "name"), NULL };
	struct admin_password	 p;
	struct member		 m;
	enum err		 e;

	if (wish.name != NULL && strlen(wish.name) > LIMIT_NAME)
		cli_usage(c, "--name has at most %d bytes", LIMIT_NAME);
	check_free(c, wish.email);
	admin_password(c, wish.email, &p);
	wish.password = p.kept;
	cli_open(c, DB_WRITE);
	e = member_create(&c->work, &wish, &m);
	if (e != OK)
		return cli_refuse(c, e);
	admin_show(c, &m, &p);

	return cli_close(c);
}

static int
list(struct cli *c)
{
	return cli_list(c, member_list, &member_out);
}

static int
password(struct cli *c)
{
	struct admin_password	 p;
	struct member		 m;

	cli_open(c, DB_READ);
	find(c, &m);
	if (cli_close(c) != 0)
		return 1;
	admin_password(c, m.email, &p);
	cli_open(c, DB_WRITE);
	find(c, &m);
	member_set_password(&c->work, &m, p.kept);
	admin_show(c, &m, &p);

	return cli_close(c);
}

static int
change(struct cli *c, void (*how)(struct work *, struct member *))
{
	struct member	 m;

	cli_open(c, DB_WRITE);
	find(c, &m);
	how(&c->work, &m);
	print_one(c, &member_out, &m);

	return cli_close(c);
}

static int
disable(struct cli *c)
{
	return change(c, member_disable);
}

static int
enable(struct cli *c)
{
	return change(c, member_enable);
}
