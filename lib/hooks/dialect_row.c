/*
 * dialect_row: what the dialects have in common.
 */
#include <inttypes.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/encode.h"
#include "lib/base/limits.h"
#include "lib/crypto/hmac.h"
#include "lib/hooks/dialect_row.h"
#include "lib/json/shape.h"

const char *
dialect_row_json(struct arena *arena, const struct shape *shape,
    const void *object)
{
	struct buf	 out;

	buf_init(&out, arena);
	shape_write(&out, shape, object);

	return out.size <= LIMIT_PAYLOAD ? buf_str(&out) : NULL;
}

const char *
dialect_row_time(struct arena *arena, struct moment at)
{
	at.ms -= at.ms % 1000;

	return clock_format(arena, at);
}

const char *
dialect_row_stamp(struct arena *arena, struct moment at)
{
	return arena_printf(arena, "%" PRId64, at.ms / 1000);
}

const char *
dialect_row_hex(struct arena *arena, const char *secret, const char *before,
    const struct dialect_seal *seal)
{
	unsigned char	 sum[SHA256_SIZE];
	char		*out = arena_alloc(arena, 2 * SHA256_SIZE + 1);

	hmac_sign(sum, (struct piece){ secret, strlen(secret) },
	    (struct piece[]){ { before, strlen(before) },
	    { seal->body, seal->size } }, 2);
	encode_hex(out, sum, sizeof(sum));

	return out;
}
