#ifndef BASE_TOKENS_H
#define BASE_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A count of reward tokens: a struct, so that nobody passes cents for it. */
struct tokens { int64_t units; };

/* Each is false on overflow or below zero, and then leaves *sum alone. */
bool	tokens_add(struct tokens *sum, struct tokens)
	    __attribute__((warn_unused_result));
bool	tokens_sub(struct tokens *sum, struct tokens)
	    __attribute__((warn_unused_result));

bool		tokens_less(struct tokens, struct tokens);
struct tokens	tokens_min(struct tokens, struct tokens);

/*
 * Divide `whole` over `count` shares in proportion to `weights` (each >= 0,
 * not all 0), by the largest remainder; of equal remainders the earlier
 * share goes first.  The shares add up to `whole` exactly.
 */
void	tokens_split(struct tokens whole, const int64_t *weights,
	    struct tokens *shares, size_t count);

/*
 * `part` of `whole`, times `of`, rounded half up: a percentage of tokens
 * without a double.  0 <= part <= whole, whole > 0.
 */
struct tokens	tokens_part(struct tokens of, int64_t part, int64_t whole);

#endif
