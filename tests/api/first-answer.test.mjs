// The first answer stays what it was: what is learned of a user later is no
// part of it, and a request at odds with itself makes nobody.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { purchase, useSite } from '../lib/site.mjs';

const site = await useSite();
const customer = (fields) => ({ stakeholderTypeCode: 'CUSTOMER', ...fields });

test('an id that was learned later is not in the first answer', async () => {
	const acme = await site.partner();
	const first = purchase({ idempotencyKey: 'by-mail', stakeholders:
		[customer({ userEmail: 'ann@example.com' })] });
	const said = await acme.submit(first);
	assert.equal(said.body.breakdown[0].partnerUserId, null);
	const spend = { tokens: 1, idempotencyKey: 'spend' };
	const spent = await acme.post(
	    '/v1/partner/users/ann%40example.com/redeem', spend);
	assert.equal(spent.body.externalId, null);

	site.clock.advance(1);
	const both = await acme.submit({ idempotencyKey: 'by-both',
		stakeholders: [customer({ userEmail: 'ann@example.com',
			partnerUserId: 'ann' })] });
	assert.equal(both.body.breakdown[0].partnerUserId, 'ann');

	const { body } = await acme.submit(first);
	const { code, bodyMatches, ...answer } = body;
	assert.equal(code, 'IDEMPOTENT');
	assert.equal(bodyMatches, true);
	assert.deepEqual(answer, said.body);
	const again = await acme.post(
	    '/v1/partner/users/ann%40example.com/redeem', spend);
	assert.equal(again.status, 409);
	assert.equal(again.body.externalId, null);
	const now = await acme.get(
	    `/v1/partner/actions/${said.body.actionId}`);
	assert.equal(now.body.breakdown[0].partnerUserId, 'ann');
});

test('new users at odds in one request: it says who, makes none', async () => {
	const acme = await site.partner();
	const { status, body } = await acme.submit({ stakeholders: [
		customer({ partnerUserId: 'a', userEmail: 'x@example.com' }),
		customer({ partnerUserId: 'b', userEmail: 'x@example.com' }),
	] });
	assert.equal(status, 409);
	assert.equal(body.code, 'USER_CONFLICT');
	assert.equal(body.errors[0].pointer, '/stakeholders/1/userEmail');
	for (const user of ['a', 'b'])
		assert.equal((await acme.get(
		    `/v1/partner/users/${user}`)).status, 404);
});

test('so is one who is known, by an e-mail that a new one has', async () => {
	const acme = await site.partner();
	await acme.submit({ stakeholders: [customer({ partnerUserId: 'known',
		userEmail: 'known@example.com' })] });
	const { status, body } = await acme.submit({ stakeholders: [
		customer({ partnerUserId: 'c', userEmail: 'y@example.com' }),
		customer({ partnerUserId: 'known',
			userEmail: 'Y@example.com' }),
	] });
	assert.deepEqual([status, body.code], [409, 'USER_CONFLICT']);
	assert.equal(body.errors[0].pointer, '/stakeholders/1/userEmail');
	assert.equal((await acme.get('/v1/partner/users/c')).status, 404);
});

test('a share of nothing names no transaction', async () => {
	const acme = await site.partner();
	const { body } = await acme.submit({ amount: 1, stakeholders: [
		customer({ partnerUserId: 'first' }),
		customer({ partnerUserId: 'second' }),
	] });
	assert.deepEqual(body.breakdown.map(({ tokens }) => tokens), [1, 0]);
	assert.equal(body.breakdown[0].transactionId,
	    body.transactionIds[0]);
	assert.equal(body.breakdown[1].transactionId, null);
});
