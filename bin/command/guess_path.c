/*
 * guess_path: what people sign in place of the path and its query: a part of
 * it, more than it, or another spelling.
 */
#include <stdlib.h>
#include <string.h>

#include "bin/command/guess_make.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/encode.h"

static GUESS_MAKE(folder);
static GUESS_MAKE(host);
static GUESS_MAKE(slash_less);
static GUESS_MAKE(unescaped);
static GUESS_MAKE(escaped_more);
static GUESS_MAKE(escapes_case);
static GUESS_MAKE(mark_only);
static GUESS_MAKE(sorted);

#define AS_SENT "  Sign it as it stands in the request line, from /v1/ on."
#define AS_SPELT "  Sign it with the escapes that are sent: build the" \
	" address once, then sign that."

/* What encodeURIComponent() escapes and encodeURI() leaves. */
#define SOME ";:@$,!'()*~/"

const struct guess_way guess_path_ways[] = {
	{ "PATH_WITH_FOLDER", "The folder that the site lies in was signed"
	    " with the path." AS_SENT, true, folder },
	{ "PATH_WITH_HOST", "The host was signed with the path." AS_SENT,
	    true, host, "" },
	{ "PATH_WITH_HOST", "The whole address was signed." AS_SENT, true,
	    host, "https://" },
	{ "PATH_WITH_HOST", "The whole address was signed." AS_SENT, true,
	    host, "http://" },
	{ "PATH_WITHOUT_V1", "The path was signed without /v1." AS_SENT,
	    true, guess_make_behind, "/v1" },
	{ "PATH_WITHOUT_V1", "The path was signed without /v1/partner."
	    AS_SENT, true, guess_make_behind, "/v1/partner" },
	{ "PATH_WITHOUT_SLASH", "The path was signed without its first"
	    " slash." AS_SENT, true, guess_make_behind, "/" },
	{ "PATH_OTHER_SLASH", "The path was signed with a slash at its end"
	    " that was not sent." AS_SENT, true, guess_make_around, "",
	    "/" },
	{ "PATH_OTHER_SLASH", "The path was signed without the slash at its"
	    " end." AS_SENT, true, slash_less },
	{ "PATH_LEFT_OUT", "The path was not signed.  It stands between"
	    " method and hash, from /v1/ on and with its query.", false,
	    guess_make_text, NULL, "" },
	{ "PATH_DECODED", "The path was signed with its escapes (%..)"
	    " undone." AS_SPELT, true, unescaped },
	{ "PATH_OTHER_ESCAPES", "The path was signed with fewer escapes than"
	    " were sent." AS_SPELT, true, unescaped, SOME },
	{ "PATH_OTHER_ESCAPES", "The path was signed with more escapes than"
	    " were sent." AS_SPELT, true, escaped_more, "/" },
	{ "PATH_OTHER_ESCAPES", "The path was escaped once more before it"
	    " was signed." AS_SPELT, true, guess_make_replaced, "%",
	    "%25" },
	{ "PATH_OTHER_ESCAPES", "The escapes in the path were signed in"
	    " lower case, and sent in upper." AS_SPELT, true, escapes_case,
	    "A", "F" },
	{ "PATH_OTHER_ESCAPES", "The escapes in the path were signed in"
	    " upper case, and sent in lower." AS_SPELT, true, escapes_case,
	    "a", "f" },
	{ 0 }
};

const struct guess_way guess_path_query_ways[] = {
	{ "PATH_WITHOUT_QUERY", "The path was signed without its query.  The"
	    " query is part of it, with the question mark.", false,
	    guess_make_text, NULL, "" },
	{ "QUERY_ADDED", "A question mark was signed behind the path that"
	    " was not sent." AS_SENT, false, mark_only },
	{ "QUERY_WITHOUT_MARK", "The query was signed without its question"
	    " mark." AS_SENT, false, guess_make_behind, "?" },
	{ "QUERY_SORTED", "The query was signed in another order.  Sign it"
	    " as it stands in the request line.", true, sorted },
	{ "QUERY_DECODED", "The query was signed with its escapes (%..)"
	    " undone." AS_SPELT, true, unescaped },
	{ "QUERY_OTHER_ESCAPES", "The query was signed with fewer escapes"
	    " than were sent." AS_SPELT, true, unescaped, SOME },
	{ "QUERY_OTHER_ESCAPES", "The query was signed with more escapes"
	    " than were sent." AS_SPELT, true, escaped_more, "?&=" },
	{ "QUERY_OTHER_ESCAPES", "The query was escaped once more before it"
	    " was signed." AS_SPELT, true, guess_make_replaced, "%",
	    "%25" },
	{ "QUERY_OTHER_ESCAPES", "The escapes in the query were signed in"
	    " lower case, and sent in upper." AS_SPELT, true, escapes_case,
	    "A", "F" },
	{ "QUERY_OTHER_ESCAPES", "The escapes in the query were signed in"
	    " upper case, and sent in lower." AS_SPELT, true, escapes_case,
	    "a", "f" },
	{ "QUERY_OTHER_ESCAPES", "Spaces in the query were signed as + and"
	    " sent as %20." AS_SPELT, true, guess_make_replaced, "%20",
	    "+" },
	{ "QUERY_OTHER_ESCAPES", "Spaces in the query were signed as %20 and"
	    " sent as +." AS_SPELT, true, guess_make_replaced, "+", "%20" },
	{ 0 }
};

static bool
folder(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	(void)way;

	return guess_make_say(out, arena_printf(r->arena, "%s%s", r->prefix,
	    guess_make_copy(r, right)));
}

static bool
host(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	return r->host != NULL && guess_make_say(out,
	    arena_printf(r->arena, "%s%s%s%s", way->from, r->host,
	    r->prefix, guess_make_copy(r, right)));
}

static bool
slash_less(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	(void)r;
	(void)way;
	*out = (struct piece){ right.data, right.size - 1 };

	return right.size > 1 &&
	    ((const char *)right.data)[right.size - 1] == '/';
}

static bool
mark_only(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	(void)r;
	(void)way;

	return right.size == 0 && guess_make_say(out, "?");
}

/* The escapes undone of all characters, or of those in `from`. */
static bool
unescaped(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	char		*text = guess_make_copy(r, right), *to = text;
	char		 hex[3] = "";
	unsigned char	 byte;

	*out = (struct piece){ text, 0 };
	for (const char *from = text; *from != '\0'; from++) {
		*to++ = *from;
		if (*from != '%' || from[1] == '\0')
			continue;
		memcpy(hex, from + 1, 2);
		if (!encode_unhex(&byte, 1, hex) || byte == '\0' ||
		    (way->from != NULL && strchr(way->from, byte) == NULL))
			continue;
		to[-1] = (char)byte;
		from += 2;
	}
	out->size = (size_t)(to - text);

	return true;
}

/* All escaped but what never needs it and what is in `from`. */
static bool
escaped_more(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	struct guess_way	 all = { .from = NULL };
	struct piece		 plain;
	struct buf		 b;
	char			*text;
	size_t			 size;

	unescaped(r, &all, right, &plain);
	text = guess_make_copy(r, plain);
	buf_init(&b, r->arena);
	for (; *text != '\0'; text += size) {
		size = strcspn(text, way->from);
		buf_text(&b, encode_percent(r->arena,
		    arena_copy(r->arena, text, size)));
		if (text[size] != '\0')
			buf_byte(&b, text[size++]);
	}

	return guess_make_say(out, buf_str(&b));
}

/* The letters of escapes that lie between `from` and `to` turned. */
static bool
escapes_case(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	char	*text = guess_make_copy(r, right);

	for (char *at = text; (at = strchr(at, '%')) != NULL; at++)
		for (int i = 1; i <= 2 && at[i] != '\0'; i++)
			if (at[i] >= way->from[0] && at[i] <= way->to[0])
				at[i] ^= 0x20;

	return guess_make_say(out, text);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
sorted(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	char		*rest, *field;
	const char	*fields[64];
	size_t		 n = 0;
	struct buf	 all;

	(void)way;
	if (right.size == 0)
		return false;
	field = strtok_r(guess_make_copy(r, right) + 1, "&", &rest);
	for (; field != NULL && n < 64; field = strtok_r(NULL, "&", &rest))
		fields[n++] = field;
	qsort(fields, n, sizeof(*fields), by_text);
	buf_init(&all, r->arena);
	for (size_t i = 0; i < n; i++) {
		buf_byte(&all, i == 0 ? '?' : '&');
		buf_text(&all, fields[i]);
	}

	return guess_make_say(out, buf_str(&all));
}
