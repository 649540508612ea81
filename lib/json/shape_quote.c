/*
 * shape_quote: a JSON string.  Only what RFC 8259 asks for is escaped; text
 * is UTF-8 already, so the rest stands for itself.
 */
#include <string.h>

#include "lib/base/buf.h"
#include "lib/json/quoted.h"
#include "lib/json/shape.h"

static void
escape(struct buf *out, unsigned char c)
{
	static const char	 digits[] = "0123456789abcdef";
	static const char	 names[0x20] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n',
		['\f'] = 'f', ['\r'] = 'r',
	};
	char			 text[] = "\\u00XX";

	if (c >= 0x20 || names[c] != '\0') {
		text[1] = c >= 0x20 ? (char)c : names[c];
		buf_add(out, text, 2);
		return;
	}
	text[4] = digits[c >> 4];
	text[5] = digits[c & 15];
	buf_add(out, text, 6);
}

void
shape_quote(struct buf *out, const char *text)
{
	const char	*end = text + strlen(text), *from = text;

	buf_byte(out, '"');
	for (; (text = quoted_plain(text, end)) < end; text++) {
		unsigned char	 c = (unsigned char)*text;

		if (c >= 0x80)
			continue;
		buf_add(out, from, (size_t)(text - from));
		escape(out, c);
		from = text + 1;
	}
	buf_add(out, from, (size_t)(text - from));
	buf_byte(out, '"');
}
