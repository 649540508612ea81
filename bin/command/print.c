/*
 * print: what a command has to say, as a table or as JSON, from the same
 * shapes that the API writes with.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bin/command/cli.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/encode.h"

#define COLUMNS_MAX 24

/* A field as people read it; "-" where there is nothing. */
static const char *
cell(const struct cli *c, const struct field *f, const void *object)
{
	const void	*at = (const char *)object + f->at;
	struct buf	 b;

	switch (f->kind) {
	case F_TEXT:
		return *(const char *const *)at != NULL ?
		    *(const char *const *)at : "-";
	case F_WORD:
		return *(const int *)at >= 0 ?
		    f->words[*(const int *)at] : "-";
	case F_BOOL:
		return *(const bool *)at ? "yes" : "no";
	case F_MOMENT:
		return ((const struct moment *)at)->ms != 0 ?
		    clock_format(c->arena, *(const struct moment *)at) : "-";
	default:
		break;
	}
	/* Numbers and the rest look in a table as they do in JSON. */
	buf_init(&b, c->arena);
	shape_write(&b, &(struct shape){ "", 0,
	    (const struct field[]){ *f, { 0 } } }, object);
	if (b.size < strlen(f->name) + 5)
		return "-";

	return arena_copy(c->arena, b.data + strlen(f->name) + 4,
	    b.size - strlen(f->name) - 5);
}

/* Newlines between networks or origins would break a table's row. */
static const char *
one_line(const struct cli *c, const char *text)
{
	char	*copy = arena_text(c->arena, text);

	for (char *s = copy; *s != '\0'; s++)
		if (*s == '\n')
			*s = ' ';

	return copy;
}

static void
print_json(const struct cli *c, const struct shape *shape, const void *object)
{
	struct buf	 b;

	buf_init(&b, c->arena);
	shape_write(&b, shape, object);
	fputs(buf_str(&b), stdout);
}

void
print_one(const struct cli *c, const struct shape *shape, const void *object)
{
	if (c->json) {
		print_json(c, shape, object);
		putchar('\n');
		return;
	}
	for (const struct field *f = shape->fields; f->name != NULL; f++)
		printf("%-20s %s\n", f->name,
		    one_line(c, cell(c, f, object)));
}

static void
print_row(const struct cli *c, const struct shape *shape, const void *object,
    const size_t *widths, bool names)
{
	const struct field	*f = shape->fields;
	const char		*text;
	size_t			 gap;

	for (size_t i = 0; f[i].name != NULL && i < COLUMNS_MAX; i++) {
		text = names ? f[i].name :
		    one_line(c, cell(c, &f[i], object));
		gap = widths[i] - encode_length(text) + 2;
		printf("%s%*s", text,
		    f[i + 1].name != NULL ? (int)gap : 0, "");
	}
	putchar('\n');
}

static void
print_table(const struct cli *c, const struct shape *shape,
    const struct list *list)
{
	const struct field	*f = shape->fields;
	size_t			 widths[COLUMNS_MAX] = { 0 }, n;
	const char		*row = list->items;

	for (size_t i = 0; f[i].name != NULL && i < COLUMNS_MAX; i++) {
		widths[i] = strlen(f[i].name);
		for (size_t k = 0; k < list->count; k++) {
			n = encode_length(cell(c, &f[i],
			    row + k * shape->size));
			if (n > widths[i])
				widths[i] = n;
		}
	}
	print_row(c, shape, NULL, widths, true);
	for (size_t k = 0; k < list->count; k++)
		print_row(c, shape, row + k * shape->size, widths, false);
}

void
print_list(const struct cli *c, const struct shape *shape,
    const struct list *list)
{
	if (!c->json) {
		print_table(c, shape, list);
		return;
	}
	putchar('[');
	for (size_t k = 0; k < list->count; k++) {
		if (k > 0)
			putchar(',');
		print_json(c, shape,
		    (const char *)list->items + k * shape->size);
	}
	puts("]");
}

void
print_progress(int64_t done, int64_t all)
{
	if (isatty(STDERR_FILENO) && all > 0)
		fprintf(stderr, "\r%" PRId64 " of %" PRId64 "  %" PRId64
		    " %%", done, all, done * 100 / all);
}

void
print_progress_end(void)
{
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}
