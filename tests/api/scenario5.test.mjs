// Scenario 5: the token pool runs low, and a webhook says so; the partner's
// back-end asks for more, the operator approves, and two more webhooks say
// that it was approved and that the tokens are there.

import assert from 'node:assert/strict';
import test from 'node:test';
import { good, pool, refused } from '../lib/expect.mjs';
import { configureHooks, deliver, startReceiver } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';

const V1 = '/v1/partner';
const TYPES = ['token_pool.low_balance', 'token_pool.refilled',
	'token_pool_request.approved', 'token_pool_request.rejected'];

const site = await useSite();
await configureHooks(site);
const shop = await startReceiver();
const acme = await site.partner({ tokens: 1000 });

const post = async (path, body, status = 200) => {
	site.clock.advance(1);
	return good(await acme.post(`${V1}${path}`, body), status);
};
const give = async (amount) => {
	site.clock.advance(1);
	return acme.submit({ amount });
};

/** What the webhook is told by the next run, as { type: data }. */
async function told() {
	const before = shop.got.length;
	await deliver(site);
	const events = shop.got.slice(before)
	    .map(({ body }) => JSON.parse(body));
	return events.map(({ type, data }) => [type, data]).sort();
}

let requestId;

test('1: subscribe; the threshold is configured on the pool', async () => {
	await site.cli('pool', 'set', '--partner', acme.slug, '--side', 'test',
	    '--low-threshold', '100');
	await post('/webhooks', { url: shop.url, eventTypes: TYPES }, 201);
	good(await give(850));
	assert.deepEqual(await told(), []);
});

test('2: it runs low, is told once, and more is asked for', async () => {
	good(await give(70));
	good(await give(10));
	assert.deepEqual(await told(), [['token_pool.low_balance', {
		tokenPoolId: acme.tokenPoolId, availableBalance: 80,
		lowBalanceThreshold: 100 }]]);
	({ requestId } = await post('/token-pools/request', { amount: 500000,
		reason: 'Q4 forecast: 25% over allocation, current pool 8%' +
		    ' remaining' }, 201));
	assert.deepEqual(await told(), []);
	refused(await give(81), 402, 'INSUFFICIENT_POOL');
});

test('3 and 4: approved, and the balance increases', async () => {
	await site.cli('request', 'approve', '--request', requestId,
	    '--reason', 'Have a good Q4');
	const [[refilled, pool1], [approved, request]] = await told();
	assert.deepEqual([refilled, approved],
	    ['token_pool.refilled', 'token_pool_request.approved']);
	assert.deepEqual([pool1.tokenPoolId, pool1.tokens],
	    [acme.tokenPoolId, 500000]);
	assert.deepEqual([request.requestId, request.status,
		request.decisionReason, request.transactionId],
	    [requestId, 'APPROVED', 'Have a good Q4', pool1.transactionId]);
	assert.equal((await pool(acme)).availableBalance, 500070);
	good(await give(81));
});

test('rejected, and told so', async () => {
	const asked = await post('/token-pools/request',
	    { amount: 5, reason: 'just in case' }, 201);
	await site.cli('request', 'reject', '--request', asked.requestId);
	const [[type, { requestId: id, status }]] = await told();
	assert.deepEqual([type, id, status],
	    ['token_pool_request.rejected', asked.requestId, 'REJECTED']);
	assert.equal((await pool(acme)).availableBalance, 499989);
});

test('without hands: the pool is filled again by itself', async () => {
	await site.cli('pool', 'auto-refill', '--partner', acme.slug,
	    '--side', 'test', '--threshold', '1000', '--amount', '5000');
	good(await give(499500));
	const [[type, data], ...others] = await told();
	assert.deepEqual([type, data.tokens, data.reason],
	    ['token_pool.refilled', 5000, 'auto-refill']);
	assert.deepEqual(others, []);
	assert.equal((await pool(acme)).availableBalance, 5489);
});

test('and with a hand: it asks, and is approved', async () => {
	await site.cli('pool', 'auto-refill', '--partner', acme.slug,
	    '--side', 'test', '--threshold', '1000', '--amount', '5000',
	    '--requires-approval', '--max-per-month', '2');
	good(await give(4500));
	const { data: [asked] } = good(await acme.get(
	    `${V1}/token-pools/requests?status=PENDING`));
	assert.deepEqual([asked.kind, asked.amount], ['AUTO', 5000]);
	await site.cli('request', 'approve', '--request', asked.requestId);
	assert.deepEqual((await told()).map(([type]) => type),
	    ['token_pool.refilled', 'token_pool_request.approved']);
	assert.equal((await pool(acme)).availableBalance, 5989);
});
