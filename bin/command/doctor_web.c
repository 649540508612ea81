/*
 * doctor_web: the site as the world sees it, through its web server.
 *
 * What must not be downloaded is asked for by every name that it could have:
 * below the site's address, and below that of its server, with each ending of
 * the file's path, since any of the folders above it may be the web root.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bin/command/doctor.h"
#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/net/net.h"

#define TIMEOUT_MS	15000
#define KEEP		4096
#define ASKED_MAX	96
#define FOLDERS_MAX	6	/* of a path, from its end */
#define LARGE_BODY	200000	/* more than mod_fcgid takes by itself */

struct asked {
	const char	*url;
	void		(*judge)(struct doctor *, const struct asked *,
			    const struct net_answer *);
	const char	*mark;		/* what its content is known by */
	const char	*file;
};

struct round {
	struct net	*net;
	struct asked	 asked[ASKED_MAX];
	size_t		 count;
};

static bool
begins(const struct net_answer *a, const char *bytes, size_t size)
{
	return a->size >= size && memcmp(a->body, bytes, size) == 0;
}

static bool
is_program(const struct net_answer *a)
{
	return begins(a, "\177ELF", 4);
}

static void
ask(struct doctor *d, struct round *r, const char *method,
    const struct asked *what)
{
	struct net_wish	 wish = { .method = method, .url = what->url,
		.timeout_ms = TIMEOUT_MS, .keep = KEEP };
	char		*body;

	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->asked[i].url, what->url) == 0 &&
		    r->asked[i].judge == what->judge)
			return;
	if (r->count == ASKED_MAX)
		return;
	r->asked[r->count] = *what;
	wish.with = &r->asked[r->count++];
	if (strcmp(method, "POST") == 0) {
		body = arena_alloc(d->c->arena, LARGE_BODY);
		memset(body, ' ', LARGE_BODY);
		wish.body = body;
		wish.size = LARGE_BODY;
	}
	net_start(r->net, &wish);
}

/* Wait for all, and judge each as it comes. */
static void
collect(struct doctor *d, struct round *r)
{
	const struct asked	*what;
	struct net_answer	 a;

	while (net_running(r->net) > 0 &&
	    net_next(r->net, 2 * TIMEOUT_MS, &a)) {
		what = a.with;
		what->judge(d, what, &a);
	}
}

/* An unsigned request must be refused by us, and by nobody else. */
static void
judge_api(struct doctor *d, const struct asked *what,
    const struct net_answer *a)
{
	d->subject = "requests";
	if (a->outcome != NET_ANSWERED)
		doctor_found(d, DOCTOR_FAULT, "is the web server running,"
		    " and is base_url its address as seen from here?",
		    "%s: %s", what->url, a->why);
	else if (a->status == 401 && strstr(a->body, "MISSING_CREDENTIALS"))
		doctor_found(d, DOCTOR_OK, NULL, "%s answers", what->url);
	else if (is_program(a))
		doctor_found(d, DOCTOR_FAULT, "chmod 711 the programs now,"
		    " and see doc/hosting.md for the server's handler",
		    "%s gives out the program instead of starting it",
		    what->url);
	else if (strstr(a->body, "\"UNAVAILABLE\"") != NULL)
		doctor_found(d, DOCTOR_FAULT, "the site's log, or the web"
		    " server's, says why", "%s: the programs run, but"
		    " cannot open the books", what->url);
	else if (a->status >= 300 && a->status < 400)
		doctor_found(d, DOCTOR_FAULT, "say the address that it leads"
		    " to in base_url: signed requests do not follow",
		    "%s leads elsewhere (%d)", what->url, a->status);
	else if (a->status == 404)
		doctor_found(d, DOCTOR_FAULT, "see that base_url is where"
		    " .htaccess lies, or the server's configuration",
		    "%s: the web server knows no such address", what->url);
	else
		doctor_found(d, DOCTOR_FAULT, "the web server's error log"
		    " says why", "%s: status %d, and not from our programs",
		    what->url, a->status);
}

static void
judge_large(struct doctor *d, const struct asked *what,
    const struct net_answer *a)
{
	if (a->outcome == NET_ANSWERED && a->status == 401 &&
	    strstr(a->body, "MISSING_CREDENTIALS") != NULL)
		return;
	d->subject = "large bodies";
	doctor_found(d, DOCTOR_FAULT, "have bodies of 1 MiB let through;"
	    " with mod_fcgid, see that almoner.cgi lies beside almoner.fcgi",
	    "%s with %d bytes: %s %d", what->url, LARGE_BODY,
	    a->outcome == NET_ANSWERED ? "status" : a->why, a->status);
}

static void
judge_clock(struct doctor *d, const struct asked *what,
    const struct net_answer *a)
{
	int64_t	 apart = a->date_s - (int64_t)time(NULL);

	d->subject = "clock";
	if (a->date_s < 0)
		return;
	if (llabs((long long)apart) >= LIMIT_CLOCKS_S)
		doctor_found(d, llabs((long long)apart) >=
		    LIMIT_CLOCK_SKEW_S ? DOCTOR_FAULT : DOCTOR_WARNING,
		    "have this machine's clock set by NTP, or ask the host:"
		    " signed requests are refused beyond 300 s",
		    "%s is %lld s %s of this machine's clock", what->url,
		    llabs((long long)apart), apart > 0 ? "ahead" : "behind");
	else
		doctor_found(d, DOCTOR_OK, NULL, "as that of %s", what->url);
}

/* A page that says "not found" with status 200 is no leak. */
static void
judge_secret(struct doctor *d, const struct asked *what,
    const struct net_answer *a)
{
	if (a->status != 200 || a->size == 0 ||
	    !(what->mark != NULL ? strstr(a->body, what->mark) != NULL :
	    is_program(a)))
		return;
	d->subject = "secrets";
	doctor_found(d, DOCTOR_FAULT, what->mark != NULL ?
	    "move it out of the web root now; what it held is known: make"
	    " new keys" : "chmod 711 it now, and see doc/hosting.md for the"
	    " server's handler", "%s gives out %s", what->url, what->file);
}

/* "https://host:port" of the address. */
static const char *
origin(struct doctor *d, const char *url)
{
	const char	*at = strstr(url, "://");

	if (at == NULL)
		return url;

	return arena_copy(d->c->arena, url, (size_t)(at - url) + 3 +
	    strcspn(at + 3, "/"));
}

/* By every ending of its path: /ledger.db, /data/ledger.db, … */
static void
ask_for_file(struct doctor *d, struct round *r, const char *path,
    const char *mark)
{
	const char	*base = d->c->conf.base_url;
	const char	*from[] = { base, origin(d, base) };
	const char	*at = path + strlen(path);

	for (int i = 0; i < FOLDERS_MAX && at > path; i++) {
		for (at--; at > path && *at != '/'; at--)
			continue;
		if (*at != '/')
			return;
		for (size_t k = 0; k < 2; k++)
			ask(d, r, "GET", &(struct asked){ doctor_text(d,
			    "%s%s", from[k], at), judge_secret, mark,
			    path });
	}
}

static void
ask_for_secrets(struct doctor *d, struct round *r)
{
	static const char *const programs[] = { "/cgi-bin/almoner.fcgi",
		"/cgi-bin/almoner.cgi", "/cgi-bin/actions.fcgi" };
	const struct conf	*conf = &d->c->conf;

	ask_for_file(d, r, conf->database, "SQLite format 3");
	ask_for_file(d, r, conf->path, "database");
	/* The first digits of the key are mark enough, and never shown. */
	ask_for_file(d, r, conf->master_key, d->key_mark);
	if (conf->log[0] != '\0')
		ask_for_file(d, r, conf->log, " error req_");
	ask(d, r, "GET", &(struct asked){ doctor_text(d, "%s/almoner.path",
	    conf->base_url), judge_secret, "almoner.conf",
	    "almoner.path" });
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		ask(d, r, "GET", &(struct asked){ doctor_text(d, "%s%s",
		    conf->base_url, programs[i]), judge_secret, NULL,
		    "a program" });
}

static bool
open_round(struct doctor *d, struct round *r)
{
	const struct conf	*conf = &d->c->conf;
	struct net_rules	 rules = { .anywhere = true,
		.ca_file = conf->ca_file[0] != '\0' ? conf->ca_file : NULL,
		.connections = 8 };

	r->count = 0;
	r->net = net_open(&rules);
	if (r->net == NULL)
		doctor_found(d, DOCTOR_FAULT, "see what the host allows",
		    "there is no memory or descriptor left to ask with");

	return r->net != NULL;
}

void
doctor_web(struct doctor *d)
{
	static struct round	 r;
	const char		*base = d->c->conf.base_url;
	size_t			 before;

	d->subject = "requests";
	if (base[0] == '\0' || !open_round(d, &r))
		return;
	ask(d, &r, "GET", &(struct asked){ doctor_text(d,
	    "%s/v1/partner/token-pools", base), judge_api, NULL, NULL });
	ask(d, &r, "GET", &(struct asked){ doctor_text(d,
	    "%s/v1/partner/token-pools", base), judge_clock, NULL, NULL });
	ask(d, &r, "POST", &(struct asked){ doctor_text(d,
	    "%s/v1/partner/actions/bulk", base), judge_large, NULL, NULL });
	collect(d, &r);
	before = d->count;
	ask_for_secrets(d, &r);
	collect(d, &r);
	net_close(r.net);
	d->subject = "secrets";
	if (d->count == before)
		doctor_found(d, DOCTOR_OK, NULL, "none of them is given out;"
		    " %zu addresses were tried", r.count - 3);
}

static void
judge_outside(struct doctor *d, const struct asked *what,
    const struct net_answer *a)
{
	d->subject = "outbound";
	if (a->outcome != NET_ANSWERED) {
		doctor_found(d, DOCTOR_FAULT, a->outcome == NET_TLS ?
		    "see authorities above" : "ask the host to let requests"
		    " out: without them no webhook is sent", "%s: %s",
		    what->url, a->why);
		return;
	}
	doctor_found(d, DOCTOR_OK, NULL, "%s answers", what->url);
	judge_clock(d, what, a);
}

void
doctor_online(struct doctor *d)
{
	static struct round	 r;

	d->subject = "outbound";
	if (!d->online || !open_round(d, &r))
		return;
	ask(d, &r, "GET", &(struct asked){ doctor_text(d, "%s/",
	    d->c->conf.stripe_url), judge_outside, NULL, NULL });
	ask(d, &r, "GET", &(struct asked){ doctor_text(d, "%s/",
	    d->c->conf.every_org_url), judge_outside, NULL, NULL });
	collect(d, &r);
	net_close(r.net);
}
