/*
 * The headers that we send, which no caller's text may add to, and the one
 * header of an answer that we heed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/clock.h"
#include "lib/base/limits.h"
#include "lib/net/net_header.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char	why[128];

static bool
ok(const char *name, const char *value)
{
	const struct net_header header = { name, value };

	return net_header_ok(&header, why, sizeof(why));
}

static void
takes_headers(void **state)
{
	(void)state;
	assert_true(ok("X-Tenant", "42"));
	assert_true(ok("Authorization", "Bearer a.b.c"));
	assert_true(ok("X-Empty", ""));
	assert_true(ok("X-Tab", "a\tb"));
	assert_true(ok("X-Text", "gr\xc3\xbc\xc3\x9f"));
	assert_true(ok("x_y.z~!", "a: b; c=\"d\""));
}

static void
refuses_ours(void **state)
{
	static const char *const names[] = {
		"Host", "host", "Content-Length", "TRANSFER-ENCODING",
		"Connection", "Keep-Alive", "Proxy-Connection",
		"Proxy-Authorization", "TE", "Trailer", "Upgrade", "Expect",
		"HTTP2-Settings", "Content-Type", "content-encoding",
		"User-Agent", "Accept", "Accept-Encoding",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		if (ok(names[i], "x"))
			fail_msg("%s", names[i]);
		assert_non_null(strstr(why, names[i]));
		assert_non_null(strstr(why, "is ours to set"));
	}
}

static void
refuses_what_ends_a_line(void **state)
{
	char	 name[LIMIT_NAME + 2], value[LIMIT_HEADER + 2];

	(void)state;
	assert_false(ok("", "x"));
	assert_false(ok("X Y", "x"));
	assert_false(ok("X:", "x"));
	assert_false(ok("X\r\nHost", "x"));
	assert_false(ok("X\n", "x"));
	assert_false(ok("X;", "x"));
	assert_false(ok("X\xc3\xbc", "x"));
	assert_false(ok("@file", "x"));
	assert_false(ok("X", "a\r\nHost: evil"));
	assert_false(ok("X", "a\nb"));
	assert_false(ok("X", "a\rb"));
	assert_false(ok("X", "a\x01"));
	assert_false(ok("X", "a\x7f"));
	assert_false(ok("X", " a"));
	assert_false(ok("X", "a "));
	assert_false(ok("X", "\ta"));

	memset(name, 'x', sizeof(name));
	name[LIMIT_NAME] = '\0';
	assert_true(ok(name, "x"));
	name[LIMIT_NAME] = 'x';
	name[LIMIT_NAME + 1] = '\0';
	assert_false(ok(name, "x"));
	memset(value, 'x', sizeof(value));
	value[LIMIT_HEADER] = '\0';
	assert_true(ok("X", value));
	value[LIMIT_HEADER] = 'x';
	value[LIMIT_HEADER + 1] = '\0';
	assert_false(ok("X", value));
}

static void
has_line(const struct net_lines *lines, size_t number, const char *text)
{
	const struct curl_slist *line = lines->line;

	for (; number > 0 && line != NULL; number--)
		line = line->next;
	if (text == NULL)
		assert_null(line);
	else
		assert_string_equal(line->data, text);
}

static void
writes_lines(void **state)
{
	static const struct net_header headers[] = {
		{ "X-SIR-Signature", "sha256=00" },
		{ "X-Empty", "" },
		{ "x-sir-signature", "sha256=ff" },
	};
	struct net_lines lines = { 0 };
	struct net_wish	 wish = {
		.headers = headers, .header_count = COUNT(headers),
		.body = "{}", .size = 2,
	};
	const struct net_header	 typed[] = {
		{ "content-type", "text/plain" }, { "user-agent", "x" },
	};

	(void)state;
	assert_true(net_lines_set(&lines, &wish, why, sizeof(why)));
	has_line(&lines, 0, "Expect:");
	has_line(&lines, 1, "Content-Type: application/json");
	has_line(&lines, 2, "User-Agent: Almoner/1");
	has_line(&lines, 3, "X-SIR-Signature: sha256=00");
	has_line(&lines, 4, "X-Empty;");
	has_line(&lines, 5, NULL);

	wish.headers = typed;
	wish.header_count = COUNT(typed);
	assert_true(net_lines_set(&lines, &wish, why, sizeof(why)));
	has_line(&lines, 1, "content-type: text/plain");
	has_line(&lines, 2, "user-agent: x");
	has_line(&lines, 3, NULL);

	wish.header_count = 0;
	wish.size = 0;
	assert_true(net_lines_set(&lines, &wish, why, sizeof(why)));
	has_line(&lines, 1, "User-Agent: Almoner/1");
	has_line(&lines, 2, NULL);
	net_lines_free(&lines);
}

static void
refuses_lines(void **state)
{
	static const struct net_header	 host = { "Host", "evil" };
	static const struct net_header	 line = { "X", "a\r\nY: b" };
	static char			 names[LIMIT_NET_HEADERS + 1][8];
	struct net_header		 many[LIMIT_NET_HEADERS + 1];
	struct net_lines		 lines = { 0 };
	struct net_wish	 wish = { .headers = &host, .header_count = 1 };

	(void)state;
	assert_false(net_lines_set(&lines, &wish, why, sizeof(why)));
	wish.headers = &line;
	assert_false(net_lines_set(&lines, &wish, why, sizeof(why)));
	for (size_t i = 0; i < COUNT(many); i++) {
		(void)snprintf(names[i], sizeof(names[i]), "X-%zu", i);
		many[i].name = names[i];
		many[i].value = "value";
	}
	wish.headers = many;
	wish.size = 1;
	wish.header_count = LIMIT_NET_HEADERS;
	assert_true(net_lines_set(&lines, &wish, why, sizeof(why)));
	has_line(&lines, LIMIT_NET_HEADERS + 2, "X-31: value");
	wish.header_count++;
	assert_false(net_lines_set(&lines, &wish, why, sizeof(why)));
	net_lines_free(&lines);
}

static void
reads_retry_after(void **state)
{
	static const struct {
		const char	*value;
		int64_t		 seconds;
	} rows[] = {
		{ "0", 0 }, { "120", 120 }, { "2147483647", INT32_MAX },
		{ "2147483648", INT32_MAX },
		{ "99999999999999999999999999", INT32_MAX },
		{ "", -1 }, { "-1", -1 }, { "1.5", -1 }, { "+5", -1 },
		{ "5 s", -1 }, { "soon", -1 }, { "20250511", 20250511 },
		{ "2025-05-10 09:00:00", -1 },
		/* The clock stands at 1746876000: 10 May 2025, 11:20:00. */
		{ "Sat, 10 May 2025 11:20:30 GMT", 30 },
		{ "Saturday, 10-May-25 11:21:00 GMT", 60 },
		{ "Sat May 10 11:22:00 2025", 120 },
		{ "Sat, 10 May 2025 11:19:00 GMT", 0 },
		{ "Sun, 06 Nov 1994 08:49:37 GMT", 0 },
	};

	(void)state;
	assert_true(clock_set("1746876000"));
	for (size_t i = 0; i < COUNT(rows); i++)
		if (net_retry_after(rows[i].value) != rows[i].seconds)
			fail_msg("%s: %lld", rows[i].value,
			    (long long)net_retry_after(rows[i].value));
}

static void
has_a_word_for_each(void **state)
{
	(void)state;
	assert_string_equal(net_word(NET_ANSWERED), "answered");
	for (int i = NET_ANSWERED; i <= NET_FAILED; i++)
		assert_non_null(net_word((enum net_outcome)i));
	assert_null(net_word((enum net_outcome)0));
	assert_null(net_word((enum net_outcome)(NET_FAILED + 1)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_headers),
		cmocka_unit_test(refuses_ours),
		cmocka_unit_test(refuses_what_ends_a_line),
		cmocka_unit_test(writes_lines),
		cmocka_unit_test(refuses_lines),
		cmocka_unit_test(reads_retry_after),
		cmocka_unit_test(has_a_word_for_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
