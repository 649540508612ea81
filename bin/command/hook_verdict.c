/*
 * hook_verdict: is a delivery what it says, and if not, why not?
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bin/command/hook_verdict.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/encode.h"
#include "lib/base/faults.h"
#include "lib/base/limits.h"
#include "lib/json/respell.h"
#include "lib/json/strict.h"

#define BLANKS	" \t\r\n"
#define SIGNATURES 4	/* of a list, that are looked at */

static const struct hook_proof proofs[] = {
	{ DIALECT_SIR, "X-SIR-Signature", "X-SIR-Timestamp", NULL,
	    "sha256=", false, "t.b" },
	{ DIALECT_STANDARD, "webhook-signature", "webhook-timestamp",
	    "webhook-id", "v1,", true, "i.t.b" },
	{ DIALECT_CHUFFED, "Signature", NULL, NULL, "", false, "b" },
	{ DIALECT_QIIBEE, "Authorization", NULL, NULL, "Basic ", true, "" },
};

/* How their bodies begin. */
static const char *const begins[DIALECT__MAX] = {
	[DIALECT_SIR] = "{\"id\":\"evt_",
	[DIALECT_STANDARD] = "{\"id\":\"evt_",
	[DIALECT_CHUFFED] = "{\"data\":{\"id\":",
	[DIALECT_QIIBEE] = "{\"amount\":",
};

void
hook_verdict_add(struct hook_verdict *v, const char *code,
    const char *detail, ...)
{
	va_list	 args;

	if (v->count == sizeof(v->findings) / sizeof(*v->findings))
		return;
	va_start(args, detail);
	v->findings[v->count].code = code;
	v->findings[v->count++].detail = arena_vprintf(v->arena, detail,
	    args);
	va_end(args);
}

static const char *
header(const struct hook_verdict *v, const char *name)
{
	return name != NULL ? hook_parcel_header(v->parcel, name) : NULL;
}

static const char *
trimmed(struct arena *arena, const char *s)
{
	size_t	 size;

	s += strspn(s, BLANKS);
	for (size = strlen(s); size > 0 && strchr(BLANKS, s[size - 1]);)
		size--;

	return arena_copy(arena, s, size);
}

bool
hook_verdict_untouched(const struct hook_verdict *v)
{
	const struct spelling	 ours = { ",", ":", NULL, 0 };
	struct piece		 body = v->parcel->body;
	const char		*start = begins[v->dialect];
	struct faults		 faults;
	struct buf		 b;

	faults_init(&faults, v->arena);
	if (body.size < strlen(start) ||
	    memcmp(body.data, start, strlen(start)) != 0 ||
	    !strict_check(body.data, body.size, &faults))
		return false;
	buf_init(&b, v->arena);
	respell_json(&b, &ours, body.data, body.size);

	return b.size == body.size && memcmp(b.data, body.data, b.size) == 0;
}

/* which format it is */

static const struct hook_proof *
proof_of(enum dialect_name dialect)
{
	for (size_t i = 0; i < sizeof(proofs) / sizeof(proofs[0]); i++)
		if (proofs[i].dialect == dialect)
			return &proofs[i];

	return NULL;
}

static const struct hook_proof *
proof_in(const struct hook_verdict *v)
{
	for (size_t i = 0; i < sizeof(proofs) / sizeof(proofs[0]); i++)
		if (header(v, proofs[i].header) != NULL)
			return &proofs[i];

	return NULL;
}

/* Is all there that it takes? */
static bool
complete(struct hook_verdict *v, const struct hook_proof *p)
{
	const char *const		 names[] = { p->header, p->time,
					    p->id };
	const struct hook_proof	*other = proof_in(v);
	bool				 good = true;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i] != NULL && header(v, names[i]) == NULL) {
			hook_verdict_add(v, "HEADER_MISSING", "There is"
			    " no %s, which a delivery of the format %s has."
			    "  Something before the receiver may have taken"
			    " it away.", names[i],
			    dialect_get(p->dialect)->name);
			good = false;
		}
	if (!good && other != NULL && other != p)
		hook_verdict_add(v, "OTHER_FORMAT", "Its headers are those"
		    " of the format %s: the webhook was registered so.",
		    dialect_get(other->dialect)->name);

	return good;
}

/* the signature's own spelling */

/* 32 bytes out of hex or base64, if it is one of them. */
enum spelled { NEITHER, HEX, BASE64 };

static enum spelled
decode(struct arena *arena, const char *text, unsigned char *out)
{
	unsigned char	*bytes;
	size_t		 size;

	if (encode_unhex(out, SHA256_SIZE, text))
		return HEX;
	bytes = encode_unbase64(arena, text, &size);
	if (bytes == NULL || size != SHA256_SIZE)
		return NEITHER;
	memcpy(out, bytes, size);

	return BASE64;
}

/* Without what stands before it in one format or another. */
static const char *
bare(const char *text)
{
	for (size_t i = 0; i < sizeof(proofs) / sizeof(proofs[0]); i++) {
		size_t	 size = strlen(proofs[i].before);

		if (size > 0 && strncmp(text, proofs[i].before, size) == 0)
			return text + size;
	}

	return text;
}

/* The bytes of one signature, with findings if it is oddly spelled. */
static bool
undress(struct hook_verdict *v, const struct hook_proof *p,
    const char *text, unsigned char *out)
{
	const char	*signature = bare(text);
	size_t		 size = (size_t)(signature - text);
	enum spelled	 spelled = decode(v->arena, signature, out);

	if (spelled == NEITHER)
		return false;
	if (size != strlen(p->before) || strncmp(text, p->before, size) != 0)
		hook_verdict_add(v, "SIGNATURE_PREFIX", "In this format %s"
		    " has %s%s before the signature.", p->header,
		    p->before[0] != '\0' ? "" : "nothing", p->before);
	if ((spelled == BASE64) != p->base64)
		hook_verdict_add(v, p->base64 ? "SIGNATURE_AS_HEX" :
		    "SIGNATURE_AS_BASE64", "The signature is in %s, but in"
		    " this format it is in %s.", p->base64 ? "hex" :
		    "base64", p->base64 ? "base64" : "hex");

	return true;
}

/* what it was made of */

/* Is the old secret the one we know?  Then the list of "sir" still has it. */
static bool
is_old(const struct hook_verdict *v)
{
	const struct hook_proof	*p = proof_of(DIALECT_STANDARD);
	struct hook_verdict		 other = *v;
	unsigned char			 said[SHA256_SIZE];
	const char			*list = header(v, p->header), *one;
	size_t				 size;

	if (v->dialect != DIALECT_SIR || list == NULL ||
	    header(v, p->time) == NULL || header(v, p->id) == NULL)
		return false;
	for (; *list != '\0'; list += size + strspn(list + size, " ")) {
		size = strcspn(list, " ");
		one = arena_copy(v->arena, list, size);
		other.count = 0;
		if (undress(&other, p, one, said) &&
		    hook_guess(&other, p, said) && other.count == 0)
			return true;
	}

	return false;
}

static void
unexplained(struct hook_verdict *v)
{
	if (is_old(v))
		hook_verdict_add(v, "SECRET_OLD", "This is the secret from"
		    " before it was changed: X-SIR-Signature is made with the"
		    " new one.  webhook-signature has both for a while.");
	else if (hook_verdict_untouched(v))
		hook_verdict_add(v, "SECRET_OTHER", "The body looks as it"
		    " was sent, so the secret is another one: of another"
		    " webhook, of the other side (test, live), or from before"
		    " it was changed.");
	else
		hook_verdict_add(v, "BODY_CHANGED", "The body is not"
		    " spelled as we write it: it was changed on its way, or"
		    " parsed and written again.  Verify the raw bytes.  If"
		    " they are, the secret is another one.");
}

/* One signature, or each of a list until one is explained. */
static void
judge(struct hook_verdict *v, const struct hook_proof *p)
{
	const char	*value = header(v, p->header);
	const char	*list = trimmed(v->arena, value), *one;
	size_t		 before = v->count, size;
	unsigned char	 said[SHA256_SIZE];
	bool		 any = false;

	if (strlen(list) != strlen(value))
		hook_verdict_add(v, "SIGNATURE_SPACE", "%s has blanks or a"
		    " line end around it.  Cut them off before it is"
		    " compared.", p->header);
	for (int i = 0; *list != '\0' && i < SIGNATURES; i++) {
		size = strcspn(list, " ");
		one = arena_copy(v->arena, list, size);
		list += size + strspn(list + size, " ");
		if (!undress(v, p, one, said))
			continue;
		any = true;
		if (hook_guess(v, p, said)) {
			v->right = v->count == before;
			return;
		}
	}
	if (any)
		unexplained(v);
	else
		hook_verdict_add(v, "SIGNATURE_MALFORMED", "%s holds"
		    " neither hex nor base64 of 32 bytes.", p->header);
}

/* Nothing is signed: the secret itself comes along. */
static void
judge_basic(struct hook_verdict *v, const struct hook_proof *p)
{
	const char	*value = trimmed(v->arena, header(v, p->header));
	const char	*token = value + strcspn(value, " ");
	unsigned char	*said;
	size_t		 size;

	token += strspn(token, " ");
	said = encode_unbase64(v->arena, token, &size);
	if (strncasecmp(value, "Basic ", 6) != 0 || said == NULL)
		hook_verdict_add(v, "NOT_BASIC", "Authorization is not"
		    " Basic and base64 of a user name, a colon and a"
		    " password.");
	else if (size == strlen(v->secret) &&
	    hmac_equal(said, v->secret, size))
		v->right = true;
	else if (strcmp((const char *)said,
	    trimmed(v->arena, v->secret)) == 0)
		hook_verdict_add(v, "SECRET_SPACE", "The secret that you"
		    " gave has blanks or a line end around it.  Cut them"
		    " off.");
	else if (strcmp(bare(v->secret), token) == 0)
		hook_verdict_add(v, "SECRET_AS_BASE64", "The secret that"
		    " you gave is in base64.  Decoded it is the right one.");
	else
		hook_verdict_add(v, "SECRET_OTHER", "It came with another"
		    " user name or password than you gave.");
}

/* and when */

static void
judge_clock(struct hook_verdict *v, const struct hook_proof *p)
{
	const char	*text = header(v, p->time);
	size_t		 digits = strspn(text, "0123456789");
	int64_t		 off_s;

	if (digits == 0 || digits > 12 || text[digits] != '\0') {
		hook_verdict_add(v, "TIME_FORMAT", "%s is not in whole"
		    " unix seconds.", p->time);
		return;
	}
	off_s = strtoll(text, NULL, 10) - v->at.ms / 1000;
	if (off_s < -LIMIT_CLOCK_SKEW_S)
		hook_verdict_add(v, "TIME_OLD", "The timestamp is %" PRId64
		    " s old; receivers take %d s.%s", -off_s,
		    LIMIT_CLOCK_SKEW_S, v->at_known ? "  Set the clock by"
		    " NTP; if it is right, somebody sends an old delivery"
		    " again." : "  If it was new when it came, say when that"
		    " was with --at.");
	else if (off_s > LIMIT_CLOCK_SKEW_S)
		hook_verdict_add(v, "TIME_AHEAD", "The timestamp is %"
		    PRId64 " s ahead of the clock; receivers take %d s.  Set"
		    " the clock by NTP.", off_s, LIMIT_CLOCK_SKEW_S);
}

static void
judge_length(struct hook_verdict *v)
{
	const char	*said = header(v, "Content-Length");

	if (said != NULL &&
	    strtoull(said, NULL, 10) != v->parcel->body.size)
		hook_verdict_add(v, "BODY_LENGTH", "Content-Length says"
		    " %.20s, but the body has %zu bytes: it is not byte for"
		    " byte what was sent.",
		    hook_parcel_plain(v->arena, (struct piece){ said,
		    strlen(said) }), v->parcel->body.size);
}

void
hook_verdict(struct hook_verdict *v)
{
	const struct hook_proof	*p;

	p = v->dialect != 0 ? proof_of(v->dialect) : proof_in(v);
	if (p == NULL) {
		hook_verdict_add(v, "HEADER_MISSING", "There is none of"
		    " the headers X-SIR-Signature, webhook-signature,"
		    " Signature and Authorization.");
		return;
	}
	v->dialect = p->dialect;
	v->format = dialect_get(p->dialect)->name;
	if (!complete(v, p))
		return;
	if (v->secret == NULL) {
		hook_verdict_add(v, "NOT_CHECKED", "Without the secret"
		    " nothing is known: say --secret.");
		return;
	}
	if (p->parts[0] == '\0')
		judge_basic(v, p);
	else
		judge(v, p);
	if (!v->right)
		judge_length(v);
	if (p->time != NULL)
		judge_clock(v, p);
}
