/*
 * setup: a site made in a browser, for hosts without a shell.
 *
 * The page is there only while the file setup.token lies where almoner.conf
 * is going to be, which nobody can put there but the operator, and no site
 * does.  What is in the file has to be typed.  Once there is a site the file
 * is removed, and the page is gone, file or not.  doc/hosting.md has the
 * steps.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/api/api.h"
#include "lib/api/page.h"
#include "lib/api/page_field.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/conf.h"
#include "lib/base/limits.h"
#include "lib/crypto/hmac.h"
#include "lib/crypto/password.h"
#include "lib/giving/members/member.h"
#include "lib/giving/partners/key.h"
#include "lib/giving/partners/partner.h"
#include "lib/giving/pools/pool.h"
#include "lib/giving/site/founding.h"

#define TEST_TOKENS 100000	/* to begin with, in the sandbox */

static const struct shape	form_in;

static enum err	show(struct call *, const void *);
static enum err	make(struct call *, const void *);
static void	again(struct call *, const void *, const char *);

static const struct route routes[] = {
	{ "GET", "/v1/setup", ACCESS_OPEN, NULL, NULL, NULL, show,
	    .page = true, .before_books = true },
	{ "POST", "/v1/setup", ACCESS_OPEN, NULL, &form_in, NULL, make,
	    .page = true, .before_books = true, .again = again },
	{ 0 }
};

struct wanted {
	const char	*token, *base_url, *name, *slug;
	const char	*email, *password, *again;
};

static const struct shape form_in = SHAPE("Setup", struct wanted,
	{ "token", TEXT(struct wanted, token), QUERY | NEED, 1,
	    LIMIT_SETUP_TOKEN, .about = "what setup.token says" },
	{ "baseUrl", TEXT(struct wanted, base_url), QUERY | NEED, 8,
	    LIMIT_ORIGIN, .about = "where partners reach the site" },
	{ "name", TEXT(struct wanted, name), QUERY | NEED, 1, LIMIT_NAME,
	    .about = "of the first partner" },
	{ "slug", TEXT(struct wanted, slug), QUERY | NEED, 1, LIMIT_SLUG,
	    .about = "its name in addresses and commands" },
	{ "email", TEXT(struct wanted, email), QUERY | NEED, 1, LIMIT_EMAIL,
	    .about = "of the site's administrator" },
	{ "password", TEXT(struct wanted, password), QUERY | NEED, 1,
	    LIMIT_PASSWORD, .about = "that they log in with" },
	{ "again", TEXT(struct wanted, again), QUERY | NEED, 1,
	    LIMIT_PASSWORD, .about = "the same password" });

/* Where the site is going to be. */
struct place {
	char	conf[1024], token[1024], counts[1024];
};

/* The word that the operator put there, without blanks around it; or NULL. */
static const char *
read_token(struct call *c, const struct place *p)
{
	char	 line[LIMIT_SETUP_TOKEN + 2];
	FILE	*file = fopen(p->token, "re");
	size_t	 size;

	if (file == NULL)
		return NULL;
	size = fread(line, 1, sizeof(line) - 1, file);
	fclose(file);
	while (size > 0 && strchr(" \t\r\n", line[size - 1]) != NULL)
		size--;
	line[size] = '\0';

	return arena_text(api_work(c)->arena, line);
}

/* ERR_NOT_FOUND: there is a site, or nobody wants one. */
static enum err
find(struct call *c, struct place *p, const char **token)
{
	struct work	*w = api_work(c);
	char		 why[1024];
	int		 folder;

	if (!conf_find(p->conf, why, sizeof(why)) ||
	    strrchr(p->conf, '/') == NULL)
		return ERR_NOT_FOUND;
	folder = (int)(strrchr(p->conf, '/') - p->conf);
	if (snprintf(p->token, sizeof(p->token), "%.*s/setup.token", folder,
	    p->conf) >= (int)sizeof(p->token) ||
	    snprintf(p->counts, sizeof(p->counts), "%.*s/setup", folder,
	    p->conf) >= (int)sizeof(p->counts))
		return ERR_NOT_FOUND;
	*token = access(p->conf, F_OK) == 0 ? NULL : read_token(c, p);
	if (*token == NULL)
		return ERR_NOT_FOUND;
	if (strlen(*token) >= LIMIT_SETUP_TOKEN_MIN)
		return OK;
	w->detail = arena_printf(w->arena, "The file setup.token has fewer"
	    " than %d characters: write a longer word into it.",
	    LIMIT_SETUP_TOKEN_MIN);

	return ERR_UNAVAILABLE;
}

/*
 * Is it the word?  Who guesses is counted by address, in a file beside it,
 * since a CGI program forgets.
 */
static enum err
check_token(struct call *c, const struct place *p, const char *token,
    const char *typed)
{
	struct work	*w = api_work(c);
	struct counts	*counts = counts_open(p->counts);
	char		 a[LIMIT_SETUP_TOKEN + 2] = "";
	char		 b[LIMIT_SETUP_TOKEN + 2] = "";
	enum err	 e = OK;

	if (counts == NULL) {
		w->detail = "The folder of setup.token cannot be written by"
		    " the programs.";
		return ERR_UNAVAILABLE;
	}
	snprintf(a, sizeof(a), "%s", token);
	snprintf(b, sizeof(b), "%s", typed);
	if (counts_blocked(counts, api_address(c), LIMIT_SETUP_TRIES, w->now)) {
		w->detail = "That was too often wrong: wait a minute.";
		e = ERR_RATE_LIMITED;
	} else if (!hmac_equal(a, b, sizeof(a))) {
		counts_failure(counts, api_address(c), w->now);
		faults_add(w->faults, "/token",
		    "It is not what the file setup.token says.");
		e = ERR_INVALID_REQUEST;
	}
	counts_close(counts);

	return e;
}

/* What the configuration and the books would refuse, before they are made. */
static enum err
check_form(struct call *c, const struct wanted *in)
{
	static const char	 good[] = "abcdefghijklmnopqrstuvwxyz"
				    "0123456789-";
	struct work		*w = api_work(c);
	size_t			 size = strlen(in->base_url);

	if ((strncmp(in->base_url, "https://", 8) != 0 &&
	    strncmp(in->base_url, "http://", 7) != 0) ||
	    in->base_url[size - 1] == '/' ||
	    strpbrk(in->base_url, " \t\r\n\"<>#?") != NULL)
		faults_add(w->faults, "/baseUrl", "Write an address like"
		    " https://give.example, without a / at its end.");
	if (in->slug[strspn(in->slug, good)] != '\0' || in->slug[0] == '-')
		faults_add(w->faults, "/slug", "Use small letters, digits"
		    " and -.");
	if (strcmp(in->password, in->again) != 0)
		faults_add(w->faults, "/again", "The two passwords differ.");

	return member_check(w, in->email, in->password, "/password");
}

/* The form. */

#define PASSWORD " type=\"password\" autocomplete=\"new-password\" required"

static void
write_form(struct call *c, int status, const struct wanted *f, const char *why)
{
	static const char *const	 names[] = { "token", "baseUrl",
		"name", "slug", "email", "password", "again", NULL };
	struct buf			 page;

	buf_init(&page, api_work(c)->arena);
	page_begin(c, &page, "Set up Almoner");
	if (why != NULL)
		page_field_refused(c, &page, why, names);
	else
		buf_text(&page, "<p>This makes the site: its configuration,"
		    " its master key, its database, its administrator, and a"
		    " first partner with keys for tests.</p>\n");
	buf_text(&page, "<form method=\"post\" autocomplete=\"off\""
	    " novalidate>\n");
	page_field_line(c, &page, &(struct page_field){ "token",
	    "What the file setup.token says", NULL, " type=\"password\""
	    " required", NULL });
	page_field_line(c, &page, &(struct page_field){ "baseUrl",
	    "Address of this site", f->base_url, " type=\"url\" required",
	    "Where partners reach it, up to what precedes /v1" });
	page_field_line(c, &page, &(struct page_field){ "name",
	    "Name of the first partner", f->name, " required", NULL });
	page_field_line(c, &page, &(struct page_field){ "slug",
	    "Its short name", f->slug, " required",
	    "Small letters, digits and -: my-shop" });
	page_field_line(c, &page, &(struct page_field){ "email",
	    "E-mail address of the administrator", f->email,
	    " type=\"email\" required", NULL });
	page_field_line(c, &page, &(struct page_field){ "password",
	    "Their password", NULL, PASSWORD, "Ten characters or more" });
	page_field_line(c, &page, &(struct page_field){ "again",
	    "The same password again", NULL, PASSWORD, NULL });
	buf_text(&page, "<button>Make the site</button>\n</form>\n");
	page_end(&page);
	(void)api_page(c, status, buf_str(&page));
}

static enum err
show(struct call *c, const void *input)
{
	struct place	 p;
	const char	*token;
	struct wanted	 f = { .base_url = api_site(c) };
	enum err	 e = find(c, &p, &token);

	(void)input;
	if (e == OK)
		write_form(c, 200, &f, NULL);

	return e;
}

static void
again(struct call *c, const void *input, const char *why)
{
	write_form(c, 0, input, why);
}

/* The site. */

/* What it is made from, and all that is shown once. */
struct made {
	const struct wanted	*in;
	struct conf		 conf;
	struct partner		 partner;
	struct pool		 pool;
	struct key_issued	 key;
	const char		*password;	/* what is kept of it */
};

static bool
fill(struct work *w, void *with)
{
	struct made		*m = with;
	struct member_wish	 wish = { m->in->email, NULL, m->password };
	struct pool_allocation	 a;
	struct member		 admin;

	if (member_create(w, &wish, &admin) != OK || partner_create(w,
	    m->in->name, m->in->slug, &m->partner) != OK)
		return false;
	w->tenant = m->partner.test;

	return pool_create(w, "Main", true, &m->pool) == OK &&
	    pool_allocate(w, &m->pool, (struct tokens){ TEST_TOKENS },
	    "To begin with", &a) == OK &&
	    key_create(w, &(struct key_wish){ .name = "First" }, &m->key) ==
	    OK;
}

static enum err
found(struct call *c, const struct place *p, struct made *m)
{
	struct work	*w = api_work(c);
	struct founding	 f = { .conf = p->conf, .log = "almoner.log",
		.base_url = m->in->base_url, .first = { fill, m } };
	char		 why[1024];

	m->password = password_make(w->arena, m->in->password);
	if (m->password == NULL) {
		w->detail = "There is too little memory to keep a password:"
		    " it takes 32 MiB.";
		return ERR_UNAVAILABLE;
	}
	if (!founding_make(&f, &m->conf, w, why, sizeof(why))) {
		w->detail = arena_text(w->arena, why);
		return ERR_UNAVAILABLE;
	}
	/* The first webhook is not made yet. */
	w->told = false;

	return OK;
}

static void
write_value(struct buf *page, const char *name, const char *value)
{
	buf_printf(page, "<dt>%s</dt>\n<dd><code>", name);
	page_text(page, value);
	buf_text(page, "</code></dd>\n");
}

static void
write_done(struct call *c, const struct place *p, const struct made *m)
{
	struct buf	 page;
	bool		 locked = access(p->token, F_OK) == -1;

	buf_init(&page, api_work(c)->arena);
	page_begin(c, &page, "The site is made");
	buf_text(&page, "<p>These are shown now and never again: keep them."
	    "</p>\n<dl>\n");
	write_value(&page, "Publishable key", m->key.publishable);
	write_value(&page, "Secret key", m->key.secret);
	write_value(&page, "Signing secret", m->key.hmac_secret);
	write_value(&page, "Partner", m->partner.id);
	write_value(&page, "Token pool", m->pool.id);
	buf_text(&page, "</dl>\n<p>The administrator logs in with their"
	    " e-mail address and password.</p>\n<h2>Next</h2>\n<ol>\n"
	    "<li>Download a copy of the master key, <code>");
	page_text(&page, m->conf.master_key);
	buf_text(&page, "</code>, and keep it elsewhere: without it the"
	    " signing secrets are lost.</li>\n<li>Add these lines to the"
	    " host's cron, each minute:<br>");
	for (int i = 0; i < 2; i++) {
		buf_printf(&page, "%s<code>ALMONER_CONF=", i > 0 ? "<br>" :
		    "");
		page_text(&page, m->conf.path);
		buf_text(&page, " ");
		page_text(&page, arena_copy(page.arena, p->conf,
		    (size_t)(strrchr(p->conf, '/') - p->conf)));
		buf_printf(&page, "/bin/%s</code>", i == 0 ? "deliver" :
		    "housekeep");
	}
	buf_printf(&page, "</li>\n<li>%s</li>\n</ol>\n", locked ?
	    "This page has locked itself: setup.token is removed." :
	    "Remove the file setup.token, which could not be removed.  This"
	    " page is locked all the same.");
	page_end(&page);
	(void)api_page(c, 201, buf_str(&page));
}

static enum err
make(struct call *c, const void *input)
{
	const struct wanted	*in = input;
	struct made		*m;
	struct place		 p;
	const char		*token;
	enum err		 e = find(c, &p, &token);

	if (e != OK)
		return e;
	/* From here on a refusal is the form again. */
	m = api_memory(c, sizeof(*m));
	m->in = in;
	e = check_token(c, &p, token, in->token);
	if (e == OK)
		e = check_form(c, in);
	if (e == OK)
		e = found(c, &p, m);
	if (e != OK)
		return e;
	(void)unlink(p.token);
	(void)unlink(arena_printf(api_work(c)->arena, "%s.counts",
	    p.counts));
	write_done(c, &p, m);

	return OK;
}

int
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
