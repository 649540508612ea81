// The same idempotency key again: the first answer, whole, for ever.  And an
// empty pool, which leaves the key free.

import assert from 'node:assert/strict';
import test from 'node:test';
import { balance, good, pool, refused, rows } from '../lib/expect.mjs';
import { purchase, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();

const SUBMIT = '/v1/partner/actions/submit';

/** The first answer again, and what it says beside it. */
function again(answer, first, bodyMatches) {
	assert.equal(answer.status, 409, answer.text);
	assert.equal(answer.headers['content-type'], 'application/json');
	assert.deepEqual(answer.body,
	    { ...first, code: 'IDEMPOTENT', bodyMatches });
}

const nothingMoved = async (happens) => {
	const before = [await pool(acme), await balance(acme, 'user_42')];
	await happens();
	assert.deepEqual(
	    [await pool(acme), await balance(acme, 'user_42')], before);
};

const told = purchase({ occurredAt: '2025-05-10T10:00:00Z',
    metadata: { a: 1.50, b: ['\u00e9', null], c: { d: 1, e: 2 } } });
const first = good(await acme.post(SUBMIT, told));

for (const [name, text] of [
	['byte for byte', JSON.stringify(told)],
	['with spaces', JSON.stringify(told, null, '\t')],
	['in another order', JSON.stringify(Object.fromEntries(
	    Object.entries(told).reverse()))],
	['in another order inside', JSON.stringify(told)
	    .replace('"c":{"d":1,"e":2}', '"c":{"e":2,"d":1}')],
	['with zeros behind the point', JSON.stringify(told)
	    .replace('49.99', '49.990').replace('1.5', '1.500')],
	['with an exponent', JSON.stringify(told)
	    .replace('49.99', '4999e-2').replace('1.5', '0.15E+1')],
	['with escapes', JSON.stringify(told).replace('\u00e9', '\\u00e9')
	    .replace('user_42', '\\u0075ser_42')],
	['with the same moment elsewhere', JSON.stringify(told)
	    .replace('T10:00:00Z', 'T12:00:00.000+02:00')],
	['with null for what was absent', JSON.stringify(
	    { ...told, campaignId: null, tokenPoolId: null })],
	['with fields that are not known', JSON.stringify(
	    { ...told, colour: 'red' })],
])
	test(`409 IDEMPOTENT, the body matches: ${name}`, async () => {
		await nothingMoved(async () =>
			again(await acme.post(SUBMIT, text), first, true));
	});

const [customer] = told.stakeholders;
for (const [name, changes] of [
	['amount', { amount: 49.98 }], ['currency', { currency: 'EUR' }],
	['type', { actionType: 'DONATION' }],
	['unknown type', { actionType: 'UNKNOWN' }],
	['user', { stakeholders: [{ ...customer, partnerUserId: 'x' }] }],
	['role', { stakeholders: [{ ...customer,
	    stakeholderTypeCode: 'FRIEND' }] }],
	['number of users', { stakeholders: [customer, customer] }],
	['autoCreateUsers', { autoCreateUsers: false }],
	['time', { occurredAt: '2025-05-10T10:00:00.001Z' }],
	['no time', { occurredAt: undefined }],
	['metadata', { metadata: { ...told.metadata, a: 1.51 } }],
	['type inside metadata', { metadata: { ...told.metadata, a: '1.5' } }],
	['no metadata', { metadata: undefined }],
	['pool', { tokenPoolId: acme.tokenPoolId }],
	['unknown pool', { tokenPoolId: '0'.repeat(24) }],
])
	test(`409 IDEMPOTENT, the body differs: ${name}`, async () => {
		await nothingMoved(async () =>
			again(await acme.submit({ ...told, ...changes }),
			    first, false));
	});

test('a body that is wrong in itself is refused before that', async () => {
	refused(await acme.submit({ ...told, amount: '49.99' }),
	    400, 'INVALID_REQUEST', ['/amount']);
});

test('the first answer stays the first after a reversal', async () => {
	const body = purchase();
	const one = good(await acme.post(SUBMIT, body));
	good(await acme.post(`/v1/partner/actions/${one.actionId}/reverse`,
	    { refundIdempotencyKey: 'again 1', reversalPercentage: 40 }));
	again(await acme.post(SUBMIT, body), one, true);
	good(await acme.post(`/v1/partner/actions/${one.actionId}/reverse`,
	    { refundIdempotencyKey: 'again 2', reversalPercentage: 60 }));
	again(await acme.post(SUBMIT, body), one, true);
	assert.equal(one.status, 'COMPLETED');
	const shown = good(await acme.get(
	    `/v1/partner/actions/${one.actionId}`));
	assert.equal(shown.status, 'REVERSED');
});

test('the first answer tells of debts as they were then', async () => {
	const who = { stakeholders: [{ ...customer, partnerUserId: 'ow' }] };
	const one = good(await acme.submit({ ...who, amount: 30 }));
	good(await acme.post('/v1/partner/users/ow/redeem',
	    { tokens: 30, idempotencyKey: 'spend' }));
	good(await acme.post(`/v1/partner/actions/${one.actionId}/reverse`,
	    { refundIdempotencyKey: 'ow' }));
	const body = purchase({ ...who, amount: 20 });
	const two = good(await acme.post(SUBMIT, body));
	assert.equal(two.breakdown[0].debtOffset, 20);
	again(await acme.post(SUBMIT, body), two, true);
});

test('a reward of nothing is answered again too', async () => {
	const body = purchase({ amount: 0 });
	const one = good(await acme.post(SUBMIT, body));
	again(await acme.post(SUBMIT, body), one, true);
});

test('keys differ by every character', async () => {
	const made = [];
	for (const idempotencyKey of ['K', 'k', 'k ', ' k', 'k\n', '\u212a',
	    'e\u0301', '\u00e9'])
		made.push(good(await acme.submit({ idempotencyKey })));
	assert.equal(new Set(made.map((m) => m.actionId)).size, 8);
});

test('402 INSUFFICIENT_POOL: nothing is booked, one event tells', async () => {
	const poor = await site.partner({ slug: 'poor', tokens: 49 });
	const body = purchase({ stakeholders: [{
	    stakeholderTypeCode: 'CUSTOMER', partnerUserId: 'new' }] });
	const events = () => rows(site, 'SELECT e.type, e.refers, e.data' +
	    ' FROM events e JOIN tenants t ON t.id = e.tenant' +
	    ' JOIN partners p ON p.id = t.partner' +
	    " WHERE p.slug = 'poor' AND e.type <> 6 ORDER BY e.id");

	const { detail } = refused(await poor.post(SUBMIT, body),
	    402, 'INSUFFICIENT_POOL');
	assert.match(detail, /49 tokens.* 50/);
	assert.equal((await pool(poor)).availableBalance, 49);
	refused(await poor.get('/v1/partner/users/new'), 404, 'NOT_FOUND');
	assert.deepEqual(good(await poor.get('/v1/partner/actions')).data,
	    []);
	const [event, ...more] = await events();
	assert.deepEqual(more, []);
	assert.equal(event.type, 2);
	assert.deepEqual(JSON.parse(event.data), {
		idempotencyKey: body.idempotencyKey, actionType: 'PURCHASE',
		code: 'INSUFFICIENT_POOL', tokenPoolId: poor.tokenPoolId,
		available: 49, needed: 50,
	});

	/* The same bytes, signed in the same second, after a top-up. */
	await site.cli('pool', 'allocate', '--partner', 'poor',
	    '--side', 'test', '--tokens', '1');
	const made = good(await poor.post(SUBMIT, body));
	assert.equal(made.tokensDistributed, 50);
	assert.equal((await pool(poor)).availableBalance, 0);
	assert.deepEqual((await events()).map((e) => e.type), [2, 5, 1]);
	again(await poor.post(SUBMIT, body), made, true);
});

test('402: the key is free for another action as well', async () => {
	const poor = await site.partner({ tokens: 10 });
	const idempotencyKey = 'order';
	refused(await poor.submit({ idempotencyKey, amount: 11 }),
	    402, 'INSUFFICIENT_POOL');
	good(await poor.submit({ idempotencyKey, amount: 10 }));
	good(await poor.submit({ amount: 0 }));
	refused(await poor.submit({ amount: 1 }), 402, 'INSUFFICIENT_POOL');
});

test('refusals leave the key free', async () => {
	const idempotencyKey = 'free';
	refused(await acme.submit({ idempotencyKey, actionType: 'NONE' }),
	    422, 'NO_REWARD_RULE');
	refused(await acme.submit({ idempotencyKey, currency: 'ABC' }),
	    400, 'INVALID_REQUEST');
	refused(await acme.submit({ idempotencyKey, autoCreateUsers: false,
	    stakeholders: [{ ...customer, partnerUserId: 'nobody' }] }),
	    422, 'USER_NOT_FOUND');
	good(await acme.submit({ idempotencyKey }));
});
