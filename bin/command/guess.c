/*
 * guess: how was a wrong signature made?  Each part of it can be come to in
 * several ways, one of them right; a signature is made of every combination,
 * those with the fewest mistakes first, until one is the signature that was
 * sent.  A hit is no guess any more: nothing else gives the same 32 bytes.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command/guess.h"
#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/limits.h"

#define TEXT_PIECES 9	/* five parts, three separators, a secret */

/* A way to sign the text with the secret. */
struct mac_way {
	struct guess_way	 way;
	void			(*sign)(unsigned char *, struct piece secret,
				    struct piece *text, size_t count);
};

static void	hmac(unsigned char *, struct piece, struct piece *, size_t);
static void	secret_first(unsigned char *, struct piece, struct piece *,
		    size_t);
static void	secret_last(unsigned char *, struct piece, struct piece *,
		    size_t);
static void	swapped(unsigned char *, struct piece, struct piece *,
		    size_t);
static void	of_hash(unsigned char *, struct piece, struct piece *,
		    size_t);

static const struct mac_way mac_ways[] = {
	{ { NULL, NULL }, hmac },
	{ { "SWAPPED", "The two arguments of the HMAC are exchanged:"
	    " the secret is the key, the joined parts are the message." },
	    swapped },
	{ { "NOT_HMAC", "That is a plain SHA-256 of secret and message."
	    "  Use HMAC-SHA256, with the secret as its key." },
	    secret_first },
	{ { "NOT_HMAC", "That is a plain SHA-256 of message and secret."
	    "  Use HMAC-SHA256, with the secret as its key." },
	    secret_last },
	{ { "HASHED_TWICE", "The joined parts were hashed before they were"
	    " signed.  Give them to the HMAC as they are; only the body is"
	    " hashed before." }, of_hash },
};

static const struct guess_way right_way = { NULL, NULL };

static const struct guess_way order_way = { "ORDER",
	"The parts were joined in another order.  It is: timestamp, method,"
	" path, hash of the body.", false, NULL };

static const struct guess_way join_way = { "SEPARATORS",
	"The parts were joined with something between them.  They follow"
	" one another directly: no spaces, dots or line ends.", false, NULL };

static const char *const separators[] = { "\n", ".", ":", "|", " ", ",",
	"&", "-", "\r\n", "\\n" };

struct search {
	struct guess_options	 options[GUESS_PARTS];
	size_t			 pick[GUESS_PARTS];
	/* The bytes of each form of each secret, each hash of each body. */
	struct piece		 forms[GUESS_OPTIONS][GUESS_OPTIONS];
	struct piece		 hashes[GUESS_OPTIONS][GUESS_OPTIONS];
	const unsigned char	*said;
};

static struct piece
text(const char *s)
{
	return (struct piece){ s, strlen(s) };
}

static void
hmac(unsigned char *out, struct piece secret, struct piece *parts,
    size_t count)
{
	hmac_sign(out, secret, parts, count);
}

static void
secret_first(unsigned char *out, struct piece secret, struct piece *parts,
    size_t count)
{
	memmove(parts + 1, parts, count * sizeof(*parts));
	parts[0] = secret;
	hmac_sha256_pieces(out, parts, count + 1);
}

static void
secret_last(unsigned char *out, struct piece secret, struct piece *parts,
    size_t count)
{
	parts[count] = secret;
	hmac_sha256_pieces(out, parts, count + 1);
}

/* A key longer than a block of SHA-256 is its hash (RFC 2104). */
static void
swapped(unsigned char *out, struct piece secret, struct piece *parts,
    size_t count)
{
	unsigned char	 key[64] = { 0 };
	size_t		 size = 0;

	for (size_t i = 0; i < count; i++)
		size += parts[i].size;
	if (size > sizeof(key)) {
		hmac_sha256_pieces(key, parts, count);
		size = SHA256_SIZE;
	} else {
		size = 0;
		for (size_t i = 0; i < count; size += parts[i++].size)
			memcpy(key + size, parts[i].data, parts[i].size);
	}
	hmac_sign(out, (struct piece){ key, size }, &secret, 1);
}

static void
of_hash(unsigned char *out, struct piece secret, struct piece *parts,
    size_t count)
{
	unsigned char	 sum[SHA256_SIZE];
	char		 hex[2 * SHA256_SIZE + 1];

	hmac_sha256_pieces(sum, parts, count);
	encode_hex(hex, sum, sizeof(sum));
	hmac_sign(out, secret, &(struct piece){ hex, sizeof(hex) - 1 }, 1);
}

void
guess_add(struct guess_options *all, const struct guess_way *way,
    struct piece data)
{
	const struct piece	*other;

	for (size_t i = 0; i < all->count; i++) {
		other = &all->rows[i].data;
		if (other->size == data.size && (data.size == 0 ||
		    memcmp(other->data, data.data, data.size) == 0))
			return;
	}
	assert(all->count < GUESS_OPTIONS);
	all->rows[all->count++] = (struct guess_option){ way, data };
}

void
guess_add_all(struct guess_options *all, const struct guess_request *r,
    const struct guess_way *ways, struct piece right)
{
	struct piece	 data;

	for (; ways->make != NULL; ways++)
		if (ways->make(r, ways, right, &data))
			guess_add(all, ways, data);
}

/* The right bytes of a part, then its ways. */
static void
add_part(struct search *s, enum guess_part part,
    const struct guess_request *r, const struct guess_way *ways,
    struct piece right)
{
	guess_add(&s->options[part], &right_way, right);
	guess_add_all(&s->options[part], r, ways, right);
}

/* Ways whose bytes depend on another part's: spread() makes them. */
static void
add_dependent(struct guess_options *all, const struct guess_way *way)
{
	for (; way->make != NULL; way++)
		all->rows[all->count++].way = way;
}

static void
add_orders(struct guess_options *all, struct arena *arena)
{
	static const char	 names[] = "0123";	/* of the parts */
	char			 order[] = "....";

	guess_add(all, &right_way, text(names));
	for (unsigned n = 0; n < 256; n++) {
		bool	 taken[4] = { false };

		for (unsigned i = 0; i < 4; i++) {
			order[i] = names[n >> 2 * i & 3];
			taken[n >> 2 * i & 3] = true;
		}
		if (taken[0] && taken[1] && taken[2] && taken[3])
			guess_add(all, &order_way,
			    text(arena_text(arena, order)));
	}
}

/* What a dependent part's ways give for each option of the other. */
static void
spread(const struct guess_request *r, const struct guess_options *from,
    const struct guess_options *ways,
    struct piece out[GUESS_OPTIONS][GUESS_OPTIONS])
{
	const struct guess_way	*way;

	for (size_t i = 0; i < from->count; i++)
		for (size_t k = 0; k < ways->count; k++) {
			way = ways->rows[k].way;
			if (way->make == NULL)
				out[i][k] = from->rows[i].data;
			else if (!way->make(r, way, from->rows[i].data,
			    &out[i][k]))
				out[i][k].data = NULL;
		}
}

static void
prepare(struct search *s, const struct guess_request *r,
    const struct guess_options *secrets)
{
	struct guess_options	*o = s->options;
	size_t			 path = strcspn(r->target, "?");

	s->said = r->said;
	o[GUESS_SET] = *secrets;
	guess_add(&o[GUESS_FORM], &right_way, secrets->rows[0].data);
	add_dependent(&o[GUESS_FORM], guess_parts_form);
	add_part(s, GUESS_TIME, r, guess_parts_time, text(r->timestamp));
	add_part(s, GUESS_METHOD, r, guess_parts_method, text(r->method));
	add_part(s, GUESS_PATH, r, guess_path_ways,
	    (struct piece){ r->target, path });
	add_part(s, GUESS_QUERY, r, guess_path_query_ways,
	    text(r->target + path));
	guess_add(&o[GUESS_BODY], &right_way, r->body);
	guess_body_add(&o[GUESS_BODY], r);
	add_dependent(&o[GUESS_HASH], guess_parts_hash);
	add_orders(&o[GUESS_ORDER], r->arena);
	guess_add(&o[GUESS_JOIN], &right_way, text(""));
	for (size_t i = 0; i < sizeof(separators) / sizeof(*separators); i++)
		guess_add(&o[GUESS_JOIN], &join_way, text(separators[i]));
	for (size_t i = 0; i < sizeof(mac_ways) / sizeof(*mac_ways); i++)
		o[GUESS_MAC].rows[o[GUESS_MAC].count++].way =
		    &mac_ways[i].way;
	spread(r, &o[GUESS_SET], &o[GUESS_FORM], s->forms);
	spread(r, &o[GUESS_BODY], &o[GUESS_HASH], s->hashes);
}

static const struct guess_option *
picked(const struct search *s, int part)
{
	return &s->options[part].rows[s->pick[part]];
}

/* Is the signature made of these options the one that was sent? */
static bool
fits(const struct search *s)
{
	const struct piece	 parts[4][2] = {
		{ picked(s, GUESS_TIME)->data },
		{ picked(s, GUESS_METHOD)->data },
		{ picked(s, GUESS_PATH)->data, picked(s, GUESS_QUERY)->data },
		{ s->hashes[s->pick[GUESS_BODY]][s->pick[GUESS_HASH]] },
	};
	const struct piece	 secret =
	    s->forms[s->pick[GUESS_SET]][s->pick[GUESS_FORM]];
	const struct piece	 join = picked(s, GUESS_JOIN)->data;
	const struct piece	*part;
	const struct mac_way	*mac =
	    (const struct mac_way *)picked(s, GUESS_MAC)->way;
	const char		*order = picked(s, GUESS_ORDER)->data.data;
	struct piece		 all[TEXT_PIECES];
	unsigned char		 made[SHA256_SIZE];
	size_t			 count = 0;

	if (secret.data == NULL || parts[3][0].data == NULL)
		return false;
	for (int i = 0; i < 4; i++) {
		part = parts[order[i] - '0'];
		if (part[0].size + part[1].size == 0)
			continue;
		if (count > 0 && join.size > 0)
			all[count++] = join;
		all[count++] = part[0];
		if (part[1].size > 0)
			all[count++] = part[1];
	}
	mac->sign(made, secret, all, count);

	return memcmp(made, s->said, sizeof(made)) == 0;
}

/* All combinations with just so many mistakes in this part and the rest. */
static bool
combine(struct search *s, int part, int mistakes)
{
	if (part == GUESS_PARTS)
		return mistakes == 0 && fits(s);
	for (size_t i = 0; i < s->options[part].count; i++) {
		if (i > 0 && mistakes == 0)
			break;
		s->pick[part] = i;
		if (combine(s, part + 1, mistakes - (i > 0)))
			return true;
	}

	return false;
}

/* Was another moment signed than the one that was sent, and nothing else? */
static bool
other_time(struct search *s, const struct guess_request *r,
    struct guess *out)
{
	struct piece	*part = &s->options[GUESS_TIME].rows[0].data;
	struct piece	 right = *part;
	long long	 sent = strtoll(r->timestamp, NULL, 10);

	if (strlen(r->timestamp) > 12 || sent <= LIMIT_CLOCK_SKEW_S)
		return false;
	memset(s->pick, 0, sizeof(s->pick));
	for (int i = -LIMIT_CLOCK_SKEW_S; i <= LIMIT_CLOCK_SKEW_S; i++) {
		*part = text(arena_printf(r->arena, "%lld", sent + i));
		out->seconds = i;
		if (fits(s))
			return true;
	}
	out->in_ms = true;
	for (int i = 0; i < 1000; i++) {
		*part = text(arena_printf(r->arena, "%lld%03d", sent, i));
		if (fits(s))
			return true;
	}
	*part = right;

	return false;
}

bool
guess_find(const struct guess_request *r,
    const struct guess_options *secrets, struct guess *out)
{
	struct search	*s = arena_alloc(r->arena, sizeof(*s));

	memset(out, 0, sizeof(*out));
	prepare(s, r, secrets);
	for (int mistakes = 0; mistakes <= GUESS_MISTAKES; mistakes++) {
		if (combine(s, 0, mistakes)) {
			for (int i = 0; i < GUESS_PARTS; i++)
				if (s->pick[i] > 0)
					out->wrong[i] = picked(s, i);
			return true;
		}
		if (mistakes == 1 && other_time(s, r, out)) {
			out->other_time = true;
			return true;
		}
	}

	return false;
}
