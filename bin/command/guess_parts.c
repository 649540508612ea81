/*
 * guess_parts: what people do to the secret, the time, the method and the
 * body's hash when they sign.  Each way is a row: what to call it, what to
 * say, and how its bytes are made of the right ones.
 */
#include <stdlib.h>
#include <string.h>

#include "bin/command/guess_make.h"
#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/encode.h"

static GUESS_MAKE(key_bytes);
static GUESS_MAKE(key_unbase64);
static GUESS_MAKE(key_bare);
static GUESS_MAKE(time_less);
static GUESS_MAKE(time_more);
static GUESS_MAKE(time_text);
static GUESS_MAKE(hash_hex);
static GUESS_MAKE(hash_upper);
static GUESS_MAKE(hash_bytes);
static GUESS_MAKE(hash_base64);
static GUESS_MAKE(hash_twice);
static GUESS_MAKE(hash_not);

#define CUT "  Cut it to its 64 characters."

const struct guess_way guess_parts_form[] = {
	{ "SECRET_AS_BYTES", "hmacSecret was decoded to the 32 bytes that it"
	    " spells.  Use the text as it is, all 64 characters, as the key.",
	    false, key_bytes },
	{ "SECRET_LINE_END", "The secret was used with a line end behind it,"
	    " as it was read from a file." CUT, false, guess_make_around,
	    "", "\n" },
	{ "SECRET_LINE_END", "The secret was used with CR and LF behind it,"
	    " as it was read from a file." CUT, false, guess_make_around,
	    "", "\r\n" },
	{ "SECRET_SPACE", "The secret was used with a space behind it." CUT,
	    false, guess_make_around, "", " " },
	{ "SECRET_SPACE", "The secret was used with a space before it." CUT,
	    false, guess_make_around, " ", "" },
	{ "SECRET_QUOTED", "The secret was used with quotes around it, as it"
	    " stands in a file." CUT, false, guess_make_around, "\"",
	    "\"" },
	{ "SECRET_QUOTED", "The secret was used with quotes around it, as it"
	    " stands in a file." CUT, false, guess_make_around, "'", "'" },
	{ "SECRET_UPPER_CASE", "The secret was used in upper case.  Use it"
	    " as it was issued.", false, guess_make_case, "a", "z" },
	{ "SECRET_UNBASE64", "The secret was decoded as base64, which it is"
	    " not.  Use the text as it is, all 64 characters, as the key.",
	    false, key_unbase64 },
	{ "SECRET_WITHOUT_PREFIX", "It was used without what stands before"
	    " its digits.", false, key_bare },
	{ 0 }
};

#define SAME_TIME "  Sign and send the same text: unix seconds."

const struct guess_way guess_parts_time[] = {
	{ "TIME_IN_SECONDS", "Seconds were signed, but X-Timestamp was sent"
	    " with more digits." SAME_TIME, true, time_less },
	{ "TIME_IN_MILLISECONDS", "Milliseconds were signed, but X-Timestamp"
	    " was sent in seconds." SAME_TIME, true, time_more, "", "000" },
	{ "TIME_IN_MILLISECONDS", "The time was signed with a decimal point,"
	    " but X-Timestamp was sent without." SAME_TIME, true, time_more,
	    "", ".0" },
	{ "TIME_AS_DATE", "A date was signed, but X-Timestamp was sent in"
	    " seconds." SAME_TIME, true, time_text, NULL, "Z" },
	{ "TIME_AS_DATE", "A date was signed, but X-Timestamp was sent in"
	    " seconds." SAME_TIME, true, time_text, NULL, ".000Z" },
	{ "TIME_LEFT_OUT", "The timestamp was not signed.  What is signed"
	    " begins with the text of X-Timestamp.", false, guess_make_text,
	    NULL, "" },
	{ 0 }
};

#define OTHER_METHOD "Another method was signed than the one that was sent." \
	"  Sign the method of the request line."

const struct guess_way guess_parts_method[] = {
	{ "METHOD_CASE", "The method was signed in lower case.  Sign it as it"
	    " is sent, in upper case.", false, guess_make_case, "A", "Z" },
	{ "METHOD_LEFT_OUT", "The method was not signed.  It stands between"
	    " timestamp and path.", false, guess_make_text, NULL, "" },
	{ "METHOD_OTHER", OTHER_METHOD, true, guess_make_text, NULL, "GET" },
	{ "METHOD_OTHER", OTHER_METHOD, true, guess_make_text, NULL,
	    "POST" },
	{ "METHOD_OTHER", OTHER_METHOD, true, guess_make_text, NULL, "PUT" },
	{ "METHOD_OTHER", OTHER_METHOD, true, guess_make_text, NULL,
	    "PATCH" },
	{ "METHOD_OTHER", OTHER_METHOD, true, guess_make_text, NULL,
	    "DELETE" },
	{ "METHOD_OTHER", OTHER_METHOD, true, guess_make_text, NULL,
	    "HEAD" },
	{ 0 }
};

/* Here the right way is a row too: the body is not signed as it is. */
const struct guess_way guess_parts_hash[] = {
	{ NULL, NULL, false, hash_hex },
	{ "HASH_UPPER_CASE", "The body's hash was signed in upper case.  Its"
	    " hex digits are lower case.", false, hash_upper },
	{ "HASH_AS_BYTES", "The body's hash was signed as 32 bytes.  Sign it"
	    " as text: 64 hex digits in lower case.", false, hash_bytes },
	{ "HASH_AS_BASE64", "The body's hash was signed in base64.  Sign it"
	    " as 64 hex digits in lower case.", false, hash_base64 },
	{ "HASH_LEFT_OUT", "The body's hash was not signed.  It is the last"
	    " part, even where there is no body: then it is the hash of the"
	    " empty text, e3b0c442….", false, guess_make_text, NULL, "" },
	{ "BODY_NOT_HASHED", "The body itself was signed.  Sign its SHA-256"
	    " instead, as 64 hex digits in lower case.", false, hash_not },
	{ "HASH_OF_HASH", "The body was hashed twice.  Sign the SHA-256 of"
	    " the body's own bytes.", false, hash_twice },
	{ 0 }
};

static bool
give(const struct guess_request *r, struct piece *out, const void *data,
    size_t size)
{
	*out = (struct piece){ arena_copy(r->arena, data, size), size };

	return size > 0;
}

/* the secret */

static bool
key_bytes(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	unsigned char	 bytes[64];

	(void)way;
	if (right.size > 2 * sizeof(bytes) || right.size % 2 != 0 ||
	    !encode_unhex(bytes, right.size / 2, guess_make_copy(r, right)))
		return false;

	return give(r, out, bytes, right.size / 2);
}

static bool
key_unbase64(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	unsigned char	*bytes;
	size_t		 size;

	(void)way;
	bytes = encode_unbase64(r->arena, guess_make_copy(r, right), &size);

	return bytes != NULL && give(r, out, bytes, size);
}

/* "sk_test_" and its like stand before keys, not before hmacSecret. */
static bool
key_bare(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	const char	*digits = strrchr(guess_make_copy(r, right), '_');

	(void)way;

	return digits != NULL && guess_make_say(out, digits + 1);
}

/* the time */

static bool
time_more(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	return right.size <= 10 && guess_make_around(r, way, right, out);
}

/* 1746876000123 and 1746876000.123 as 1746876000. */
static bool
time_less(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	size_t	 size = strspn(r->timestamp, "0123456789");

	(void)way;
	if (size == 13)
		size = 10;
	else if (r->timestamp[size] != '.')
		return false;

	return give(r, out, right.data, size);
}

static bool
time_text(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	const char	*date;

	if (right.size == 0 || right.size > 10 ||
	    strspn(r->timestamp, "0123456789") != right.size)
		return false;
	date = clock_format(r->arena, (struct moment){
	    strtoll(r->timestamp, NULL, 10) * 1000 });

	return guess_make_say(out, arena_printf(r->arena, "%.*s%s",
	    (int)strcspn(date, "Z"), date, way->to));
}

/* the hash */

static bool
hash_bytes(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	unsigned char	 sum[SHA256_SIZE];

	(void)way;
	hmac_sha256(sum, right.data, right.size);

	return give(r, out, sum, sizeof(sum));
}

static bool
hash_hex(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	char		 hex[2 * SHA256_SIZE + 1];
	struct piece	 sum;

	hash_bytes(r, way, right, &sum);
	encode_hex(hex, sum.data, sum.size);

	return give(r, out, hex, sizeof(hex) - 1);
}

static bool
hash_upper(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	struct guess_way	 upper = { .from = "a", .to = "z" };

	return hash_hex(r, way, right, out) &&
	    guess_make_case(r, &upper, *out, out);
}

static bool
hash_base64(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	struct piece	 sum;

	hash_bytes(r, way, right, &sum);

	return guess_make_say(out,
	    encode_base64(r->arena, sum.data, sum.size));
}

static bool
hash_twice(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	return hash_hex(r, way, right, out) && hash_hex(r, way, *out, out);
}

/* A long body would take long, as often as it is tried. */
static bool
hash_not(const struct guess_request *r, const struct guess_way *way,
    struct piece right, struct piece *out)
{
	(void)r;
	(void)way;
	*out = right;

	return right.size <= 16384;
}
