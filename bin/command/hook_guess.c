/*
 * hook_guess: how did that signature come about?  Its parts are the text
 * of the secret, how it became a key, which bytes of the body, how they were
 * joined and what was done with them; each can be come to in several ways,
 * the first of them right.  All combinations of few mistakes are made, and
 * one that gives the same 32 bytes is no guess any more.
 */
#include <string.h>

#include "bin/command/guess_make.h"
#include "bin/command/hook_verdict.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/encode.h"

#define PREFIX		"whsec_"
#define MISTAKES	2	/* at once, at most */
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

enum part { SECRET, READING, BODY, JOINED, MAC, PARTS };

/* A way with its findings; the right one has no code. */
struct way {
	const char	*code, *says;
};

/* the secret's text */

static const struct way texts[] = {
	{ NULL },
	{ "SECRET_SPACE", "The secret that you gave has blanks or a line end"
	    " around it.  Cut them off where it is read." },
	{ "SECRET_QUOTED", "The secret that you gave has quotes around it,"
	    " as it stands in a file.  Cut them off." },
	{ "SECRET_CUT", "The secret that you gave lacks its whsec_.  That"
	    " is a part of it: use the whole text." },
	{ "SECRET_WITHOUT_PREFIX", "The key was the secret without its"
	    " whsec_.  That is a part of it: use the whole text." },
	{ "SECRET_LINE_END", "The key was the secret with a line end behind"
	    " it, as it was read from a file.  Cut it off." },
};

static bool
quoted(const char *text, size_t size)
{
	return size >= 2 && (text[0] == '"' || text[0] == '\'') &&
	    text[size - 1] == text[0];
}

/* The text by the row's number; NULL where there is no such one. */
static const char *
text_of(const struct hook_verdict *v, size_t row)
{
	const char	*s = v->secret;
	size_t		 size;
	bool		 begins = strncmp(s, PREFIX, strlen(PREFIX)) == 0;

	switch (row) {
	case 0:
		return s;
	case 1:
		s += strspn(s, " \t\r\n");
		for (size = strlen(s); size > 0 &&
		    strchr(" \t\r\n", s[size - 1]) != NULL;)
			size--;
		return arena_copy(v->arena, s, size);
	case 2:
		size = strlen(s);
		return quoted(s, size) ?
		    arena_copy(v->arena, s + 1, size - 2) : NULL;
	case 3:
		return begins ? NULL :
		    arena_printf(v->arena, PREFIX "%s", s);
	case 4:
		return begins ? s + strlen(PREFIX) : NULL;
	default:
		return arena_printf(v->arena, "%s\n", s);
	}
}

/* the key that is made of it */

static const struct way readings[] = {
	{ NULL },
	{ "KEY_UNBASE64", "The secret was decoded from base64.  In this"
	    " format the key is the secret's text as it is, whsec_ with"
	    " it." },
	{ "KEY_AS_TEXT", "The text of the secret was used as the key.  In"
	    " this format the key is what follows whsec_, decoded from"
	    " base64." },
	{ "KEY_AS_BYTES", "The secret's hex digits were decoded to bytes."
	    "  They are a text: do not decode them." },
};

enum reading { OWN, UNBASE64, AS_TEXT, AS_BYTES };

static struct piece
unhex(const struct hook_verdict *v, const char *text)
{
	size_t		 size = strlen(text) / 2;
	unsigned char	*bytes = arena_alloc(v->arena, size);

	return encode_unhex(bytes, size, text) ?
	    (struct piece){ bytes, size } : (struct piece){ 0 };
}

/* Its data is NULL where there is no such key. */
static struct piece
key_of(const struct hook_verdict *v, const char *text,
    enum reading reading, enum reading own)
{
	const char	*bare;
	struct piece	 key;

	if (text == NULL || reading == own)
		return (struct piece){ 0 };
	bare = strncmp(text, PREFIX, strlen(PREFIX)) == 0 ?
	    text + strlen(PREFIX) : text;
	switch (reading == OWN ? own : reading) {
	case UNBASE64:
		key.data = encode_unbase64(v->arena, bare, &key.size);
		return key;
	case AS_BYTES:
		return unhex(v, bare);
	default:
		return (struct piece){ text, strlen(text) };
	}
}

/* the body: guess_body's ways, in words for who receives */

#define BYTES "  Verify the raw bytes, before anything parses them."

static const struct way bodies[] = {
	{ "BODY_RESPELLED", "The body was parsed and written again: it is"
	    " the same JSON in another spelling." BYTES },
	{ "BODY_LINE_END", "The body has a line end or blanks at its end"
	    " that were not signed, or lacks those that were." BYTES },
	{ "BODY_LINE_ENDS", "The line ends in the body were changed." BYTES },
	{ "BODY_EMPTY", "An empty body was verified.  It was read before:"
	    " keep its bytes." },
	{ "BODY_NOT_SENT", "Another text than the body was verified, as if"
	    " there were none." BYTES },
	{ "BODY_AS_OBJECT", "An object was verified, not the text." BYTES },
	{ "BODY_QUOTED", "The body was serialised a second time." BYTES },
	{ "BODY_MARKED", "There is a byte order mark before the body, or was"
	    " before what was signed." BYTES },
	{ "BODY_LATIN1", "The body was verified in Latin-1.  It is UTF-8."
	    BYTES },
};

static const struct guess_way mark_way = { "BODY_MARKED" };
static const struct guess_way end_way = { "BODY_LINE_END" };
static const struct guess_way right_way = { NULL };

static void
add_bodies(const struct hook_verdict *v, struct guess_options *all)
{
	struct piece		 body = v->parcel->body;
	struct guess_request	 r = { .arena = v->arena, .body = body };
	const char		*text = body.data;

	guess_add(all, &right_way, body);
	/* Before it looks like another spelling of the same JSON. */
	while (body.size > 0 && strchr(" \t\r\n", text[body.size - 1]))
		body.size--;
	guess_add(all, &end_way, body);
	body = r.body;
	if (body.size >= 3 && memcmp(body.data, "\xEF\xBB\xBF", 3) == 0) {
		r.body = (struct piece){ (const char *)body.data + 3,
			body.size - 3 };
		guess_add(all, &mark_way, r.body);
	}
	guess_body_add(all, &r);
}

/* how it was joined */

static const struct joined {
	struct way		 way;
	enum dialect_name	 dialect;	/* whose; 0: the proof's */
	enum reading		 own;		/* and how its key is made */
	const char		*parts;		/* NULL: the proof's */
} joins[] = {
	{ { NULL } },
	{ { "OTHER_FORMAT", "This is a signature of the format sir: of the"
	    " timestamp, a dot and the body." }, DIALECT_SIR, AS_TEXT,
	    "t.b" },
	{ { "OTHER_FORMAT", "This is a signature of the format standard: of"
	    " the id, the timestamp and the body, with dots between."
	    }, DIALECT_STANDARD, UNBASE64, "i.t.b" },
	{ { "OTHER_FORMAT", "This is a signature of the format chuffed: of"
	    " the body alone." }, DIALECT_CHUFFED, AS_TEXT, "b" },
	{ { "NO_DOTS", "The parts were joined without the dots between"
	    " them." }, 0, OWN, "itb" },
	{ { "NO_DOTS", "The timestamp and the body were joined without the"
	    " dot between them." }, 0, OWN, "tb" },
	{ { "ORDER", "The parts were joined in another order: the body comes"
	    " last." }, 0, OWN, "b.t" },
};

/* what was done with it */

static const struct way macs[] = {
	{ NULL },
	{ "NOT_HMAC", "That is a plain SHA-256 of secret and message.  Use"
	    " HMAC-SHA256, with the secret as its key." },
	{ "NOT_HMAC", "That is a plain SHA-256 of message and secret.  Use"
	    " HMAC-SHA256, with the secret as its key." },
	{ "NOT_HMAC", "That is a plain SHA-256 without the secret.  Use"
	    " HMAC-SHA256, with the secret as its key." },
};

struct search {
	struct hook_verdict		*verdict;
	const struct hook_proof	*proof;
	const unsigned char		*said;
	const char			*texts[COUNT(texts)];
	struct guess_options		 bodies;
	size_t				 counts[PARTS], pick[PARTS];
};

/* The value of the first of these headers that is there. */
static struct piece
header(const struct search *s, const char *const *names)
{
	const char	*value = NULL;

	for (int i = 0; value == NULL && i < 3; i++)
		if (names[i] != NULL)
			value = hook_parcel_header(s->verdict->parcel,
			    names[i]);

	return (struct piece){ value, value != NULL ? strlen(value) : 0 };
}

/* What is signed, and a free piece before and behind it. */
static size_t
pieces_of(const struct search *s, const char *parts, struct piece all[8])
{
	const char *const	 ids[] = { s->proof->id, "webhook-id", NULL };
	const char *const	 times[] = { s->proof->time,
				    "X-SIR-Timestamp", "webhook-timestamp" };
	size_t			 n = 1;

	for (; *parts != '\0'; parts++)
		switch (*parts) {
		case 'i':
			all[n++] = header(s, ids);
			break;
		case 't':
			all[n++] = header(s, times);
			break;
		case 'b':
			all[n++] = s->bodies.rows[s->pick[BODY]].data;
			break;
		default:
			all[n++] = (struct piece){ parts, 1 };
		}

	return n - 1;
}

static bool
fits(const struct search *s)
{
	const struct joined	*j = &joins[s->pick[JOINED]];
	enum reading		 own = j->own;
	struct piece		 all[8], key;
	unsigned char		 made[SHA256_SIZE];
	size_t			 count;

	if (j->dialect == s->proof->dialect)
		return false;
	if (own == OWN)
		own = s->proof->base64 ? UNBASE64 : AS_TEXT;
	key = key_of(s->verdict, s->texts[s->pick[SECRET]],
	    (enum reading)s->pick[READING], own);
	if (key.data == NULL)
		return false;
	count = pieces_of(s, j->parts != NULL ? j->parts : s->proof->parts,
	    all);
	switch (s->pick[MAC]) {
	case 1:
		all[0] = key;
		hmac_sha256_pieces(made, all, count + 1);
		break;
	case 2:
		all[count + 1] = key;
		hmac_sha256_pieces(made, all + 1, count + 1);
		break;
	case 3:
		hmac_sha256_pieces(made, all + 1, count);
		break;
	default:
		hmac_sign(made, key, all + 1, count);
	}

	return hmac_equal(made, s->said, sizeof(made));
}

/* All combinations with just so many mistakes in this part and the rest. */
static bool
combine(struct search *s, int part, int mistakes)
{
	if (part == PARTS)
		return mistakes == 0 && fits(s);
	for (size_t i = 0; i < s->counts[part]; i++) {
		if (i > 0 && mistakes == 0)
			break;
		s->pick[part] = i;
		if (combine(s, part + 1, mistakes - (i > 0)))
			return true;
	}

	return false;
}

static void
tell_body(struct hook_verdict *v, const char *code)
{
	for (size_t i = 0; i < COUNT(bodies); i++)
		if (strcmp(bodies[i].code, code) == 0)
			hook_verdict_add(v, code, "%s", bodies[i].says);
}

static void
tell(const struct search *s)
{
	const struct way	 *ways[] = {
		&texts[s->pick[SECRET]], &readings[s->pick[READING]],
		&joins[s->pick[JOINED]].way, &macs[s->pick[MAC]],
	};

	for (size_t i = 0; i < COUNT(ways); i++)
		if (ways[i]->code != NULL)
			hook_verdict_add(s->verdict, ways[i]->code, "%s",
			    ways[i]->says);
	if (s->pick[BODY] > 0)
		tell_body(s->verdict,
		    s->bodies.rows[s->pick[BODY]].way->code);
}

bool
hook_guess(struct hook_verdict *v, const struct hook_proof *proof,
    const unsigned char said[SHA256_SIZE])
{
	struct search	*s = arena_alloc(v->arena, sizeof(*s));

	*s = (struct search){ .verdict = v, .proof = proof, .said = said };
	for (size_t i = 0; i < COUNT(texts); i++)
		s->texts[i] = text_of(v, i);
	add_bodies(v, &s->bodies);
	s->counts[SECRET] = COUNT(texts);
	s->counts[READING] = COUNT(readings);
	s->counts[BODY] = s->bodies.count;
	s->counts[JOINED] = COUNT(joins);
	s->counts[MAC] = COUNT(macs);
	for (int mistakes = 0; mistakes <= MISTAKES; mistakes++)
		if (combine(s, 0, mistakes)) {
			tell(s);
			return true;
		}

	return false;
}
