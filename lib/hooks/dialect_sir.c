/*
 * The dialect "sir", our own: {id, type, createdAt, data}, and
 *
 *	X-SIR-Timestamp: 1746868320
 *	X-SIR-Signature: sha256=hex(HMAC-SHA256(secret, timestamp "." body))
 *
 * whose key is the whole text of the secret, "whsec_" with it.  That text is
 * also a secret of Standard Webhooks ("whsec_" and base64; 64 hex digits are
 * base64 of 48 bytes), so the headers of that dialect go along, and whoever
 * has its library at hand can verify with it.
 *
 * X-SIR-Signature is one value: receivers compare it as a whole, and a list
 * would be wrong to each of them.  So while a secret is being changed, it is
 * made with the new one, and webhook-signature, which is a list, with both.
 */
#include "lib/base/arena.h"
#include "lib/crypto/random.h"
#include "lib/hooks/dialect_row.h"
#include "lib/json/shape.h"

#define SECRET_BYTES 32

struct letter {
	const char	*id, *type;
	struct moment	 created_at;
	const char	*data;
};

static const struct shape letter_out = SHAPE("WebhookBody", struct letter,
	{ "id", TEXT(struct letter, id),
	    .about = "the same at every attempt" },
	{ "type", TEXT(struct letter, type), .about = "what happened" },
	{ "createdAt", MOMENT(struct letter, created_at), .about = "when" },
	{ "data", RAW(struct letter, data), .about = "what it is about" });

const char *
dialect_sir_body(struct arena *arena, const struct told *t)
{
	struct letter	 letter = { t->id, outbox_word(t->type),
			    t->created_at, t->data };

	if (letter.type == NULL || letter.data == NULL)
		return NULL;

	return dialect_row_json(arena, &letter_out, &letter);
}

size_t
dialect_sir_sign(struct arena *arena, const struct dialect_seal *seal,
    struct dialect_header headers[DIALECT_HEADERS])
{
	const char	*stamp = dialect_row_stamp(arena, seal->at);

	headers[0] = (struct dialect_header){ "X-SIR-Timestamp", stamp };
	headers[1] = (struct dialect_header){ "X-SIR-Signature",
	    arena_printf(arena, "sha256=%s", dialect_row_hex(arena,
	    seal->secrets[0], arena_printf(arena, "%s.", stamp), seal)) };

	return 2 + dialect_standard_headers(arena, seal, headers + 2);
}

const char *
dialect_sir_secret(struct arena *arena)
{
	char	 digits[2 * SECRET_BYTES + 1];

	random_hex(digits, SECRET_BYTES);

	return arena_printf(arena, "whsec_%s", digits);
}
