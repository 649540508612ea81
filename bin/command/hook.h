#ifndef COMMAND_HOOK_H
#define COMMAND_HOOK_H

#include "bin/command/hook_verdict.h"

struct cli;
struct buf;

/* The commands that begin with "webhook". */
int	hook_sample(struct cli *);
int	hook_verify(struct cli *);
int	hook_listen(struct cli *);

/* The dialect that --format names; 0 if it is not said. */
enum dialect_name	hook_format(const struct cli *);

/* An option's value, or what is in its file if it says @FILE; or NULL. */
const char		*hook_value(const struct cli *, const char *option,
			    size_t *size);

/* The same for a secret, without the line end of its file. */
const char		*hook_secret(const struct cli *,
			    const char *option);

/* What --at says, or now; ends the program if it is no time. */
struct moment		 hook_at(const struct cli *);

/*
 * The verdict for programs: an object, as `webhook verify --json` prints it;
 * with `delivery` also what arrived.
 */
void			 hook_json(struct buf *,
			    const struct hook_verdict *, bool delivery);

/* The same for people: "right", or each finding on lines of its own. */
void			 hook_print(const struct hook_verdict *,
			    const char *indent);

#endif
