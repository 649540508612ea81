/*
 * portal: people who log in, with an e-mail address and a password.
 * doc/api.md describes it.
 */
#include <string.h>

#include "lib/api/api.h"
#include "lib/base/limits.h"
#include "lib/crypto/password.h"
#include "lib/giving/members/session.h"

static const struct shape	login_in, refresh_in;

static enum err	login(struct call *, const void *);
static void	check(struct call *, const void *);
static enum err	begin(struct call *, const void *);
static enum err	refresh(struct call *, const void *);
static enum err	logout(struct call *, const void *);
static enum err	me(struct call *, const void *);

static const struct route routes[] = {
	{ "POST", "/v1/auth/login",
	    ACCESS_OPEN, NULL, &login_in, &session_out, login,
	    .calls = check, .ends = begin,
	    .refuses = REFUSES(ERR_INVALID_CREDENTIALS),
	    .name = "login",
	    .about = "Log in" },
	{ "POST", "/v1/auth/refresh",
	    ACCESS_OPEN, NULL, &refresh_in, &session_out, refresh,
	    .refuses = REFUSES(ERR_INVALID_TOKEN, ERR_SESSION_EXPIRED),
	    .name = "refreshSession",
	    .about = "Get the next tokens" },
	{ "POST", "/v1/auth/logout",
	    ACCESS_SESSION, NULL, NULL, NULL, logout, .success = 204,
	    .name = "logout",
	    .about = "Log out: the tokens of this login are good no more" },
	{ "GET", "/v1/auth/me",
	    ACCESS_SESSION, NULL, NULL, &member_out, me,
	    .name = "showMember",
	    .about = "Who has logged in" },
	{ 0 }
};

/*
 * login: who it may be is looked up; then the password is checked, where
 * nobody waits for the books; then the session is made, if all is as it was.
 * Whatever is wrong is answered alike, and an unknown address takes as long.
 */

struct credentials {
	const char	*email, *password;
};

static const struct shape login_in = SHAPE("Credentials", struct credentials,
	{ "email", TEXT(struct credentials, email), NEED, 3, LIMIT_EMAIL,
	    .form = &member_email_form, .about = "who it is" },
	{ "password", TEXT(struct credentials, password), NEED, 1,
	    LIMIT_PASSWORD, .about = "what only they know" });

/* What the three parts of a login have to tell each other. */
struct attempt {
	struct member		 member;
	bool			 known;
	enum password_says	 says;
	const char		*better;	/* kept as it would be now */
};

static enum err
login(struct call *c, const void *input)
{
	const struct credentials	*in = input;
	struct attempt			*a = api_memory(c, sizeof(*a));

	if (api_guess(c, in->email))
		return ERR_RATE_LIMITED;
	a->known = member_find(api_work(c), in->email, &a->member) == OK;

	return OK;
}

static void
check(struct call *c, const void *input)
{
	const struct credentials	*in = input;
	struct attempt			*a = api_memory(c, sizeof(*a));
	struct arena			*arena = api_work(c)->arena;

	a->says = password_check(arena, in->password,
	    a->known ? a->member.password : NULL);
	if (a->says == PASSWORD_RIGHT && password_is_old(a->member.password))
		a->better = password_make(arena, in->password);
}

/* Is the member who they were when the password was checked? */
static bool
is_still(struct call *c, const struct attempt *a)
{
	struct member	 now;

	return member_find(api_work(c), a->member.email, &now) == OK &&
	    now.number == a->member.number && now.disabled_at.ms == 0 &&
	    strcmp(now.password, a->member.password) == 0;
}

static enum err
begin(struct call *c, const void *input)
{
	const struct credentials	*in = input;
	struct attempt			*a = api_memory(c, sizeof(*a));
	struct work			*w = api_work(c);
	struct session_tokens		 tokens;

	if (a->says == PASSWORD_BUSY) {
		api_guess_back(c, in->email);
		api_retry(c, 1);
		w->detail = "Many are logging in just now: try again.";
		return ERR_RATE_LIMITED;
	}
	if (a->says != PASSWORD_RIGHT || !is_still(c, a))
		return ERR_INVALID_CREDENTIALS;
	api_guess_back(c, in->email);
	member_note_login(w, &a->member, a->better);
	session_begin(w, &a->member, &tokens);

	return api_reply(c, 200, &session_out, &tokens);
}

/* refresh: a token of use once gets the next two. */

struct renewal {
	const char	*token;
};

static const struct shape refresh_in = SHAPE("Renewal", struct renewal,
	{ "refreshToken", TEXT(struct renewal, token), NEED, 1, LIMIT_TOKEN,
	    .about = "that of the last answer which had one" });

static enum err
refresh(struct call *c, const void *input)
{
	const struct renewal	*in = input;
	struct session_tokens	 tokens;
	enum err		 e;

	e = session_refresh(api_work(c), in->token, &tokens);
	if (e != OK)
		return e;

	return api_reply(c, 200, &session_out, &tokens);
}

static enum err
logout(struct call *c, const void *input)
{
	(void)input;
	session_end(api_work(c), api_session(c)->number);

	return api_done(c);
}

static enum err
me(struct call *c, const void *input)
{
	(void)input;

	return api_reply(c, 200, &member_out, &api_session(c)->member);
}

int
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
