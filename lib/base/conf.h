#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The site's configuration: lines of `name = value` in almoner.conf, # for
 * comments.  Every name has a default; relative paths are read from the
 * folder of the file.  conf.c has the table of names with their meaning.
 */
struct conf {
	char	path[1024];		/* of the file itself; "" if none */
	char	database[1024];		/* data/ledger.db */
	char	master_key[1024];	/* master.key: 32 bytes as 64 hex */
	char	log[1024];		/* empty: standard error */
	char	base_url[1024];		/* where partners reach us */
	char	assets_url[1024];	/* htdocs/; empty: where base_url is */
	bool	test_site;		/* ALMONER_NOW may move the clock */
	bool	sync_full;		/* SQLite syncs inside its own lock */
	int64_t	threads;		/* of one FastCGI program, at most */
	int64_t	failures_a_minute;	/* of one address, then 429 */
	bool	loopback_http;		/* webhooks of sandboxes may be http */
	char	webhook_ports[1024];	/* "443 8443" */
	char	ca_file[1024];		/* empty: the system's bundle */
	bool	start_deliver;		/* after an answer that told of it */
	int64_t	webhook_days;		/* that deliveries are kept */
	/* Payments: Stripe's keys for each side, and where its API is … */
	char	stripe_key[1024], stripe_secret[1024];
	char	stripe_test_key[1024], stripe_test_secret[1024];
	char	stripe_url[1024];
	/* … and Every.org's site, our token there, and our secret path. */
	char	every_org_url[1024], every_org_token[1024];
	char	every_org_secret[1024];
};

/*
 * Find and read it: ALMONER_CONF; else the file named by the one line of
 * almoner.path in the parent folder of the program's own; else almoner.conf
 * in that parent folder.  False, with a sentence in `why` that names file and
 * line, if a value is wrong or no file is found.
 */
bool	conf_load(struct conf *, char *why, size_t size);

/* The same from a file that is named; used by conf_load(). */
bool	conf_read(struct conf *, const char *path, char *why, size_t size);

/*
 * Where it would be looked for, though there be none yet: its path by the
 * same order.  False and a sentence if nobody knows.
 */
bool	conf_find(char path[1024], char *why, size_t size);

/* What can be said in it, in the manual's order; false: no more. */
struct conf_about {
	const char	*name, *preset, *about;
};
bool	conf_about(size_t i, struct conf_about *);

/* The folder above the one that this program's file lies in, and a slash. */
bool	conf_folder(char *out, size_t size);

#endif
