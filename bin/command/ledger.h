#ifndef COMMAND_LEDGER_H
#define COMMAND_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cli;

/*
 * Verify the books of every side of every partner in the open transaction of
 * c->work; how many transactions they have.  False, with a sentence that names
 * the first side whose books are not clean.
 */
bool	ledger_sound(struct cli *, int64_t *transactions, char *why,
	    size_t size);

#endif
