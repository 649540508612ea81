/*
 * Comma-separated values as RFC 4180 has them, and how they are broken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/csv.h"

static struct csv	 csv;

/* All rows, fields between brackets: "[a][b]\n"; what is bad as "!line why". */
static const char *
read_all(const void *text, size_t size)
{
	static char	 out[4096];
	FILE		*in = tmpfile();
	size_t		 n = 0;
	enum csv_row	 row;

	assert_non_null(in);
	assert_int_equal(fwrite(text, 1, size, in), size);
	rewind(in);
	csv_begin(&csv, in);
	out[0] = '\0';
	while ((row = csv_next(&csv)) != CSV_END) {
		if (row == CSV_BAD)
			n += (size_t)snprintf(out + n, sizeof(out) - n,
			    "!%d %s", (int)csv.line, csv.fields[0]);
		for (size_t i = 0; row == CSV_ROW && i < csv.count; i++)
			n += (size_t)snprintf(out + n, sizeof(out) - n,
			    "[%s]", csv.fields[i]);
		n += (size_t)snprintf(out + n, sizeof(out) - n, "\n");
	}
	assert_int_equal(csv.bytes, size);
	assert_int_equal(csv_next(&csv), CSV_END);
	(void)fclose(in);

	return out;
}

static void
rows_are_read(void **state)
{
	static const struct {
		const char	*text, *says;
	} good[] = {
		{ "", "" },
		{ "a,b\n", "[a][b]\n" },
		{ "a,b", "[a][b]\n" },
		{ "a,b\r\nc,d\r\n", "[a][b]\n[c][d]\n" },
		{ "a,b\nc,d\r\n", "[a][b]\n[c][d]\n" },
		{ "\xEF\xBB\xBF" "a,b\n", "[a][b]\n" },
		{ "a,,\n", "[a][][]\n" },
		{ ",\n", "[][]\n" },
		{ "\n\r\n\na\n", "[a]\n" },
		{ "\"a\",\"b\"\r\n", "[a][b]\n" },
		{ "\"a,b\",c\n", "[a,b][c]\n" },
		{ "\"a\"\"b\"\n", "[a\"b]\n" },
		{ "\"\"\"\"\n", "[\"]\n" },
		{ "\"\"\n", "[]\n" },
		{ "\"a\nb\",c\nd,e\n", "[a\nb][c]\n[d][e]\n" },
		{ "\"a\r\nb\"\n", "[a\r\nb]\n" },
		{ "\"a\"", "[a]\n" },
		{ " a , b \n", "[ a ][ b ]\n" },
		{ "a\rb,c\r\n", "[a\rb][c]\n" },
		{ "Zo\xC3\xAB\n", "[Zo\xC3\xAB]\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_string_equal(read_all(good[i].text,
		    strlen(good[i].text)), good[i].says);
}

/* One bad row is named with its line, and those behind it are read. */
static void
bad_rows_are_named(void **state)
{
	static const struct {
		const char	*text;
		size_t		 size;
		const char	*says;
	} bad[] = {
#define TEXT(t) t, sizeof(t) - 1
		{ TEXT("a\nb\"c\nd\n"),
		    "[a]\n!2 a quote stands inside a field\n[d]\n" },
		{ TEXT("a\n\"b\"c,d\ne\n"),
		    "[a]\n!2 something stands behind a closing quote\n[e]\n" },
		{ TEXT("a\n\"b\nc\n"),
		    "[a]\n!2 its last quote is not closed\n" },
		{ TEXT("a\nb\0c\nd\n"), "[a]\n!2 it holds a NUL\n[d]\n" },
		{ TEXT("\xEF\xBB" "a\nb\n"), "!1 it holds a NUL\n[b]\n" },
		{ TEXT("\"x\ny\"z\nb\n"),
		    "!1 something stands behind a closing quote\n[b]\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_string_equal(read_all(bad[i].text, bad[i].size),
		    bad[i].says);
}

/* A line of `size` bytes of one kind, then a short one. */
static const char *
long_line(char fill, size_t size)
{
	char		*text = malloc(size + 3);
	const char	*says;

	assert_non_null(text);
	memset(text, fill, size);
	memcpy(text + size, "\nb\n", 3);
	says = read_all(text, size + 3);
	free(text);

	return says;
}

static void
lines_have_an_end(void **state)
{
	(void)state;
	assert_string_equal(long_line('x', CSV_LINE),
	    "!1 it is longer than 64 KiB\n[b]\n");
	assert_string_equal(long_line('x', 3 * CSV_LINE),
	    "!1 it is longer than 64 KiB\n[b]\n");
	assert_string_equal(long_line('"', 2 * CSV_LINE + 2),
	    "!1 it is longer than 64 KiB\n[b]\n");
	assert_string_equal(long_line(',', CSV_FIELDS),
	    "!1 it has more than 64 fields\n[b]\n");
	assert_true(strlen(long_line(',', CSV_FIELDS - 1)) ==
	    2 * CSV_FIELDS + strlen("\n[b]\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_read),
		cmocka_unit_test(bad_rows_are_named),
		cmocka_unit_test(lines_have_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
