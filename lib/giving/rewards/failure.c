/*
 * failure: an action that is refused for want of tokens.
 */
#include <inttypes.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/giving/rewards/failure.h"
#include "lib/hooks/outbox.h"

struct failure {
	const char	*key, *action_type, *code, *pool;
	struct tokens	 available, needed;
};

static const struct shape failure_out = SHAPE("ActionFailure",
    struct failure,
	{ "idempotencyKey", TEXT(struct failure, key) },
	{ "actionType",     TEXT(struct failure, action_type) },
	{ "code",           TEXT(struct failure, code) },
	{ "tokenPoolId",    TEXT(struct failure, pool) },
	{ "available",      TOKENS(struct failure, available) },
	{ "needed",         TOKENS(struct failure, needed) });

enum err
failure_short(struct work *w, const struct submit *in,
    const struct pool *pool, struct tokens needed)
{
	struct failure	 f = { in->key, in->action_type,
		"INSUFFICIENT_POOL", pool->id, pool->available, needed };
	struct shortage	*short_of;
	struct buf	 data;

	buf_init(&data, w->arena);
	shape_write(&data, &failure_out, &f);
	outbox_add(w, EVENT_ACTION_FAILED, 0, buf_str(&data));
	short_of = arena_alloc(w->arena, sizeof(*short_of));
	*short_of = (struct shortage){ pool->available.units, needed.units };
	w->shortage = short_of;
	w->detail = arena_printf(w->arena, "The token pool has %" PRId64
	    " tokens and this action needs %" PRId64 ". Request more with"
	    " POST /v1/partner/token-pools/request, then send the same"
	    " request again.", pool->available.units, needed.units);

	return ERR_INSUFFICIENT_POOL;
}
