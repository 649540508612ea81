/*
 * guess_body: which other bytes than those that were sent people hash: the
 * same JSON as another program spells it, other line ends, or no body.
 */
#include <string.h>

#include "bin/command/guess_make.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/faults.h"
#include "lib/json/respell.h"
#include "lib/json/shape.h"
#include "lib/json/strict.h"

/* A spelling of JSON, and who writes it. */
struct spelled {
	struct guess_way	 way;
	struct spelling		 how;
};

static GUESS_MAKE(no_end);
static GUESS_MAKE(line_ends);
static GUESS_MAKE(latin1);
static GUESS_MAKE(quoted);

#define ONCE "  Serialise it once, sign that text and send the same text."
#define SPELLED(who) { "BODY_RESPELLED", "The JSON was signed as " who \
	" writes it, but sent in another spelling." ONCE }
#define SORTED(who) { "BODY_RESPELLED", "The JSON was signed with its" \
	" members sorted, as " who " writes it, but sent in another" \
	" spelling." ONCE }

#define SHORT	RESPELL_SHORT
#define POINT	(RESPELL_SHORT | RESPELL_POINT)
#define ASCII	RESPELL_ASCII
#define SLASH	RESPELL_SLASHES
#define SORT	RESPELL_SORTED

static const struct spelled spellings[] = {
	{ SPELLED("a program without spaces (JavaScript's JSON.stringify)"),
	    { ",", ":", NULL, SHORT } },
	{ SPELLED("a program without spaces"), { ",", ":", NULL, 0 } },
	{ SPELLED("a program without spaces"), { ",", ":", NULL, POINT } },
	{ SPELLED("Python's json.dumps()"), { ", ", ": ", NULL,
	    ASCII | POINT } },
	{ SPELLED("Python's json.dumps(ensure_ascii=False)"),
	    { ", ", ": ", NULL, POINT } },
	{ SPELLED("Python's json.dumps(separators=(',', ':'))"),
	    { ",", ":", NULL, ASCII | POINT } },
	{ SPELLED("Python's str()"), { ", ", ": ", NULL,
	    RESPELL_PYTHON | POINT } },
	{ SPELLED("PHP's json_encode()"), { ",", ":", NULL,
	    ASCII | SLASH | SHORT } },
	{ SPELLED("PHP's json_encode() with JSON_UNESCAPED_UNICODE"),
	    { ",", ":", NULL, SLASH | SHORT } },
	{ SPELLED("PHP's json_encode() with JSON_UNESCAPED_SLASHES"),
	    { ",", ":", NULL, ASCII | SHORT } },
	{ SPELLED("PHP's JSON_PRETTY_PRINT"), { ",", ": ", "    ",
	    ASCII | SLASH | SHORT } },
	{ SPELLED("Go's json.Marshal"), { ",", ":", NULL,
	    RESPELL_HTML | SHORT } },
	{ SPELLED("a program that indents by two spaces"), { ",", ": ", "  ",
	    SHORT } },
	{ SPELLED("a program that indents by four spaces"), { ",", ": ",
	    "    ", SHORT } },
	{ SPELLED("a program that indents by tabs"), { ",", ": ", "\t",
	    SHORT } },
	{ SPELLED("a program that indents by two spaces"), { ",", ": ", "  ",
	    0 } },
	{ SPELLED("Python's json.dumps(indent=2)"), { ",", ": ", "  ",
	    ASCII | POINT } },
	{ SPELLED("Python's json.dumps(indent=4)"), { ",", ": ", "    ",
	    ASCII | POINT } },
	{ SORTED("a program without spaces"), { ",", ":", NULL,
	    SORT | SHORT } },
	{ SORTED("a program without spaces"), { ",", ":", NULL, SORT } },
	{ SORTED("Python's json.dumps(sort_keys=True)"), { ", ", ": ", NULL,
	    SORT | ASCII | POINT } },
	{ SORTED("Python's json.dumps(sort_keys=True, ensure_ascii=False)"),
	    { ", ", ": ", NULL, SORT | POINT } },
	{ SORTED("Python's json.dumps(sort_keys=True, separators=(',',"
	    " ':'))"), { ",", ":", NULL, SORT | ASCII | POINT } },
	{ SORTED("PHP's json_encode()"), { ",", ":", NULL,
	    SORT | ASCII | SLASH | SHORT } },
	{ SORTED("Go's json.Marshal"), { ",", ":", NULL,
	    SORT | RESPELL_HTML | SHORT } },
};

#define BYTES "  Sign the very bytes that are sent."

static const struct guess_way ways[] = {
	{ "BODY_LINE_END", "The body was signed with a line end behind it"
	    " that was not sent." BYTES, false, guess_make_around, "",
	    "\n" },
	{ "BODY_LINE_END", "The body was signed with CR and LF behind it"
	    " that were not sent." BYTES, false, guess_make_around, "",
	    "\r\n" },
	{ "BODY_LINE_END", "The body was signed without the line end behind"
	    " it." BYTES, false, no_end },
	{ "BODY_LINE_ENDS", "The body's lines were signed with LF and sent"
	    " with CR and LF." BYTES, false, guess_make_replaced, "\r\n",
	    "\n" },
	{ "BODY_LINE_ENDS", "The body's lines were signed with CR and LF and"
	    " sent with LF." BYTES, false, line_ends },
	{ "BODY_EMPTY", "No body was signed, but one was sent." BYTES, false,
	    guess_make_text, NULL, "" },
	{ "BODY_NOT_SENT", "{} was signed as the body, but something else was"
	    " sent.  Without a body, sign the hash of the empty text.",
	    false, guess_make_text, NULL, "{}" },
	{ "BODY_NOT_SENT", "[] was signed as the body, but something else was"
	    " sent.  Without a body, sign the hash of the empty text.",
	    false, guess_make_text, NULL, "[]" },
	{ "BODY_NOT_SENT", "null was signed as the body, but something else"
	    " was sent.  Without a body, sign the hash of the empty text.",
	    false, guess_make_text, NULL, "null" },
	{ "BODY_NOT_SENT", "\"\" was signed as the body, but something else"
	    " was sent.  Without a body, sign the hash of the empty text.",
	    false, guess_make_text, NULL, "\"\"" },
	{ "BODY_NOT_SENT", "undefined was signed as the body, but something"
	    " else was sent.  Without a body, sign the hash of the empty"
	    " text.", false, guess_make_text, NULL, "undefined" },
	{ "BODY_NOT_SENT", "None was signed as the body, but something else"
	    " was sent.  Without a body, sign the hash of the empty text.",
	    false, guess_make_text, NULL, "None" },
	{ "BODY_AS_OBJECT", "\"[object Object]\" was signed: an object was"
	    " hashed as if it were a text." ONCE, false, guess_make_text,
	    NULL, "[object Object]" },
	{ "BODY_AS_OBJECT", "\"Array\" was signed: an array was hashed as if"
	    " it were a text." ONCE, false, guess_make_text, NULL,
	    "Array" },
	{ "BODY_QUOTED", "The body was serialised twice before it was"
	    " signed: it was a text already." ONCE, false, quoted },
	{ "BODY_MARKED", "The body was signed with a byte order mark before"
	    " it." BYTES, false, guess_make_around, "\xEF\xBB\xBF", "" },
	{ "BODY_LATIN1", "The body was signed in Latin-1 and sent in UTF-8."
	    "  Encode it once, as UTF-8, and sign those bytes.", false,
	    latin1 },
	{ 0 }
};

static const struct guess_way file_way = { "BODY_CURL_DATA",
	"curl -d leaves out the line ends of a file, but they were signed."
	"  Use --data-binary.", false, NULL, NULL, NULL };

static bool
no_end(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	const char	*text = right.data;

	(void)r;
	(void)way;
	*out = right;
	while (out->size > 0 && strchr("\r\n \t", text[out->size - 1]))
		out->size--;

	return out->size > 0;
}

static bool
line_ends(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	struct guess_way	 lf = { .from = "\r\n", .to = "\n" };
	struct guess_way	 crlf = { .from = "\n", .to = "\r\n" };

	(void)way;

	return guess_make_replaced(r, &lf, right, out) &&
	    guess_make_replaced(r, &crlf, *out, out);
}

static bool
quoted(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	struct buf	 b;

	(void)way;
	buf_init(&b, r->arena);
	shape_quote(&b, guess_make_copy(r, right));

	return guess_make_say(out, buf_str(&b));
}

/* U+0080 to U+00FF as one byte each; false if there are others. */
static bool
latin1(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	unsigned char	*text, *to;

	(void)way;
	to = text = (unsigned char *)guess_make_copy(r, right);
	for (const unsigned char *from = text; *from != '\0'; from++) {
		if ((*from == 0xC2 || *from == 0xC3) && from[1] != '\0') {
			*to++ = (unsigned char)(*from << 6 |
			    (from[1] & 0x3F));
			from++;
		} else if (*from < 0x80)
			*to++ = *from;
		else
			return false;
	}
	*out = (struct piece){ text, (size_t)(to - text) };

	return true;
}

void
guess_body_add(struct guess_options *all, const struct guess_request *r)
{
	struct faults	 faults;
	struct buf	 b;

	if (r->file.size > 0)
		guess_add(all, &file_way, r->file);
	faults_init(&faults, r->arena);
	if (r->body.size > 0 &&
	    strict_check(r->body.data, r->body.size, &faults))
		for (size_t i = 0;
		    i < sizeof(spellings) / sizeof(*spellings); i++) {
			buf_init(&b, r->arena);
			respell_json(&b, &spellings[i].how, r->body.data,
			    r->body.size);
			guess_add(all, &spellings[i].way,
			    (struct piece){ buf_str(&b), b.size });
		}
	guess_add_all(all, r, ways, r->body);
}
