/*
 * Texts that stand for bytes: hex, base64, percent-encoding, UTF-8.  All are
 * read strictly, so that one value has one spelling (hex alone has two cases).
 */
#include <stddef.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"

static const char base64[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The value of a hex digit of either case, or -1. */
static int
hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;

	return -1;
}

void
encode_hex(char *out, const void *in, size_t size)
{
	static const char	 digits[] = "0123456789abcdef";
	const unsigned char	*bytes = in;
	size_t			 i;

	for (i = 0; i < size; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

bool
encode_unhex(void *out, size_t size, const char *in)
{
	unsigned char	*bytes = out;
	size_t		 i;
	int		 high, low;

	for (i = 0; i < size; i++) {
		/* A NUL in the first place ends it before the second. */
		high = hex_value(in[2 * i]);
		if (high == -1)
			return false;
		low = hex_value(in[2 * i + 1]);
		if (low == -1)
			return false;
		bytes[i] = (unsigned char)(high << 4 | low);
	}

	return in[2 * size] == '\0';
}

const char *
encode_base64(struct arena *arena, const void *in, size_t size)
{
	const unsigned char	*from = in;
	char			*out, *at;
	unsigned		 bits;
	size_t			 left;

	at = out = arena_array(arena, size / 3 + 2, 4);
	for (left = size; left > 0; from += 3) {
		bits = (unsigned)from[0] << 16;
		if (left > 1)
			bits |= (unsigned)from[1] << 8;
		if (left > 2)
			bits |= from[2];
		*at++ = base64[bits >> 18];
		*at++ = base64[bits >> 12 & 63];
		*at++ = left > 1 ? base64[bits >> 6 & 63] : '=';
		*at++ = left > 2 ? base64[bits & 63] : '=';
		left -= left > 3 ? 3 : left;
	}

	return out;
}

/*
 * One group of four digits into at most three bytes.  How many they are; 0 if
 * it is no such group, or has bits set that no byte takes.
 */
static size_t
read_group(const char *in, unsigned char out[3])
{
	const char	*digit;
	unsigned	 bits = 0;
	size_t		 i, pads = 0;

	for (i = 0; i < 4; i++) {
		bits <<= 6;
		if (i >= 2 && in[i] == '=') {
			pads++;
			continue;
		}
		digit = in[i] == '\0' ? NULL : strchr(base64, in[i]);
		if (digit == NULL || pads > 0)
			return 0;
		bits |= (unsigned)(digit - base64);
	}
	if (pads > 0 && (bits & ((1u << 8 * pads) - 1)) != 0)
		return 0;
	out[0] = (unsigned char)(bits >> 16);
	out[1] = (unsigned char)(bits >> 8);
	out[2] = (unsigned char)bits;

	return 3 - pads;
}

unsigned char *
encode_unbase64(struct arena *arena, const char *in, size_t *size)
{
	unsigned char	*out;
	size_t		 length = strlen(in);
	size_t		 i, got, all = 0;

	if (length % 4 != 0)
		return NULL;
	out = arena_array(arena, length / 4 + 1, 3);
	for (i = 0; i < length; i += 4) {
		got = read_group(in + i, out + all);
		if (got == 0 || (got < 3 && i + 4 < length))
			return NULL;
		all += got;
	}
	*size = all;

	return out;
}

static void
swap(char *text, const char *from, const char *to)
{
	const char	*digit;

	for (; *text != '\0'; text++)
		if ((digit = strchr(from, *text)) != NULL)
			*text = to[digit - from];
}

const char *
encode_base64_bare(struct arena *arena, enum encode_digits digits,
    const void *in, size_t size)
{
	char	*out = arena_text(arena, encode_base64(arena, in, size));

	out[strcspn(out, "=")] = '\0';
	if (digits == ENCODE_URL)
		swap(out, "+/", "-_");

	return out;
}

unsigned char *
encode_unbase64_bare(struct arena *arena, enum encode_digits digits,
    const char *in, size_t length, size_t *size)
{
	char	*padded = arena_alloc(arena, length + 4);

	if (memchr(in, '=', length) != NULL ||
	    memchr(in, '\0', length) != NULL)
		return NULL;
	memcpy(padded, in, length);
	memcpy(padded + length, "===", 4);
	padded[(length + 3) / 4 * 4] = '\0';
	if (digits == ENCODE_URL) {
		if (strpbrk(padded, "+/") != NULL)
			return NULL;
		swap(padded, "-_", "+/");
	}

	return encode_unbase64(arena, padded, size);
}

const char *
encode_unpercent(struct arena *arena, const char *in, size_t size, bool plus)
{
	char		*out = arena_copy(arena, in, size);
	unsigned char	 byte;
	size_t		 i, all = 0;
	char		 pair[3] = "";

	for (i = 0; i < size; i++) {
		byte = (unsigned char)in[i];
		if (byte == '+' && plus) {
			byte = ' ';
		} else if (byte == '%') {
			if (size - i < 3)
				return NULL;
			memcpy(pair, in + i + 1, 2);
			if (!encode_unhex(&byte, 1, pair))
				return NULL;
			i += 2;
		}
		if (byte == '\0')
			return NULL;
		out[all++] = (char)byte;
	}
	out[all] = '\0';

	return encode_is_utf8(out, all) ? out : NULL;
}

/* RFC 3986, section 2.3; isalnum() would ask the locale. */
static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~", c) != NULL);
}

const char *
encode_percent(struct arena *arena, const char *in)
{
	static const char	 digits[] = "0123456789ABCDEF";
	char			*out, *at;

	at = out = arena_array(arena, strlen(in) + 1, 3);
	for (; *in != '\0'; in++) {
		if (is_unreserved(*in)) {
			*at++ = *in;
			continue;
		}
		*at++ = '%';
		*at++ = digits[(unsigned char)*in >> 4];
		*at++ = digits[(unsigned char)*in & 15];
	}

	return out;
}

/*
 * How many bytes the character at `s` has, of `left` that are there; 0 if it
 * is not well-formed.  The second byte of some is narrowed (RFC 3629, section
 * 4), which is what shuts out overlong forms and surrogates.
 */
static size_t
char_size(const unsigned char *s, size_t left)
{
	unsigned char	low = 0x80, high = 0xbf;
	size_t		i, size;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	size = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (left < size)
		return 0;
	if (s[0] == 0xe0)
		low = 0xa0;
	if (s[0] == 0xed)
		high = 0x9f;
	if (s[0] == 0xf0)
		low = 0x90;
	if (s[0] == 0xf4)
		high = 0x8f;
	if (s[1] < low || s[1] > high)
		return 0;
	for (i = 2; i < size; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;

	return size;
}

bool
encode_is_utf8(const char *text, size_t size)
{
	const unsigned char	*s = (const unsigned char *)text;
	size_t			 step, i;

	for (i = 0; i < size; i += step) {
		step = char_size(s + i, size - i);
		if (step == 0)
			return false;
	}

	return true;
}

size_t
encode_length(const char *text)
{
	size_t count = 0;

	/* Each character has one byte that is not a continuation. */
	for (; *text != '\0'; text++)
		if (((unsigned char)*text & 0xc0) != 0x80)
			count++;

	return count;
}
