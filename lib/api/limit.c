/*
 * limit: not more often than agreed.
 */
#include <inttypes.h>
#include <string.h>

#include "lib/api/call.h"
#include "lib/api/counts.h"
#include "lib/base/arena.h"
#include "lib/base/email.h"
#include "lib/crypto/hmac.h"
#include "lib/crypto/seal.h"

/* After auth, before anything is parsed: one of the partner's requests. */
enum err
limit_check(struct call *c)
{
	if (!route_by_key(c->route))
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
	if (e == ERR_INVALID_KEY || e == ERR_INVALID_SIGNATURE ||
	    e == ERR_INVALID_TOKEN)
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
	    !route_by_key(c->route) ||
	    c->refusal == ERR_INVALID_KEY ||
	    c->refusal == ERR_INVALID_SIGNATURE)
		return;
	counts_key(c->counts, c->key.number, c->arrived);
	counts_answer(c->counts, c->work.tenant, group(c), c->status,
	    clock_ticks_us() - c->began_us, c->arrived);
}

/*
 * Guesses of passwords.  Who could tell which addresses share a place of the
 * counts would use one to have those of the other forgotten: so it is a key
 * of the site's that says where they lie.
 */
static uint64_t
email_hash(struct call *c, const char *email)
{
	const char	*folded = email_fold(c->work.arena, email);
	unsigned char	 key[SHA256_SIZE], mac[SHA256_SIZE];
	uint64_t	 hash;

	seal_derive(key, "counts.guesses");
	hmac_sign(mac, (struct piece){ key, sizeof(key) },
	    &(struct piece){ folded, strlen(folded) }, 1);
	memcpy(&hash, mac, sizeof(hash));

	return hash;
}

/* Both are counted, whichever is too many. */
bool
api_guess(struct call *c, const char *email)
{
	int64_t	 second = c->arrived.ms / 1000;
	bool	 over;

	over = counts_guess(c->counts, counts_address(c->request.address),
	    LIMIT_GUESSES_ADDRESS, c->arrived);
	over = counts_guess(c->counts, email_hash(c, email),
	    LIMIT_GUESSES_EMAIL, c->arrived) || over;
	if (!over)
		return false;
	api_retry(c, LIMIT_GUESSES_S - second % LIMIT_GUESSES_S);
	c->work.detail = arena_printf(c->work.arena, "Too many passwords were"
	    " tried: wait %" PRId64 " s.", c->retry_s);

	return true;
}

void
api_guess_back(struct call *c, const char *email)
{
	counts_guess_back(c->counts, counts_address(c->request.address),
	    c->arrived);
	counts_guess_back(c->counts, email_hash(c, email), c->arrived);
}
