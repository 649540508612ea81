// A partner's side that owns one of everything, and people by the dozen, for
// tests of what strangers can see and touch of it.
//
//	const party = await makeParty(partner, 'tag', people)
//	party.partner		who signs for it
//	party.ids		{kind: id} of things of its own
//	party.own		what the {names} in paths stand for
//	party.people[n]		{externalId, email, key, ids}: somebody whom
//				nothing else names; `key` was used for an
//				action, a reversal and a redemption of theirs
//	party.words		every text above, which none but itself may see
//	party.said		words of others that it has spelled out itself
//	like(word)		another word of the same form: nobody's

import { randomInt } from 'node:crypto';
import { good } from './expect.mjs';

const V1 = '/v1/partner';
const CLASSES = ['0123456789', 'abcdef', 'ghijklmnopqrstuvwxyz',
	'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

export const like = (word) => word.replace(/[0-9a-zA-Z]/g, (letter) => {
	const letters = CLASSES.find((all) => all.includes(letter));
	return letters[randomInt(letters.length)];
});

const share = (partnerUserId) => [{ stakeholderTypeCode: 'CUSTOMER',
	partnerUserId }];

async function makePerson(partner, name) {
	const externalId = `${name}-id`, email = `${name}@example.org`;
	const key = `${name}-key`;
	const { userId } = good(await partner.post(`${V1}/users`,
	    { externalId, email, firstName: `${name}-first` }), 201);
	const { actionId, transactionIds: [transactionId] } = good(
	    await partner.submit({ idempotencyKey: key, amount: 100,
		stakeholders: share(externalId) }));
	const { redemptionId } = good(await partner.post(
	    `${V1}/users/${externalId}/redeem`,
	    { tokens: 5, idempotencyKey: key }));
	const { reversalId } = good(await partner.post(
	    `${V1}/actions/${actionId}/reverse`,
	    { refundIdempotencyKey: key, reversalPercentage: 1 }));
	return { externalId, email, key, ids: { userId, actionId,
		transactionId, redemptionId, reversalId } };
}

export async function makeParty(partner, tag, count) {
	const people = [];
	for (let n = 0; n < count; n++)
		people.push(await makePerson(partner, `${tag}-person-${n}`));
	const { requestId } = good(await partner.post(
	    `${V1}/token-pools/request`,
	    { amount: 1000, reason: `${tag}-reason` }), 201);
	const ids = {
		...people[0].ids, requestId, tokenPoolId: partner.tokenPoolId,
		keyId: partner.keyId,
	};
	return {
		partner, tag, people, ids, said: new Set(),
		own: { ...ids, externalId: people[0].externalId },
		words: [...Object.values(ids), `${tag}-`,
			...people.flatMap((one) => Object.values(one.ids))],
	};
}
