/*
 * code: the words that partners choose for kinds of things.
 */
#include <string.h>

#include "lib/giving/site/code.h"

static bool
fits(const char *text)
{
	if (*text < 'A' || *text > 'Z' || strlen(text) > CODE_SIZE)
		return false;
	for (; *text != '\0'; text++)
		if ((*text < 'A' || *text > 'Z') &&
		    (*text < '0' || *text > '9') && *text != '_')
			return false;

	return true;
}

const struct form code_form = {
	"a word like PURCHASE: A to Z, digits, _", "^[A-Z][A-Z0-9_]{0,63}$",
	fits };
