#ifndef COMMAND_BACKUP_H
#define COMMAND_BACKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cli;

/* What a verified copy was found to hold. */
struct backup {
	const char	*file;
	int64_t		 bytes, transactions;
	const char	*master_key;	/* where its key is, or a copy of it */
};

/*
 * Copy the open, idle database of `c` to `file`, which must not exist, verify
 * the copy, and only then give it its name.  False: it was told on standard
 * error, and there is no such file.
 */
bool	backup_take(struct cli *, const char *file, struct backup *);

/*
 * Is that file a database of this site, whole, with clean books?  Told on
 * standard error if it is not.
 */
bool	backup_verify(struct cli *, const char *file, struct backup *);

/*
 * "<folder of almoner.conf>/backups/<name>-20260510T091200Z.db", or with -2, -3
 * before the ending if there is such a file; the folder is made, 0700.  NULL,
 * with errno, if it cannot be.
 */
char	*backup_name(struct cli *, const char *name);

/* The same moment as it stands in such names. */
char	*backup_time(struct cli *);

#endif
