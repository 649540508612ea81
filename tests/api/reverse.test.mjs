// POST /actions/:id/reverse: what comes back, and what becomes a debt.
// debts.test.mjs has how debts are paid.

import assert from 'node:assert/strict';
import test from 'node:test';
import { balance, good, ID, NO_ID, pool, refused, rows }
    from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner({ tokens: 10 ** 7 });

let refunds = 0;

/** @returns the answer of a reversal with a key of its own. */
const reverse = (action, changes = {}) => acme.post(
    `/v1/partner/actions/${action.actionId}/reverse`,
    { refundIdempotencyKey: `refund_${++refunds}`, ...changes });

const spend = async (user, tokens) => good(await acme.post(
    `/v1/partner/users/${user}/redeem`,
    { tokens, idempotencyKey: `spend_${++refunds}` }));

/** A purchase of so many dollars by these users. */
const reward = async (amount, ...users) => good(await acme.submit({
	amount,
	stakeholders: users.map((partnerUserId, i) => ({
		stakeholderTypeCode: `ROLE_${i}`, partnerUserId })),
}));

const show = async (action) => good(
    await acme.get(`/v1/partner/actions/${action.actionId}`));

test('Scenario 3: 50 earned, 15 spent, 35 come back, 15 owed', async () => {
	const before = await pool(acme);
	const action = await reward(49.99, 'jane');
	await spend('jane', 15);
	const body = good(await acme.post(
	    `/v1/partner/actions/${action.actionId}/reverse`, {
		reversalPercentage: 100,
		reason: 'Order refunded - return processed',
		refundIdempotencyKey: 'refund_order_98765',
	    }));
	const { reversalTransactionId, reversalId } = body;
	assert.match(reversalTransactionId, ID);
	assert.match(reversalId, ID);
	assert.deepEqual(body, {
		reversalTransactionId,
		tokensClawedBack: 35,
		debtsCreated: 1,
		breakdown: [{ stakeholderTypeCode: 'ROLE_0', expected: 50,
		    clawedBack: 35, debt: 15 }],
		reversalId,
		reversalPercentage: 100,
		refundIdempotencyKey: 'refund_order_98765',
	});
	assert.deepEqual(await balance(acme, 'jane'), {
		externalId: 'jane', available: 0, pending: 0, debt: 15,
		lifetimeEarned: 50, lifetimeSpent: 15,
		lifetimeClawedBack: 35, expiringSoon: 0,
	});
	const after = await pool(acme);
	assert.equal(after.availableBalance, before.availableBalance - 15);
	assert.equal(after.totalAllocated, before.totalAllocated);
	const { status, reversedPercentage } = await show(action);
	assert.deepEqual([status, reversedPercentage], ['REVERSED', 100]);
	const [event] = await rows(site,
	    'SELECT type, refers FROM events ORDER BY id DESC LIMIT 1');
	assert.deepEqual(event, { type: 3, refers: 1 });
});

test('without a percentage it is all of it', async () => {
	for (const changes of [{}, { reversalPercentage: null,
	    reason: null }]) {
		const action = await reward(20, 'kim');
		const body = good(await reverse(action, changes));
		assert.equal(body.tokensClawedBack, 20);
		assert.equal(body.reversalPercentage, 100);
		assert.equal(body.debtsCreated, 0);
	}
	assert.equal((await balance(acme, 'kim')).available, 0);
});

for (const [tokens, portions, clawed] of [
	[50, [50, 50], [25, 25]], [50, [33.33, 33.33, 33.34], [17, 16, 17]],
	[1, [25, 25, 25, 25], [0, 1, 0, 0]], [3, [50, 50], [2, 1]],
	[7, [10, 10, 10, 10, 10, 10, 10, 10, 10, 10],
		[1, 0, 1, 1, 1, 0, 1, 1, 0, 1]],
	[100, [0.5, 99.5], [1, 99]], [100, [0.4999, 99.5001], [0, 100]],
	[1000000, [0.0001, 99.9999], [1, 999999]],
	[100, [12.5, 87.5], [13, 87]],
])
	test(`${tokens} tokens back in parts of ${portions} %`, async () => {
		const action = await reward(tokens, 'lou');
		const got = [];
		let sum = 0;
		for (const portion of portions) {
			const body = good(await reverse(action,
			    { reversalPercentage: portion }));
			got.push(body.tokensClawedBack);
			assert.equal(body.reversalPercentage, portion);
			sum += portion;
			const shown = await show(action);
			assert.equal(shown.reversedPercentage,
			    Number(sum.toFixed(4)));
			assert.equal(shown.status, sum > 99.99999 ?
			    'REVERSED' : 'PARTIALLY_REVERSED');
		}
		assert.deepEqual(got, clawed);
		assert.equal((await balance(acme, 'lou')).available, 0);
		refused(await reverse(action, { reversalPercentage: 0.0001 }),
		    409, 'ALREADY_REVERSED');
	});

test('ALREADY_REVERSED: never more than the whole', async () => {
	const action = await reward(30, 'mia');
	good(await reverse(action, { reversalPercentage: 60 }));
	const { detail } = refused(await reverse(action,
	    { reversalPercentage: 40.0001 }), 409, 'ALREADY_REVERSED');
	assert.match(detail, /60\.0000 %/);
	refused(await reverse(action), 409, 'ALREADY_REVERSED');
	assert.equal((await balance(acme, 'mia')).available, 12);
	good(await reverse(action, { reversalPercentage: 40 }));
	refused(await reverse(action, { reversalPercentage: 1 }),
	    409, 'ALREADY_REVERSED');
	assert.equal((await balance(acme, 'mia')).available, 0);
});

for (const portion of [0, -1, 100.0001, 101, 0.00001, 33.33333, '50', true,
    [50], 1e300])
	test(`reversalPercentage ${JSON.stringify(portion)} is refused`,
	    async () => {
		const action = await reward(2, 'ned');
		refused(await reverse(action,
		    { reversalPercentage: portion }),
		    400, 'INVALID_REQUEST', ['/reversalPercentage']);
	    });

test('the refund key is required, and a reason is for people', async () => {
	const action = await reward(10, 'oda');
	for (const refundIdempotencyKey of [undefined, null, '',
	    'k'.repeat(256), 5])
		refused(await reverse(action, { refundIdempotencyKey }),
		    400, 'INVALID_REQUEST', ['/refundIdempotencyKey']);
	refused(await reverse(action, { reason: 'x'.repeat(501) }),
	    400, 'INVALID_REQUEST', ['/reason']);
	refused(await reverse(action, { reason: 5, reversalPercentage: 'x',
	    refundIdempotencyKey: null }), 400, 'INVALID_REQUEST',
	    ['/reversalPercentage', '/reason', '/refundIdempotencyKey']);
	good(await reverse(action, { reason: '\u00e9'.repeat(500) }));
});

test('what is not there cannot be taken back', async () => {
	for (const actionId of [NO_ID, 'x', 'submit', 'a'.repeat(500)])
		refused(await reverse({ actionId }), 404, 'NOT_FOUND');
	const { actionId, transactionIds } = await reward(1, 'pat');
	refused(await reverse({ actionId: transactionIds[0] }),
	    404, 'NOT_FOUND');
	const other = actionId.slice(0, 23) +
	    (actionId.endsWith('0') ? '1' : '0');
	refused(await reverse({ actionId: other }), 404, 'NOT_FOUND');
	refused(await reverse({ actionId: actionId.toUpperCase() }),
	    404, 'NOT_FOUND');
});

test('the same refund key gets the first answer', async () => {
	const action = await reward(40, 'quin');
	const other = await reward(40, 'quin');
	const refundIdempotencyKey = 'the refund';
	const ask = (which, changes) => reverse(which,
	    { refundIdempotencyKey, ...changes });
	await spend('quin', 70);
	const first = good(await ask(action, { reversalPercentage: 50 }));
	assert.deepEqual(first.breakdown, [{ stakeholderTypeCode: 'ROLE_0',
	    expected: 20, clawedBack: 10, debt: 10 }]);
	for (const [which, changes, bodyMatches] of [
		[action, { reversalPercentage: 50 }, true],
		[action, { reversalPercentage: 50.0000 }, true],
		[action, { reversalPercentage: 51 }, false],
		[action, {}, false],
		[action, { reversalPercentage: 50, reason: 'x' }, false],
		[other, { reversalPercentage: 50 }, false],
		[{ actionId: NO_ID }, { reversalPercentage: 50 }, false],
	]) {
		const answer = await ask(which, changes);
		assert.equal(answer.status, 409, answer.text);
		assert.deepEqual(answer.body,
		    { ...first, code: 'IDEMPOTENT', bodyMatches });
	}
	const { available, debt } = await balance(acme, 'quin');
	assert.deepEqual([available, debt], [0, 10]);
	assert.equal((await show(other)).reversedPercentage, 0);
	/* Nor does what happened since change it. */
	good(await reverse(action, { reversalPercentage: 50 }));
	await reward(100, 'quin');
	const answer = await ask(action, { reversalPercentage: 50 });
	assert.deepEqual(answer.body,
	    { ...first, code: 'IDEMPOTENT', bodyMatches: true });
});

test('a refused reversal leaves its key free', async () => {
	const action = await reward(10, 'rex');
	good(await reverse(action));
	refused(await reverse(action, { refundIdempotencyKey: 'left' }),
	    409, 'ALREADY_REVERSED');
	good(await reverse(await reward(10, 'rex'),
	    { refundIdempotencyKey: 'left' }));
});

test('several stakeholders: each gives back, or owes, their own', async () => {
	const action = await reward(100, 'sam', 'tom', 'uma');
	await spend('tom', 33);
	await spend('uma', 30);
	const before = await pool(acme);
	const body = good(await reverse(action, { reversalPercentage: 50 }));
	assert.deepEqual(body.breakdown.map((s) => Object.values(s)), [
		['ROLE_0', 17, 17, 0], ['ROLE_1', 17, 0, 17],
		['ROLE_2', 17, 3, 14],
	]);
	assert.equal(body.tokensClawedBack, 20);
	assert.equal(body.debtsCreated, 2);
	assert.equal((await pool(acme)).availableBalance,
	    before.availableBalance + 20);
	const rest = good(await reverse(action, { reversalPercentage: 50 }));
	assert.deepEqual(rest.breakdown.map((s) => Object.values(s)), [
		['ROLE_0', 17, 17, 0], ['ROLE_1', 16, 0, 16],
		['ROLE_2', 16, 0, 16],
	]);
	for (const [user, debt] of [['sam', 0], ['tom', 33], ['uma', 30]])
		assert.equal((await balance(acme, user)).debt, debt);
});

test('one person in two roles does not give the same twice', async () => {
	const action = await reward(100, 'vic', 'vic');
	await spend('vic', 40);
	const body = good(await reverse(action));
	assert.deepEqual(body.breakdown.map((s) => Object.values(s)),
	    [['ROLE_0', 50, 50, 0], ['ROLE_1', 50, 10, 40]]);
	assert.equal((await balance(acme, 'vic')).debt, 40);
});

test('a reversal of nothing moves nothing, and counts', async () => {
	const action = await reward(0, 'wim');
	const body = good(await reverse(action));
	assert.equal(body.reversalTransactionId, null);
	assert.deepEqual([body.tokensClawedBack, body.debtsCreated], [0, 0]);
	assert.equal((await show(action)).status, 'REVERSED');
	refused(await reverse(action), 409, 'ALREADY_REVERSED');
});
