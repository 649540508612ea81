/*
 * judge: what is wrong with a signed request, in sentences.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command/judge.h"
#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/limits.h"

#define HEX "0123456789abcdefABCDEF"

void
judge_add(struct judge *j, const char *code, const char *detail, ...)
{
	va_list	 args;

	if (j->count == sizeof(j->findings) / sizeof(*j->findings))
		return;
	va_start(args, detail);
	j->findings[j->count].code = code;
	j->findings[j->count++].detail = arena_vprintf(j->request.arena,
	    detail, args);
	va_end(args);
}

/* the signature's own spelling */

static bool
hex(struct judge *j, const char *text)
{
	return encode_unhex(j->request.said, SHA256_SIZE, text);
}

/* "sha256=…", quotes: 64 digits among other characters. */
static bool
dressed(struct judge *j, const char *text)
{
	size_t	 size;

	for (; *text != '\0'; text += size + strcspn(text + size, HEX)) {
		size = strspn(text, HEX);
		if (size == 64)
			return hex(j, arena_copy(j->request.arena, text,
			    size));
	}

	return false;
}

/* With - and _ or with + and /, padded or not; of the bytes or of hex. */
static bool
base64(struct judge *j, const char *text)
{
	size_t		 size = strlen(text);
	char		*copy = arena_printf(j->request.arena, "%s===",
			    text);
	unsigned char	*bytes;

	for (char *s = copy; *s != '\0'; s++)
		if (*s == '-')
			*s = '+';
		else if (*s == '_')
			*s = '/';
	copy[(size + 3) / 4 * 4] = '\0';
	bytes = encode_unbase64(j->request.arena, copy, &size);
	if (bytes == NULL)
		return false;
	if (size == SHA256_SIZE)
		memcpy(j->request.said, bytes, size);

	return size == SHA256_SIZE || (size == 2 * SHA256_SIZE &&
	    hex(j, arena_copy(j->request.arena, bytes, size)));
}

static const struct {
	size_t		 digits;
	const char	*name;
} hashes[] = {
	{ 32, "MD5" }, { 40, "SHA-1" }, { 96, "SHA-384" }, { 128, "SHA-512" },
};

/* Why it is no signature at all. */
static void
no_signature(struct judge *j, const char *text)
{
	size_t	 size = strlen(text);

	for (size_t i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++)
		if (hashes[i].digits == size && strspn(text, HEX) == size) {
			judge_add(j, "SIGNATURE_NOT_SHA256", "X-Signature"
			    " has %zu hex digits, as %s has.  Use"
			    " HMAC-SHA256, which has 64.", size,
			    hashes[i].name);
			return;
		}
	judge_add(j, "SIGNATURE_MALFORMED", "X-Signature has %zu characters"
	    " and is neither hex nor base64 of 32 bytes.  Send the"
	    " HMAC-SHA256 as 64 hex digits.", size);
}

/* Its 32 bytes, and a finding unless they are spelled as they should. */
static bool
undress(struct judge *j, const char *text)
{
	if (hex(j, text))
		return true;
	if (dressed(j, text))
		judge_add(j, "SIGNATURE_DRESSED", "X-Signature holds more"
		    " than the 64 hex digits.  Send nothing but them.");
	else if (base64(j, text))
		judge_add(j, "SIGNATURE_AS_BASE64", "X-Signature is in"
		    " base64.  Send the 32 bytes as 64 hex digits.");
	else {
		no_signature(j, text);
		return false;
	}

	return true;
}

/* what it was made of */

/* Nothing that a terminal could take for a command. */
static const char *
printable(struct arena *arena, struct piece p)
{
	char	*text = arena_copy(arena, p.data, p.size);

	for (char *s = text; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';

	return text;
}

static void
tell_time(struct judge *j, const struct guess *g)
{
	if (g->in_ms)
		judge_add(j, "TIME_IN_MILLISECONDS", "Milliseconds were"
		    " signed, but X-Timestamp was sent in seconds.  Sign and"
		    " send the same text: unix seconds.");
	else
		judge_add(j, "TIME_OTHER", "The time that was signed lies"
		    " %d s %s the X-Timestamp that was sent.  Take the time"
		    " once, sign it and send the same text.",
		    abs(g->seconds), g->seconds < 0 ? "before" : "after");
}

static void
tell(struct judge *j, const struct guess *g)
{
	const struct guess_option	*wrong;

	if (g->other_time)
		tell_time(j, g);
	for (int i = 0; i < GUESS_PARTS; i++) {
		wrong = g->wrong[i];
		if (wrong == NULL)
			continue;
		judge_add(j, wrong->way->code, "%s%s%s", wrong->way->says,
		    wrong->way->shown ? "  Signed was: " : "",
		    wrong->way->shown ? printable(j->request.arena,
		    wrong->data) : "");
	}
}

void
judge_signature(struct judge *j, const char *signature)
{
	struct guess	 g;
	size_t		 before = j->count;

	if (!undress(j, signature))
		return;
	if (guess_find(&j->request, &j->secrets, &g))
		tell(j, &g);
	else
		judge_add(j, "UNEXPLAINED", "None of the usual mistakes makes"
		    " this signature: the secret is another one, or what was"
		    " signed differs from what is shown here.  Compare the"
		    " text that you sign with the one below, byte for"
		    " byte.");
	j->right = j->count == before;
}

/* the clock */

static const char *
span(const struct judge *j, int64_t seconds)
{
	struct arena	*arena = j->request.arena;

	if (seconds < 120)
		return arena_printf(arena, "%" PRId64 " s", seconds);
	if (seconds < 7200)
		return arena_printf(arena, "%" PRId64 " min %" PRId64 " s",
		    seconds / 60, seconds % 60);
	if (seconds < 2 * 86400)
		return arena_printf(arena, "%" PRId64 " h %" PRId64 " min",
		    seconds / 3600, seconds / 60 % 60);

	return arena_printf(arena, "%" PRId64 " days", seconds / 86400);
}

/* Is it off as local time is from UTC, by quarters of an hour? */
static bool
is_zone(int64_t off)
{
	int64_t	 rest = off % 900;

	return off > 900 - 60 && off <= 14 * 3600 + 60 &&
	    (rest <= 60 || rest >= 900 - 60);
}

static void
tell_off(struct judge *j, int64_t off)
{
	const char	*how = span(j, off);
	const char	*side = j->off_s < 0 ? "behind" : "ahead of";

	if (is_zone(off) && (j->at_known || j->off_s > 0))
		judge_add(j, "CLOCK_ZONE", "The timestamp is %s %s the"
		    " server's clock, as if local time were taken for UTC."
		    "  Unix seconds are the same in every time zone: take"
		    " them from the system, as date +%%s does.", how, side);
	else if (j->at_known || j->off_s > 0)
		judge_add(j, "CLOCK_OFF", "The timestamp is %s %s the"
		    " server's clock; %d s are taken.  Set the clock by NTP,"
		    " and sign each request when it is sent.", how, side,
		    LIMIT_CLOCK_SKEW_S);
	else
		judge_add(j, "CLOCK_OLD", "The timestamp is %s old; %d s are"
		    " taken.  If the request was refused when it was new,"
		    " say when that was with --at.", how,
		    LIMIT_CLOCK_SKEW_S);
}

void
judge_clock(struct judge *j)
{
	const char	*text = j->request.timestamp;
	size_t		 size = strlen(text);
	long long	 sent;

	if (size == 0 || strspn(text, "0123456789") != size || size > 16) {
		judge_add(j, "CLOCK_FORMAT", "X-Timestamp is \"%s\".  Send"
		    " whole unix seconds, digits only: %" PRId64 ".",
		    printable(j->request.arena, (struct piece){ text,
		    size }), j->at.ms / 1000);
		return;
	}
	sent = strtoll(text, NULL, 10);
	if (size > 12) {
		judge_add(j, "CLOCK_MILLISECONDS", "X-Timestamp is in %s."
		    "  Sign and send whole seconds: %lld.",
		    size == 13 ? "milliseconds" : "microseconds",
		    size == 13 ? sent / 1000 : sent / 1000000);
		return;
	}
	j->off_s = sent - j->at.ms / 1000;
	if (llabs(j->off_s) > LIMIT_CLOCK_SKEW_S)
		tell_off(j, llabs(j->off_s));
}

const char *
judge_text(const struct judge *j)
{
	unsigned char	 sum[SHA256_SIZE];
	char		 digits[2 * SHA256_SIZE + 1];

	hmac_sha256(sum, j->request.body.data, j->request.body.size);
	encode_hex(digits, sum, sizeof(sum));

	return printable(j->request.arena, (struct piece){
	    arena_printf(j->request.arena, "%s%s%s%s", j->request.timestamp,
	    j->request.method, j->request.target, digits),
	    strlen(j->request.timestamp) + strlen(j->request.method) +
	    strlen(j->request.target) + sizeof(digits) - 1 });
}
