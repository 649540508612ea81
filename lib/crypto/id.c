/*
 * Public ids: eight hex digits of a second, and sixteen of a permutation of
 * 64 bits that is different for each kind and second.  The permutation is a
 * balanced Feistel network of four rounds, which Luby and Rackoff showed to
 * be as good as random, with AES-128 for the round function; it goes
 * backwards as it goes forwards.
 */
#include <assert.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/limits.h"
#include "lib/crypto/engine.h"
#include "lib/crypto/id.h"

#define ROUNDS		4
#define NUMBER_BITS	40

static_assert(LIMIT_TENANTS <= 1 << (64 - NUMBER_BITS),
    "a tenant and a number make 64 bits");

/* Set once, by id_key(), before there are threads; 0 is no key. */
static unsigned char	site_key[ID_KEY_SIZE];
static unsigned		key_count;

void
id_key(const unsigned char key[ID_KEY_SIZE])
{
	memcpy(site_key, key, sizeof(site_key));
	key_count++;
}

/* The halves that the rounds swap, and what they are mixed with. */
struct mix {
	EVP_CIPHER_CTX	*block;
	enum id_kind	 kind;
	uint32_t	 second;
	uint32_t	 left, right;
};

static void
mix_begin(struct mix *mix, enum id_kind kind, uint32_t second)
{
	struct engine *engine = engine_get();

	assert(key_count > 0);
	if (engine->block_key != key_count) {
		engine_must(EVP_EncryptInit_ex2(engine->block, NULL, site_key,
		    NULL, NULL), "AES-128");
		engine->block_key = key_count;
	}
	mix->block = engine->block;
	mix->kind = kind;
	mix->second = second;
}

static void
put_32(unsigned char out[4], uint32_t number)
{
	out[0] = (unsigned char)(number >> 24);
	out[1] = (unsigned char)(number >> 16);
	out[2] = (unsigned char)(number >> 8);
	out[3] = (unsigned char)number;
}

static uint32_t
get_32(const unsigned char in[4])
{
	return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 |
	    (uint32_t)in[2] << 8 | in[3];
}

/*
 * The round function: 32 bits of AES over half the number and all that sets
 * this round apart from every other.
 */
static uint32_t
scramble(const struct mix *mix, unsigned round, uint32_t half)
{
	unsigned char	in[16] = { 0 }, out[16];
	int		size;

	in[0] = (unsigned char)mix->kind;
	in[1] = (unsigned char)round;
	put_32(in + 4, mix->second);
	put_32(in + 8, half);
	engine_must(EVP_EncryptUpdate(mix->block, out, &size, in,
	    (int)sizeof(in)), "AES-128");

	return get_32(out);
}

static void
mix_forwards(struct mix *mix)
{
	uint32_t	next;
	unsigned	round;

	for (round = 0; round < ROUNDS; round++) {
		next = mix->left ^ scramble(mix, round, mix->right);
		mix->left = mix->right;
		mix->right = next;
	}
}

static void
mix_backwards(struct mix *mix)
{
	uint32_t	before;
	unsigned	round;

	for (round = ROUNDS; round-- > 0;) {
		before = mix->right ^ scramble(mix, round, mix->left);
		mix->right = mix->left;
		mix->left = before;
	}
}

const char *
id_text(struct arena *arena, enum id_kind kind, struct id id)
{
	unsigned char	 bytes[(ID_SIZE - 1) / 2];
	struct mix	 mix;
	int64_t		 second = id.made.ms / 1000;
	uint64_t	 inside;
	char		*text;

	assert(id.tenant >= 0 && id.tenant < LIMIT_TENANTS);
	assert(id.number >= 1 && id.number < (int64_t)1 << NUMBER_BITS);
	assert(id.made.ms >= 0 && second <= UINT32_MAX);

	inside = (uint64_t)id.tenant << NUMBER_BITS | (uint64_t)id.number;
	mix_begin(&mix, kind, (uint32_t)second);
	mix.left = (uint32_t)(inside >> 32);
	mix.right = (uint32_t)inside;
	mix_forwards(&mix);

	put_32(bytes, mix.second);
	put_32(bytes + 4, mix.left);
	put_32(bytes + 8, mix.right);
	text = arena_alloc(arena, ID_SIZE);
	encode_hex(text, bytes, sizeof(bytes));

	return text;
}

bool
id_read(enum id_kind kind, const char *text, struct id *id)
{
	unsigned char	bytes[(ID_SIZE - 1) / 2];
	struct mix	mix;
	uint64_t	inside;
	int64_t		number;

	/* One id has one spelling: an upper-case digit is another text. */
	if (strspn(text, "0123456789abcdef") != ID_SIZE - 1 ||
	    !encode_unhex(bytes, sizeof(bytes), text))
		return false;

	mix_begin(&mix, kind, get_32(bytes));
	mix.left = get_32(bytes + 4);
	mix.right = get_32(bytes + 8);
	mix_backwards(&mix);

	inside = (uint64_t)mix.left << 32 | mix.right;
	number = (int64_t)(inside & (((uint64_t)1 << NUMBER_BITS) - 1));
	if (number == 0)
		return false;
	id->tenant = (int64_t)(inside >> NUMBER_BITS);
	id->number = number;
	id->made.ms = (int64_t)mix.second * 1000;

	return true;
}
