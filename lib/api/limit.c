/*
 * limit: not more often than agreed.
 */
#include <inttypes.h>
#include <string.h>

#include "lib/api/call.h"
#include "lib/api/counts.h"
#include "lib/base/arena.h"

/* After auth, before anything is parsed: one of the partner's requests. */
enum err
limit_check(struct call *c)
{
	if (c->route->access == ACCESS_OPEN)
		return OK;
	c->allowance = counts_request(c->counts, c->work.tenant,
	    c->key.rate_limit, c->arrived);
	if (!c->allowance.over)
		return OK;
	c->retry_s = c->allowance.reset - c->arrived.ms / 1000;
	c->work.detail = arena_printf(c->work.arena, "More than %" PRId64
	    " requests in this minute: wait %" PRId64 " s, as Retry-After"
	    " says, and look at X-RateLimit-Remaining.",
	    c->allowance.limit, c->retry_s);

	return ERR_RATE_LIMITED;
}

/* Before auth: an address that guesses is not listened to for a while. */
enum err
limit_stranger(struct call *c)
{
	if (!counts_blocked(c->counts, c->request.address,
	    c->failures_a_minute, c->arrived))
		return OK;
	c->retry_s = 60 - c->arrived.ms / 1000 % 60;
	c->work.detail = arena_printf(c->work.arena, "Too many requests from"
	    " this address were not authenticated: wait %" PRId64 " s.",
	    c->retry_s);

	return ERR_RATE_LIMITED;
}

/* "actions" of /v1/partner/actions/submit, for the usage counts. */
static const char *
group(const struct call *c)
{
	static const char	 start[] = "/v1/partner/";
	const char		*path = c->route->path + sizeof(start) - 1;

	return arena_copy(c->work.arena, path, strcspn(path, "/"));
}

/* Before the answer, so that the next try already knows of this one. */
void
limit_blame(struct call *c, enum err e)
{
	if (e == ERR_INVALID_KEY || e == ERR_INVALID_SIGNATURE)
		counts_failure(c->counts, c->request.address, c->arrived);
}

/* After the answer: count what is known to be somebody's. */
struct allowance
api_allowance(struct call *c)
{
	return c->allowance;
}

void
api_counted(struct call *c, void (*usage)(void *, const struct count *),
    void *with)
{
	if (c->counts != NULL)
		counts_look(c->counts, c->work.tenant, usage, with);
}

void
limit_note(struct call *c)
{
	if (c->counts == NULL || c->route == NULL || c->work.tenant == 0 ||
	    c->route->access == ACCESS_OPEN ||
	    c->refusal == ERR_INVALID_KEY ||
	    c->refusal == ERR_INVALID_SIGNATURE)
		return;
	counts_key(c->counts, c->key.number, c->arrived);
	counts_answer(c->counts, c->work.tenant, group(c), c->status,
	    clock_ticks_us() - c->began_us, c->arrived);
}
