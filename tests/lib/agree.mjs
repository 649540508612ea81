// Whether a server and a model of it agree.
//
//	same(object, wanted, about)	all that is wanted is there, and equal
//	agree(answer, wanted, good)	wanted: {code} of a refusal, or what a
//				body has, with the status `good` (200)

import assert from 'node:assert/strict';

const STATUS = { IDEMPOTENT: 409, NOT_FOUND: 404, INVALID_REQUEST: 400,
	INSUFFICIENT_POOL: 402, INSUFFICIENT_BALANCE: 402,
	USER_NOT_FOUND: 422, USER_CONFLICT: 409, POOL_NOT_FOUND: 422,
	POOL_NOT_ELIGIBLE: 422, NO_REWARD_RULE: 422, ALREADY_REVERSED: 409,
	INVALID_TRANSITION: 409, CAMPAIGN_NOT_FOUND: 422,
	CAMPAIGN_NOT_ACTIVE: 422, CAMPAIGN_NOT_ELIGIBLE: 422 };

/** The members of `wanted` that an object has, and of lists in it. */
function alike(object, wanted) {
	if (Array.isArray(wanted))
		return object?.length === wanted.length ? object.map(
		    (one, i) => alike(one, wanted[i])) : object;
	if (wanted === null || typeof wanted !== 'object')
		return object;
	return Object.fromEntries(Object.keys(wanted).map((name) =>
		[name, alike(object?.[name], wanted[name])]));
}

export const same = (object, wanted, about) =>
	assert.deepEqual(alike(object, wanted), wanted, about);

export function agree({ status, body, text }, { number: _, ...wanted },
    good = 200) {
	assert.equal(status, wanted.code ? STATUS[wanted.code] : good, text);
	same(body, wanted, text);
}
