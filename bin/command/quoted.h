#ifndef COMMAND_QUOTED_H
#define COMMAND_QUOTED_H

/* The text on standard output, between single quotes for a shell. */
void	quoted_print(const char *text);

#endif
