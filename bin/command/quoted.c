/*
 * quoted: words of a command that is shown, to be pasted into a shell.
 */
#include <stdio.h>

#include "bin/command/quoted.h"

void
quoted_print(const char *text)
{
	putchar('\'');
	for (; *text != '\0'; text++)
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*text);
	putchar('\'');
}
