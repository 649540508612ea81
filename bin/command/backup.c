/*
 * backup: a verified copy of the books, taken while requests run.
 *
 * A copy that was never read is a hope, so each is read to its end: the file
 * by the database's own check, the books by all of their laws.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bin/command/backup.h"
#include "bin/command/cli.h"
#include "bin/command/ledger.h"
#include "lib/base/arena.h"
#include "lib/giving/site/site.h"

static int	backup(struct cli *);

static const struct option backup_options[] = {
	{ "to", "FILE", "where to; else backups/ beside almoner.conf", false },
	{ "with-key", NULL, "and the master key to FILE.key: whoever has"
	    " both has all secrets", false },
	{ 0 }
};

const struct command backup_commands[] = {
	{ "backup", "Copy the books while the site runs, verified",
	    backup_options, backup },
	{ 0 }
};

static const struct shape backup_out = SHAPE("Backup", struct backup,
	{ "file",         TEXT(struct backup, file) },
	{ "bytes",        INT(struct backup, bytes) },
	{ "transactions", INT(struct backup, transactions) },
	{ "masterKey",    TEXT(struct backup, master_key) });

char *
backup_time(struct cli *c)
{
	char	 text[CLOCK_TEXT], *out;
	char	*to;

	clock_text(text, (struct moment){ c->work.now.ms / 1000 * 1000 });
	out = to = arena_text(c->arena, text);
	for (const char *from = text; *from != '\0'; from++)
		if (*from != '-' && *from != ':')
			*to++ = *from;
	*to = '\0';

	return out;
}

char *
backup_name(struct cli *c, const char *name)
{
	const char	*path = c->conf.path;
	char		*folder, *first, *file;

	folder = arena_printf(c->arena, "%.*s/backups",
	    (int)(strrchr(path, '/') - path), path);
	if (mkdir(folder, 0700) == -1 && errno != EEXIST)
		return NULL;

	file = first = arena_printf(c->arena, "%s/%s-%s", folder, name,
	    backup_time(c));
	/* Of one second, a second one is -2. */
	for (int i = 2; access(arena_printf(c->arena, "%s.db", file),
	    F_OK) == 0; i++)
		file = arena_printf(c->arena, "%s-%d", first, i);

	return arena_printf(c->arena, "%s.db", file);
}

static bool
say(const char *file, const char *why)
{
	fprintf(stderr, "almoner: %s: %s\n", file, why);

	return false;
}

bool
backup_verify(struct cli *c, const char *file, struct backup *out)
{
	struct db	*db, *own = c->work.db;
	char		 why[1024] = "";
	struct stat	 st;
	bool		 good;

	db = site_look(&c->conf, file, c->arena, why, sizeof(why));
	if (db == NULL) {
		fprintf(stderr, "almoner: %s\n", why);
		return false;
	}
	db_begin(db, DB_READ);
	good = db_check(db, DB_CHECK_WHOLE);
	if (!good)
		(void)say(file, db_why(db));
	c->work.db = db;
	if (good && !ledger_sound(c, &out->transactions, why, sizeof(why)))
		good = say(file, why);
	c->work.db = own;
	db_rollback(db);
	db_close(db);
	out->file = file;
	if (good && stat(file, &st) == 0)
		out->bytes = (int64_t)st.st_size;

	return good;
}

bool
backup_take(struct cli *c, const char *file, struct backup *out)
{
	char	*part = arena_printf(c->arena, "%s.part", file);
	bool	 good;

	if (access(file, F_OK) == 0)
		return say(file, "there is such a file already");
	/* Of a run that was killed. */
	(void)unlink(part);
	good = db_copy(c->db, part, print_progress);
	print_progress_end();
	if (!good)
		return say(part, db_why(c->db));
	good = backup_verify(c, part, out);
	print_progress_end();
	/* link() does not replace what came meanwhile, as rename() would; but
	 * not every file system has it. */
	if (good && link(part, file) == -1 && (errno == EEXIST ||
	    rename(part, file) == -1))
		good = say(file, strerror(errno));
	(void)unlink(part);
	out->file = file;

	return good;
}

/* Of 64 digits and a line's end, and for its owner alone. */
static bool
copy_key(struct cli *c, const char *to)
{
	char	 text[128];
	ssize_t	 size = -1;
	int	 from = open(c->conf.master_key, O_RDONLY | O_CLOEXEC);
	int	 fd = -1;
	bool	 good;

	if (from != -1)
		size = read(from, text, sizeof(text));
	if (size > 0)
		fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	good = fd != -1 && write(fd, text, (size_t)size) == size &&
	    fsync(fd) == 0;
	if (!good)
		fprintf(stderr, "almoner: the copy is made, but not that of"
		    " the master key, %s: %s\n", to, strerror(errno));
	if (from != -1)
		close(from);
	if (fd != -1)
		close(fd);

	return good;
}

static int
backup(struct cli *c)
{
	const char	*file = cli_value(c, "to");
	struct backup	 made = { 0 };
	bool		 good = true;

	cli_open(c, DB_READ);
	db_rollback(c->db);
	if (file == NULL)
		file = backup_name(c, "ledger");
	if (file == NULL) {
		fprintf(stderr, "almoner: the folder backups cannot be made:"
		    " %s\n", strerror(errno));
		db_close(c->db);
		return 1;
	}
	if (!backup_take(c, file, &made)) {
		db_close(c->db);
		return 1;
	}
	db_close(c->db);
	made.master_key = c->conf.master_key;
	if (cli_value(c, "with-key") != NULL) {
		made.master_key = arena_printf(c->arena, "%s.key", file);
		good = copy_key(c, made.master_key);
	}
	print_one(c, &backup_out, &made);
	if (!c->json && cli_value(c, "with-key") == NULL)
		printf("\nThe master key is not in it, nor is almoner.conf."
		    "  Without the key the copy is\nof no use: keep one of it"
		    " too, in another place.\n");

	return good ? 0 : 1;
}
