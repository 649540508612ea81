/*
 * doctor: is this site well, and if not, what is to be done?
 *
 * Each part that is looked at is a row of a table.  Nothing is changed, and
 * nobody but the site itself is asked, unless --online says so.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bin/command/doctor.h"
#include "lib/base/arena.h"

static int	doctor(struct cli *);

static const struct option doctor_options[] = {
	{ "web", "DIR", "the site's folder in the web root, if elsewhere",
	    false },
	{ "online", NULL, "ask payment providers, too: do we get out?",
	    false },
	{ 0 }
};

const struct command doctor_commands[] = {
	{ "doctor", "Find what is wrong with a site, and what to do",
	    doctor_options, doctor },
	{ 0 }
};

static const char *const levels[] = { "ok", "note", "warning", "fault",
	NULL };

static const struct shape finding_out = SHAPE("Finding",
    struct doctor_finding,
	{ "subject", TEXT(struct doctor_finding, subject) },
	{ "level",   WORD(struct doctor_finding, level), .words = levels },
	{ "found",   TEXT(struct doctor_finding, found) },
	{ "advice",  TEXT(struct doctor_finding, advice), NULLS });

void
doctor_found(struct doctor *d, enum doctor_level level, const char *advice,
    const char *format, ...)
{
	struct doctor_finding	*f;
	va_list			 args;

	if (d->count == DOCTOR_FINDINGS)
		return;
	f = &d->all[d->count++];
	f->subject = d->subject;
	f->level = (int)level;
	va_start(args, format);
	f->found = arena_vprintf(d->c->arena, format, args);
	va_end(args);
	f->advice = level >= DOCTOR_WARNING ?
	    arena_text(d->c->arena, advice) : NULL;
}

/* The rest of what is found says what root alone could never see. */
static void
look_at_self(struct doctor *d)
{
	d->subject = "user";
	if (geteuid() != 0)
		doctor_found(d, DOCTOR_OK, NULL, "uid %ld, not root",
		    (long)geteuid());
	else
		doctor_found(d, DOCTOR_WARNING, "run the doctor as the"
		    " site's user", "this is root, who is refused nothing:"
		    " what the site's user may not do cannot be seen");
}

static void	(*const parts[])(struct doctor *) = {
	look_at_self, doctor_files, doctor_programs, doctor_books,
	doctor_web, doctor_online,
};

static size_t
count(const struct doctor *d, enum doctor_level level)
{
	size_t	 n = 0;

	for (size_t i = 0; i < d->count; i++)
		n += d->all[i].level == (int)level;

	return n;
}

static void
print(struct doctor *d)
{
	const struct doctor_finding	*f;

	if (d->c->json) {
		print_list(d->c, &finding_out,
		    &(struct list){ d->all, d->count });
		return;
	}
	for (size_t i = 0; i < d->count; i++) {
		f = &d->all[i];
		printf("%-8s %-14s %s\n", levels[f->level], f->subject,
		    f->found);
		if (f->advice != NULL)
			printf("%-8s -> %s\n", "", f->advice);
	}
	printf("\n%zu faults, %zu warnings\n", count(d, DOCTOR_FAULT),
	    count(d, DOCTOR_WARNING));
}

static int
doctor(struct cli *c)
{
	static struct doctor	 d;
	char			 why[1024];

	d.c = c;
	d.web = cli_value(c, "web");
	d.online = cli_value(c, "online") != NULL;
	d.subject = "configuration";
	if (!conf_load(&c->conf, why, sizeof(why)))
		doctor_found(&d, DOCTOR_FAULT, "mend it, or name another in"
		    " ALMONER_CONF; almoner init makes one", "%s", why);
	else if (c->conf.test_site && !clock_set(getenv("ALMONER_NOW")))
		doctor_found(&d, DOCTOR_FAULT, "unset it", "ALMONER_NOW is"
		    " neither unix seconds nor the path of a file that"
		    " holds them");
	else
		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			parts[i](&d);
	if (c->db != NULL)
		db_close(c->db);
	print(&d);

	return count(&d, DOCTOR_FAULT) > 0 ? 2 :
	    count(&d, DOCTOR_WARNING) > 0 ? 1 : 0;
}
