#ifndef GIVING_CODE_H
#define GIVING_CODE_H

#include "lib/json/shape.h"

/*
 * Codes are words that partners choose: action types and stakeholder types.
 * A letter A to Z, then up to 63 of A to Z, 0 to 9 and _.
 */
#define CODE_SIZE	64

extern const struct form	code_form;

#endif
