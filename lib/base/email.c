/*
 * E-mail addresses: what passes for one, and when two are the same.
 */
#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/email.h"

bool
email_fits(const char *text)
{
	const char	*at = strchr(text, '@');

	if (at == NULL || at == text || strchr(at + 1, '@') != NULL ||
	    at[1] == '\0')
		return false;
	for (; *text != '\0'; text++)
		if (isspace((unsigned char)*text) ||
		    iscntrl((unsigned char)*text))
			return false;

	return true;
}

const char *
email_fold(struct arena *arena, const char *text)
{
	char	*copy = arena_text(arena, text);

	for (char *c = copy; c != NULL && *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');

	return copy;
}
