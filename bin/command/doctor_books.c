/*
 * doctor_books: do the books open, are they whole, and is what is due done?
 */
#include <sys/stat.h>

#include <stdio.h>
#include <string.h>

#include "bin/command/doctor.h"
#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/giving/members/member.h"
#include "lib/giving/site/heartbeat.h"
#include "lib/giving/site/migration.h"
#include "lib/giving/site/site.h"

static void
look_at_schema(struct doctor *d)
{
	struct migration_state	 at = { 0 };

	d->subject = "schema";
	if (!migration_look(d->c->db, &at))
		return;
	if (at.version < SITE_VERSION)
		doctor_found(d, DOCTOR_WARNING, "almoner migrate", "the"
		    " database has version %lld, this program brings %d",
		    (long long)at.version, SITE_VERSION);
	else if (at.version > SITE_VERSION)
		doctor_found(d, DOCTOR_WARNING, "put the newer programs in"
		    " place of all older ones", "the database has version"
		    " %lld, this program is of version %d",
		    (long long)at.version, SITE_VERSION);
	else
		doctor_found(d, DOCTOR_OK, NULL, "version %d", SITE_VERSION);
}

static void
look_at_journal(struct doctor *d)
{
	const char	*journal = db_journal(d->c->db);
	struct stat	 st;
	char		 path[1100];

	d->subject = "journal";
	snprintf(path, sizeof(path), "%s-wal", d->c->conf.database);
	if (strcmp(journal, "wal") != 0)
		doctor_found(d, DOCTOR_WARNING, "have database on a local"
		    " disk, if the host has one; it is safe as it is, but"
		    " slower", "no log can be used (%s): who reads and who"
		    " writes wait for each other", journal);
	else if (stat(path, &st) == 0 && st.st_size >> 20 >= LIMIT_LOG_MIB)
		doctor_found(d, DOCTOR_WARNING, "see that cron starts"
		    " housekeep, and that nothing reads for hours",
		    "the database's log has grown to %lld MiB",
		    (long long)st.st_size >> 20);
	else
		doctor_found(d, DOCTOR_OK, NULL, "a write-ahead log, on a"
		    " local disk");
}

static void
look_at_line(struct doctor *d)
{
	const char	*why = db_disorder(d->c->db);

	d->subject = "writers";
	if (why != NULL)
		doctor_found(d, DOCTOR_WARNING, "have the host raise"
		    " kernel.sem, or remove what nobody uses: ipcs -s and"
		    " ipcrm -s list and remove them; it is safe as it is, but"
		    " under load some requests wait for seconds",
		    "who writes does not wait in order: %s", why);
	else
		doctor_found(d, DOCTOR_OK, NULL, "they wait in the order"
		    " that they come");
}

/* Only the structure: the whole is what verify and backup look at. */
static void
look_at_integrity(struct doctor *d)
{
	bool	 good;

	d->subject = "database";
	db_begin(d->c->db, DB_READ);
	good = db_check(d->c->db, DB_CHECK_QUICK);
	if (!good)
		doctor_found(d, DOCTOR_FAULT, "stop the site, keep the file,"
		    " and almoner restore the last copy", "%s is damaged:"
		    " %s", d->c->conf.database, db_why(d->c->db));
	else
		doctor_found(d, DOCTOR_OK, NULL, "%s is sound",
		    d->c->conf.database);
	db_rollback(d->c->db);
}

static void
look_at_cron(struct doctor *d)
{
	static const char *const programs[] = { "deliver", "housekeep" };
	static const char	 advice[] = "put the lines of etc/crontab"
				    " into crontab -e, and look at what cron"
				    " mails";
	struct moment		 at;
	int64_t			 ago_s;

	d->subject = "cron";
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		at = heartbeat_last(&d->c->work, programs[i]);
		ago_s = (clock_now().ms - at.ms) / 1000;
		if (at.ms == 0)
			doctor_found(d, DOCTOR_FAULT, advice, "%s was never"
			    " started", programs[i]);
		else if (ago_s >= LIMIT_CRON_S)
			doctor_found(d, ago_s >= LIMIT_CRON_DOWN_S ?
			    DOCTOR_FAULT : DOCTOR_WARNING, advice, "%s was"
			    " last started %lld s ago", programs[i],
			    (long long)ago_s);
		else
			doctor_found(d, DOCTOR_OK, NULL, "%s was started"
			    " %lld s ago", programs[i], (long long)ago_s);
	}
}

/* By the time of each side, since a sandbox may be ahead of us. */
static void
look_at_backlog(struct doctor *d)
{
	struct query	*q;
	int64_t		 lag_s = 0, waiting = 0;

	d->subject = "webhooks";
	/* scans: only what waits to be sent, of all partners */
	q = db_query(d->c->db, SQL(
	    "SELECT count(*) AS n, min(d.due_at - t.ahead) AS oldest"
	    " FROM deliveries d INDEXED BY deliveries_due"
	    " JOIN webhooks h ON h.tenant = d.tenant AND h.id = d.webhook"
	    " JOIN tenants t ON t.id = d.tenant"
	    " WHERE d.due_at IS NOT NULL AND h.disabled_at IS NULL"
	    " AND h.removed_at IS NULL AND t.side <> 'gone'"));
	if (db_next(q)) {
		waiting = db_col_int(q, "n");
		if (waiting > 0)
			lag_s = (clock_now().ms - db_col_int(q, "oldest")) /
			    1000;
	}
	db_done(q);
	if (lag_s < LIMIT_LAG_S)
		doctor_found(d, DOCTOR_OK, NULL, "%lld deliveries wait, none"
		    " for long", (long long)waiting);
	else
		doctor_found(d, lag_s >= LIMIT_LAG_DOWN_S ? DOCTOR_FAULT :
		    DOCTOR_WARNING, "see cron above, and run bin/deliver by"
		    " hand: the site's log says what stops it",
		    "%lld deliveries wait, the first for %lld s",
		    (long long)waiting, (long long)lag_s);
}

/* Who may read the files is one in any case. */
static void
look_at_admins(struct doctor *d)
{
	int64_t	 n = member_admins(&d->c->work);

	d->subject = "administrators";
	if (n == 0)
		doctor_found(d, DOCTOR_NOTE, NULL, "nobody can log in:"
		    " almoner admin create makes somebody who can");
	else
		doctor_found(d, DOCTOR_OK, NULL, "%lld can log in",
		    (long long)n);
}

void
doctor_books(struct doctor *d)
{
	struct cli	*c = d->c;
	char		 why[1024];

	d->subject = "database";
	c->db = site_open(&c->conf, c->arena, why, sizeof(why));
	if (c->db == NULL) {
		doctor_found(d, DOCTOR_FAULT, "every request is answered"
		    " 503 until this is mended", "%s", why);
		return;
	}
	c->work.db = c->db;
	look_at_integrity(d);
	look_at_schema(d);
	look_at_journal(d);
	look_at_line(d);
	db_begin(c->db, DB_READ);
	look_at_admins(d);
	look_at_cron(d);
	look_at_backlog(d);
	d->subject = "database";
	if (!db_commit(c->db))
		doctor_found(d, DOCTOR_FAULT, "stop the site, keep the file,"
		    " and almoner restore the last copy", "it cannot be read:"
		    " %s", db_why(c->db));
}
