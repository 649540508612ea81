#ifndef COMMAND_CLI_H
#define COMMAND_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/conf.h"
#include "lib/base/err.h"
#include "lib/base/work.h"
#include "lib/db/db.h"
#include "lib/json/shape.h"

struct cli;

/* --name VALUE, or --name alone where `value` is NULL. */
struct option {
	const char	*name, *value, *about;
	bool		 need;
	bool		 bare;		/* VALUE alone, without --name */
};

/* One thing that the operator can say: "partner create". */
struct command {
	const char		*name, *about;
	const struct option	*options;	/* ends with a NULL name */
	int			(*does)(struct cli *);
};

extern const struct command	init_commands[], admin_commands[],
				partner_commands[],
				key_commands[], pool_commands[],
				request_commands[],
				rule_commands[], ledger_commands[],
				sign_commands[], explain_commands[],
				nonprofit_commands[], appeal_commands[],
				rate_commands[], donation_commands[],
				webhook_commands[], hook_commands[],
				inbound_commands[], programme_commands[],
				backup_commands[], restore_commands[],
				migrate_commands[], doctor_commands[];

/* One run of the program. */
struct cli {
	const struct command	*command;
	const char		*values[16];	/* beside command->options */
	bool			 json;		/* --json: for programs */
	struct conf		 conf;
	struct arena		*arena;
	struct db		*db;
	struct work		 work;
	struct faults		 faults;
};

/* The value of an option, "" if it was given without one, NULL if absent. */
const char	*cli_value(const struct cli *, const char *name);

/* The whole number an option says, `preset` if it is absent; ends the program
 * if it is none from `least` to `most`. */
struct cli_range {
	int64_t	least, most, preset;
};
int64_t		 cli_number(const struct cli *, const char *name,
		    struct cli_range);

/* Read the configuration and set the clock; ends the program if wrong. */
void		 cli_configure(struct cli *);

/* Open the site and a transaction in it; ends the program if it can't. */
void		 cli_open(struct cli *, enum db_kind);

/* Work for the tenant that --partner and --side name, which must exist. */
void		 cli_tenant(struct cli *);

/* Go by that tenant's own time: the clock of a sandbox may be ahead. */
void		 cli_own_time(struct cli *);

/* Commit.  0, or 1 with a message if the books did not take it. */
int		 cli_close(struct cli *);

/* Tell what refusal it was, with its faults; 1, to be returned. */
int		 cli_refuse(struct cli *, enum err);

/*
 * Print all there is of something, as `find` finds it: of the site, or of the
 * tenant if the command asks for one.  To be returned.
 */
int		 cli_list(struct cli *, void (*find)(struct work *,
		    struct list *), const struct shape *);

/* Say what is wrong and how to go on, and end with status 2. */
void		 cli_usage(const struct cli *, const char *, ...)
		    __attribute__((noreturn, format(printf, 2, 3)));

/* Print one object or a list: a table for people, JSON for programs. */
void		 print_one(const struct cli *, const struct shape *,
		    const void *);
void		 print_list(const struct cli *, const struct shape *,
		    const struct list *);

/* Progress on a terminal: "verifying  61 %"; nothing elsewhere. */
void		 print_progress(int64_t done, int64_t all);
void		 print_progress_end(void);

/* Rows of the two options that many commands share. */
#define TENANT_OPTIONS \
	{ "partner", "SLUG", "whose", true }, \
	{ "side", "test|live", "which of their two sides", true }

#endif
