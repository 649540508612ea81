/*
 * nonprofit_slug: names as they stand in addresses.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/giving/donations/nonprofit.h"

/*
 * Letters without their accents, from U+00C0 to U+017F of Unicode, in which
 * the Latin names of Europe are written; a dash where there is no letter.
 * What Germans, Danes and others write as two letters is two.
 */
static const char *const plain[] = {
	/* U+00C0 */
	"a", "a", "a", "a", "ae", "a", "ae", "c",
	"e", "e", "e", "e", "i", "i", "i", "i",
	"d", "n", "o", "o", "o", "o", "oe", "-",
	"o", "u", "u", "u", "ue", "y", "th", "ss",
	/* U+00E0 */
	"a", "a", "a", "a", "ae", "a", "ae", "c",
	"e", "e", "e", "e", "i", "i", "i", "i",
	"d", "n", "o", "o", "o", "o", "oe", "-",
	"o", "u", "u", "u", "ue", "y", "th", "y",
	/* U+0100 */
	"a", "a", "a", "a", "a", "a", "c", "c",
	"c", "c", "c", "c", "c", "c", "d", "d",
	"d", "d", "e", "e", "e", "e", "e", "e",
	"e", "e", "e", "e", "g", "g", "g", "g",
	/* U+0120 */
	"g", "g", "g", "g", "h", "h", "h", "h",
	"i", "i", "i", "i", "i", "i", "i", "i",
	"i", "i", "ij", "ij", "j", "j", "k", "k",
	"k", "l", "l", "l", "l", "l", "l", "l",
	/* U+0140 */
	"l", "l", "l", "n", "n", "n", "n", "n",
	"n", "n", "n", "n", "o", "o", "o", "o",
	"o", "o", "oe", "oe", "r", "r", "r", "r",
	"r", "r", "s", "s", "s", "s", "s", "s",
	/* U+0160 */
	"s", "s", "t", "t", "t", "t", "t", "t",
	"u", "u", "u", "u", "u", "u", "u", "u",
	"u", "u", "u", "u", "w", "w", "y", "y",
	"y", "z", "z", "z", "z", "z", "z", "s",
};

#define FIRST	0xC0
#define PLAIN	(sizeof(plain) / sizeof(plain[0]))

/* The letters of the character at *at, in `one`; moves *at behind it. */
static const char *
letters(const char **at, char one[2])
{
	unsigned char	 c = (unsigned char)*(*at)++;
	unsigned	 code;

	one[0] = '-';
	one[1] = '\0';
	if (c < 0x80) {
		if (c >= 'A' && c <= 'Z')
			one[0] = (char)(c - 'A' + 'a');
		else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			one[0] = (char)c;
		else if (c == '\'')
			one[0] = '\0';	/* "Children's" is one word */
		return one;
	}
	code = c & 0x1Fu;
	for (; ((unsigned char)**at & 0xC0) == 0x80; ++*at)
		code = code << 6 | ((unsigned char)**at & 0x3Fu);
	/* Two bytes make U+0080 to U+07FF, which no longer one reaches. */
	if (c < 0xE0 && code >= FIRST && code - FIRST < PLAIN)
		return plain[code - FIRST];

	return one;
}

const char *
nonprofit_slug(struct arena *arena, const char *name)
{
	char		*slug = arena_alloc(arena, LIMIT_SLUG + 1);
	const char	*text;
	char		 one[2];
	size_t		 n = 0;

	while (*name != '\0') {
		for (text = letters(&name, one); *text != '\0'; text++) {
			if (n == LIMIT_SLUG)
				break;
			if (*text == '-' && (n == 0 || slug[n - 1] == '-'))
				continue;
			slug[n++] = *text;
		}
	}
	if (n > 0 && slug[n - 1] == '-')
		n--;
	slug[n] = '\0';

	return slug;
}
