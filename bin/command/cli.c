/*
 * cli: what every command needs: its options, the site, a refusal told.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command/cli.h"
#include "lib/api/counts.h"
#include "lib/api/problem.h"
#include "lib/giving/partners/partner.h"
#include "lib/giving/site/site.h"
#include "lib/giving/upkeep/sandbox.h"

const char *
cli_value(const struct cli *c, const char *name)
{
	const struct option	*o = c->command->options;

	for (size_t i = 0; o != NULL && o[i].name != NULL; i++)
		if (strcmp(o[i].name, name) == 0)
			return c->values[i];

	return NULL;
}

void
cli_usage(const struct cli *c, const char *format, ...)
{
	va_list	 args;

	fprintf(stderr, "almoner: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nalmoner %s --help shows how it is said.\n",
	    c->command != NULL ? c->command->name : "");
	exit(2);
}

int64_t
cli_number(const struct cli *c, const char *name, struct cli_range range)
{
	const char	*text = cli_value(c, name);
	long long	 n;
	char		*end;

	if (text == NULL)
		return range.preset;
	errno = 0;
	n = strtoll(text, &end, 10);
	if (*text == '\0' || *end != '\0' || errno != 0 ||
	    n < range.least || n > range.most)
		cli_usage(c, "--%s is a whole number from %lld to %lld", name,
		    (long long)range.least, (long long)range.most);

	return n;
}

void
cli_configure(struct cli *c)
{
	const char	*now = getenv("ALMONER_NOW");
	char		 why[1024];

	if (!conf_load(&c->conf, why, sizeof(why))) {
		fprintf(stderr, "almoner: %s\nSet ALMONER_CONF to the path"
		    " of your almoner.conf, or make a site with:"
		    " almoner init --dir DIR\n", why);
		exit(1);
	}
	if (now != NULL && !c->conf.test_site) {
		fprintf(stderr, "almoner: ALMONER_NOW is set, but %s does"
		    " not say test_site = yes: unset it\n", c->conf.path);
		exit(1);
	}
	if (!clock_set(now)) {
		fprintf(stderr, "almoner: ALMONER_NOW is neither unix"
		    " seconds nor the path of a file that holds them\n");
		exit(1);
	}
	c->work.now = clock_now();
}

void
cli_open(struct cli *c, enum db_kind kind)
{
	char	 why[1024];

	cli_configure(c);
	c->db = site_open(&c->conf, c->arena, why, sizeof(why));
	if (c->db == NULL) {
		fprintf(stderr, "almoner: %s\n", why);
		exit(1);
	}
	c->work.db = c->db;
	db_begin(c->db, kind);
}

void
cli_tenant(struct cli *c)
{
	const char	*slug = cli_value(c, "partner");
	const char	*side = cli_value(c, "side");
	struct partner	 p;

	if (partner_find(&c->work, slug, &p) != OK) {
		fprintf(stderr, "almoner: there is no partner %s; almoner"
		    " partner list shows them\n", slug);
		exit(1);
	}
	if (strcmp(side, "test") != 0 && strcmp(side, "live") != 0)
		cli_usage(c, "--side is test or live");
	c->work.tenant = strcmp(side, "live") == 0 ? p.live : p.test;
}

void
cli_own_time(struct cli *c)
{
	struct sandbox_clock	 clock;

	if (sandbox_clock(&c->work, &clock) == OK)
		c->work.now.ms += clock.ahead_s * 1000;
}

/* What running programs remember of keys is true no more. */
static void
tell_servers(const struct cli *c)
{
	struct counts	*counts = counts_open(c->conf.database);

	if (counts == NULL) {
		fprintf(stderr, "almoner: cannot tell the running programs;"
		    " they will see it within a second\n");
		return;
	}
	counts_epoch_move(counts);
	counts_close(counts);
}

int
cli_close(struct cli *c)
{
	bool	 good = db_commit(c->db) && db_flush(c->db);

	if (good && c->work.keys_changed)
		tell_servers(c);
	if (!good)
		fprintf(stderr, "almoner: the books did not take it: %s\n",
		    db_why(c->db));
	db_close(c->db);

	return good ? 0 : 1;
}

int
cli_refuse(struct cli *c, enum err e)
{
	const struct problem	*p = problem_row(e);

	fprintf(stderr, "almoner: %s: %s\n", p->code,
	    c->work.detail != NULL ? c->work.detail : p->detail);
	for (struct fault *f = c->faults.first; f != NULL; f = f->next)
		fprintf(stderr, "  %s: %s\n", f->pointer, f->detail);
	db_rollback(c->db);
	db_close(c->db);

	return 1;
}

int
cli_list(struct cli *c, void (*find)(struct work *, struct list *),
    const struct shape *shape)
{
	struct list	 all;

	cli_open(c, DB_READ);
	if (cli_value(c, "side") != NULL)
		cli_tenant(c);
	find(&c->work, &all);
	print_list(c, shape, &all);

	return cli_close(c);
}
