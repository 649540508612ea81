/*
 * quoted: the strings of RFC 8259, section 7, held to the letter.  Two things
 * it lets pass are refused here, because no text of ours could hold them:
 * U+0000, and half of a surrogate pair.
 */
#include <stdint.h>
#include <string.h>

#include "lib/base/encode.h"
#include "lib/json/quoted.h"

/* Four hex digits; -1 if they are not. */
static int
hex4(const char *p, const char *end)
{
	char		 text[5] = { 0 };
	unsigned char	 out[2];

	if (end - p < 4)
		return -1;
	memcpy(text, p, 4);
	if (!encode_unhex(out, 2, text))
		return -1;

	return out[0] << 8 | out[1];
}

/* The code point of a "\u", and the bytes it takes there: 6 or 12. */
static int
unicode(const char *p, const char *end, size_t *size)
{
	int	 high, low;

	*size = 6;
	high = hex4(p + 2, end);
	if (high < 0xD800 || high > 0xDFFF)
		return high;
	if (high > 0xDBFF || end - p < 12 || p[6] != '\\' || p[7] != 'u')
		return -1;
	low = hex4(p + 8, end);
	if (low < 0xDC00 || low > 0xDFFF)
		return -1;
	*size = 12;

	return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

static const char *
check_escape(const char **p, const char *end)
{
	size_t	 size = 2;
	int	 c;

	if (end - *p < 2)
		return "the text ends within a string";
	if ((*p)[1] == 'u') {
		c = unicode(*p, end, &size);
		if (c < 0)
			return "\\u needs four hex digits, and surrogates "
			    "come in pairs";
		if (c == 0)
			return "\\u0000 is not taken";
	} else if ((*p)[1] == '\0' || strchr("\"\\/bfnrt", (*p)[1]) == NULL)
		return "there is no such escape in JSON";
	*p += size;

	return NULL;
}

/* One character of two bytes or more. */
static const char *
check_wide(const char **p, const char *end)
{
	unsigned char	 c = (unsigned char)**p;
	size_t		 size = c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;

	if ((size_t)(end - *p) < size || !encode_is_utf8(*p, size))
		return "this is not UTF-8";
	*p += size;

	return NULL;
}

/* Each byte of a word: `b`, or the highest bit of each. */
#define EACH(b)	(UINT64_C(0x0101010101010101) * (b))
#define HIGH	EACH(0x80)

/*
 * Has one of eight bytes its highest bit set, or is it below 0x20, a quote or
 * a backslash?  A byte less than n borrows when n is taken from it, and one
 * that is equal to c is 0, and less than 1, when c is added without carry.
 * A borrow may make the byte above it look bad, but never a bad one good.
 */
static bool
all_plain(const char *p)
{
	uint64_t	 w, quote, slash;

	memcpy(&w, p, sizeof(w));
	quote = w ^ EACH('"');
	slash = w ^ EACH('\\');

	return ((w | (w - EACH(0x20)) | (quote - EACH(1)) |
	    (slash - EACH(1))) & HIGH) == 0;
}

const char *
quoted_plain(const char *p, const char *end)
{
	while (end - p >= 8 && all_plain(p))
		p += 8;
	while (p < end && (unsigned char)*p >= 0x20 &&
	    (unsigned char)*p < 0x80 && *p != '"' && *p != '\\')
		p++;

	return p;
}

const char *
quoted_check(const char **p, const char *end, bool *escaped)
{
	const char	*why = NULL;

	*escaped = false;
	for (++*p; why == NULL && (*p = quoted_plain(*p, end)) < end &&
	    **p != '"';) {
		unsigned char	 c = (unsigned char)**p;

		if (c == '\\') {
			*escaped = true;
			why = check_escape(p, end);
		} else if (c >= 0x80)
			why = check_wide(p, end);
		else
			why = "a control character in a string is written as "
			    "an escape";
	}
	if (why == NULL && *p == end)
		why = "the text ends within a string";
	if (why == NULL)
		++*p;

	return why;
}

static char *
put_utf8(char *out, int c)
{
	if (c < 0x80) {
		*out++ = (char)c;
		return out;
	}
	if (c < 0x800)
		*out++ = (char)(0xC0 | c >> 6);
	else if (c < 0x10000)
		*out++ = (char)(0xE0 | c >> 12);
	else {
		*out++ = (char)(0xF0 | c >> 18);
		*out++ = (char)(0x80 | (c >> 12 & 0x3F));
	}
	if (c >= 0x800)
		*out++ = (char)(0x80 | (c >> 6 & 0x3F));
	*out++ = (char)(0x80 | (c & 0x3F));

	return out;
}

size_t
quoted_unescape(char *out, const char *in, size_t size)
{
	static const char	 names[] = "bfnrt", means[] = "\b\f\n\r\t";
	const char		*end = in + size, *start = out, *name;
	size_t			 step;

	while (in < end) {
		if (*in != '\\') {
			*out++ = *in++;
			continue;
		}
		step = 2;
		if (in[1] == 'u')
			out = put_utf8(out, unicode(in, end, &step));
		else {
			name = strchr(names, in[1]);
			*out++ = name != NULL ? means[name - names] : in[1];
		}
		in += step;
	}

	return (size_t)(out - start);
}
