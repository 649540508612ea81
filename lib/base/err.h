#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * Every way a request can be refused, in one vocabulary.  Domain code returns
 * these words; lib/api/problem.c alone knows their HTTP status, code and text.
 * Out of disk or memory is not here: see "sticky" in lib/db/db.h.
 */
enum err {
	OK = 0,

	/* The request itself. */
	ERR_MALFORMED_JSON,
	ERR_INVALID_REQUEST,	/* well-formed, but fields are wrong: faults */
	ERR_INCOMPLETE_BODY,
	ERR_NOT_FOUND,
	ERR_METHOD_NOT_ALLOWED,
	ERR_PAYLOAD_TOO_LARGE,
	ERR_UNSUPPORTED_MEDIA_TYPE,

	/* Who asks. */
	ERR_MISSING_CREDENTIALS,
	ERR_INVALID_KEY,
	ERR_KEY_EXPIRED,
	ERR_TIMESTAMP_OUT_OF_RANGE,
	ERR_INVALID_SIGNATURE,
	ERR_INSUFFICIENT_SCOPE,
	ERR_SECRET_KEY_REQUIRED,
	ERR_PARTNER_SUSPENDED,
	ERR_PARTNER_NOT_APPROVED,
	ERR_IP_NOT_ALLOWED,
	ERR_ORIGIN_NOT_ALLOWED,
	ERR_INVALID_CREDENTIALS, /* e-mail and password of nobody */
	ERR_INVALID_TOKEN,	/* none that we gave */
	ERR_SESSION_EXPIRED,	/* one that we gave, and its time is over */

	ERR_RATE_LIMITED,
	ERR_SANDBOX_ONLY,

	/* Said before. */
	ERR_IDEMPOTENT,
	ERR_IDEMPOTENCY_KEY_REUSED,
	ERR_IN_PROGRESS,	/* the same request has no answer yet */

	/* What the books and the rules say. */
	ERR_SHORT,		/* an account holds less than that */
	ERR_INSUFFICIENT_POOL,
	ERR_INSUFFICIENT_BALANCE,
	ERR_USER_NOT_FOUND,
	ERR_USER_CONFLICT,	/* id and e-mail name two different users */
	ERR_POOL_NOT_FOUND,
	ERR_POOL_NOT_ELIGIBLE,	/* it does not pay for such actions */
	ERR_NO_REWARD_RULE,
	ERR_CAMPAIGN_NOT_FOUND,
	ERR_CAMPAIGN_NOT_ACTIVE,	/* not now */
	ERR_CAMPAIGN_NOT_ELIGIBLE, /* not for such an action */
	ERR_ALREADY_REVERSED,
	ERR_INVALID_TRANSITION,	/* from its state it cannot go there */
	ERR_WEBHOOK_LIMIT,	/* there are as many as there may be */
	ERR_NONPROFIT_NOT_FOUND,
	ERR_NONPROFIT_INACTIVE,	/* it takes no gifts now */
	ERR_APPEAL_NOT_FOUND,
	ERR_PERK_NOT_FOUND,
	ERR_PERK_SOLD_OUT,
	ERR_FUNDRAISER_NOT_FOUND,
	ERR_NO_EXCHANGE_RATE,
	ERR_PROVIDER_NOT_CONFIGURED,
	ERR_PROVIDER_UNAVAILABLE,	/* it made no checkout for us */
	ERR_PROGRAMME_NOT_FOUND,
	ERR_PROGRAMME_INACTIVE,	/* nothing is exchanged with it now */

	/* Ours, not the caller's: see db_trouble(). */
	ERR_UNAVAILABLE,
	ERR_OUTCOME_UNKNOWN,
	ERR_INTERNAL,

	ERR__MAX
};

#endif
