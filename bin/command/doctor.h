#ifndef COMMAND_DOCTOR_H
#define COMMAND_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "bin/command/cli.h"

/* In order: the worst is the doctor's verdict. */
enum doctor_level { DOCTOR_OK, DOCTOR_NOTE, DOCTOR_WARNING, DOCTOR_FAULT };

/* One finding. */
struct doctor_finding {
	const char	*subject;	/* "master key" */
	int		 level;		/* enum doctor_level */
	const char	*found;
	const char	*advice;	/* what to do; NULL: nothing */
};

#define DOCTOR_FINDINGS 128

struct doctor {
	struct cli		*c;
	const char		*web;		/* the web root's, or NULL */
	bool			 online;
	char			 key_mark[17];	/* of the master key */
	const char		*subject;	/* of what is found next */
	struct doctor_finding	 all[DOCTOR_FINDINGS];
	size_t			 count;
};

/*
 * Note what was found of the subject, and for a warning or a fault what to
 * do.  Texts are copied.
 */
void	doctor_found(struct doctor *, enum doctor_level, const char *advice,
	    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A text for an advice, in the arena. */
#define doctor_text(d, ...) arena_printf((d)->c->arena, __VA_ARGS__)

/*
 * What is looked at, in this order.  The configuration has been read; the
 * database may be open (d->c->db, in no transaction) or not.
 */
void	doctor_files(struct doctor *);		/* doctor_files.c */
void	doctor_programs(struct doctor *);	/* doctor_programs.c */
void	doctor_books(struct doctor *);		/* doctor_books.c */
void	doctor_web(struct doctor *);		/* doctor_web.c */
void	doctor_online(struct doctor *);

#endif
