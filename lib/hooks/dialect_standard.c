/*
 * The dialect "standard": Standard Webhooks (standardwebhooks.com, version
 * 1.0.0).  The body is {type, timestamp, data}, here with the id as well, and
 *
 *	webhook-id: evt_…
 *	webhook-timestamp: 1746868320
 *	webhook-signature: v1,base64(HMAC-SHA256(key, text))
 *
 * where the text is id "." timestamp "." body, and the key is what follows
 * "whsec_" in the secret, out of base64.  The last header is a list with
 * blanks between: the new secret's signature, and then the old one's while
 * that still counts.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/encode.h"
#include "lib/crypto/hmac.h"
#include "lib/crypto/random.h"
#include "lib/hooks/dialect_row.h"
#include "lib/json/shape.h"

#define SECRET_BYTES	32	/* of 24 to 64 that may be */
#define PREFIX		"whsec_"

struct letter {
	const char	*id, *type;
	struct moment	 timestamp;
	const char	*data;
};

static const struct shape letter_out = SHAPE("StandardWebhookBody",
    struct letter,
	{ "id", TEXT(struct letter, id),
	    .about = "the same at every attempt" },
	{ "type", TEXT(struct letter, type), .about = "what happened" },
	{ "timestamp", MOMENT(struct letter, timestamp), .about = "when" },
	{ "data", RAW(struct letter, data), .about = "what it is about" });

const char *
dialect_standard_body(struct arena *arena, const struct told *t)
{
	struct letter	 letter = { t->id, outbox_word(t->type),
			    t->created_at, t->data };

	if (letter.type == NULL || letter.data == NULL)
		return NULL;

	return dialect_row_json(arena, &letter_out, &letter);
}

/* Nothing, if the secret is no base64: it was made for another dialect. */
static void
add_signature(struct buf *out, const char *secret, const char *before,
    const struct dialect_seal *seal)
{
	unsigned char	*key, sum[SHA256_SIZE];
	size_t		 size;

	if (strncmp(secret, PREFIX, strlen(PREFIX)) == 0)
		secret += strlen(PREFIX);
	key = encode_unbase64(out->arena, secret, &size);
	if (key == NULL)
		return;
	hmac_sign(sum, (struct piece){ key, size }, (struct piece[]){
	    { before, strlen(before) }, { seal->body, seal->size } }, 2);
	buf_printf(out, "%sv1,%s", out->size > 0 ? " " : "",
	    encode_base64(out->arena, sum, sizeof(sum)));
}

size_t
dialect_standard_headers(struct arena *arena,
    const struct dialect_seal *seal, struct dialect_header *headers)
{
	const char	*stamp = dialect_row_stamp(arena, seal->at);
	const char	*before = arena_printf(arena, "%s.%s.", seal->id,
			    stamp);
	struct buf	 list;

	buf_init(&list, arena);
	for (size_t i = 0; i < 2; i++)
		if (seal->secrets[i] != NULL)
			add_signature(&list, seal->secrets[i], before, seal);
	headers[0] = (struct dialect_header){ "webhook-id", seal->id };
	headers[1] = (struct dialect_header){ "webhook-timestamp", stamp };
	headers[2] = (struct dialect_header){ "webhook-signature",
	    buf_str(&list) };

	return list.size > 0 ? 3 : 2;
}

size_t
dialect_standard_sign(struct arena *arena, const struct dialect_seal *seal,
    struct dialect_header headers[DIALECT_HEADERS])
{
	return dialect_standard_headers(arena, seal, headers);
}

const char *
dialect_standard_secret(struct arena *arena)
{
	unsigned char	 key[SECRET_BYTES];

	random_bytes(key, sizeof(key));

	return arena_printf(arena, PREFIX "%s",
	    encode_base64(arena, key, sizeof(key)));
}
