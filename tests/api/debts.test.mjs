// Debts: what a user had spent before it was taken back, later earnings pay
// first, the oldest debt first, to the pool that it is owed to.

import assert from 'node:assert/strict';
import test from 'node:test';
import { balance, good, rows } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();
const side = ['--partner', acme.slug, '--side', 'test'];

let keys = 0;

async function newPool(tokens) {
	const { tokenPoolId } = await site.cli('pool', 'create', ...side,
	    '--name', `Pool ${++keys}`);
	await site.cli('pool', 'allocate', ...side, '--pool', tokenPoolId,
	    '--tokens', String(tokens));
	return tokenPoolId;
}

const available = async (tokenPoolId) => {
	const { data } = good(await acme.get(
	    '/v1/partner/token-pools?limit=100'));
	return data.find((p) => p.tokenPoolId === tokenPoolId)
	    .availableBalance;
};

const reward = async (user, amount, tokenPoolId) =>
	good(await acme.submit({ amount, tokenPoolId, stakeholders:
	    [].concat(user).map((partnerUserId) => ({
		stakeholderTypeCode: 'CUSTOMER', partnerUserId })) }));

const reverse = async (action, reversalPercentage) =>
	good(await acme.post(
	    `/v1/partner/actions/${action.actionId}/reverse`, {
		reversalPercentage, refundIdempotencyKey: `r${++keys}` }));

const spend = async (user, tokens) => good(await acme.post(
    `/v1/partner/users/${user}/redeem`,
    { tokens, idempotencyKey: `s${++keys}` }));

/** Let the users owe so many each to each pool, and hold nothing. */
async function owe(users, tokens, ...pools) {
	const actions = [];
	for (const pool of pools)
		actions.push(await reward(users,
		    tokens * [].concat(users).length, pool));
	for (const user of [].concat(users))
		await spend(user, tokens * pools.length);
	for (const action of actions)
		for (const share of (await reverse(action)).breakdown)
			assert.equal(share.debt, tokens);
}

const holds = async (user, expected) => {
	const all = await balance(acme, user);
	assert.deepEqual({ available: all.available, debt: all.debt,
	    earned: all.lifetimeEarned, spent: all.lifetimeSpent,
	    back: all.lifetimeClawedBack }, expected);
};

test('earnings pay a debt first, and what is left is theirs', async () => {
	const a = await newPool(1000);
	await owe('ann', 15, a);
	assert.equal(await available(a), 985);
	await holds('ann', { available: 0, debt: 15, earned: 15, spent: 15,
	    back: 0 });

	const part = await reward('ann', 10, a);
	assert.deepEqual(part.breakdown[0], { stakeholderTypeCode: 'CUSTOMER',
	    partnerUserId: 'ann', tokens: 10, debtOffset: 10,
	    transactionId: part.transactionIds[0] });
	assert.equal(part.tokensDistributed, 10);
	await holds('ann', { available: 0, debt: 5, earned: 25, spent: 15,
	    back: 10 });
	assert.equal(await available(a), 985);

	const rest = await reward('ann', 10, a);
	assert.equal(rest.breakdown[0].debtOffset, 5);
	await holds('ann', { available: 5, debt: 0, earned: 35, spent: 15,
	    back: 15 });
	assert.equal(await available(a), 980);

	const free = await reward('ann', 10, a);
	assert.equal(free.breakdown[0].debtOffset, 0);
	await holds('ann', { available: 15, debt: 0, earned: 45, spent: 15,
	    back: 15 });
});

test('debts to two pools: the oldest first, each to its own', async () => {
	const [a, b, c] = [await newPool(100), await newPool(100),
	    await newPool(100)];
	await owe('bob', 6, a, b);
	assert.deepEqual([await available(a), await available(b)], [94, 94]);
	const one = await reward('bob', 9, c);
	assert.equal(one.breakdown[0].debtOffset, 9);
	assert.deepEqual([await available(a), await available(b),
	    await available(c)], [100, 97, 91]);
	const two = await reward('bob', 9, c);
	assert.equal(two.breakdown[0].debtOffset, 3);
	assert.deepEqual([await available(a), await available(b),
	    await available(c)], [100, 100, 82]);
	await holds('bob', { available: 6, debt: 0, earned: 30, spent: 12,
	    back: 12 });
});

test('however many debts there are, a reward pays them first', async () => {
	const a = await newPool(1000);
	const action = await reward('cat', 100, a);
	await spend('cat', 100);
	for (let i = 0; i < 50; i++)
		await reverse(action, 2);
	await holds('cat', { available: 0, debt: 100, earned: 100,
	    spent: 100, back: 0 });
	const { breakdown } = await reward('cat', 99, a);
	assert.equal(breakdown[0].debtOffset, 99);
	await holds('cat', { available: 0, debt: 1, earned: 199, spent: 100,
	    back: 99 });
	assert.equal((await reward('cat', 5, a)).breakdown[0].debtOffset, 1);
	assert.equal((await rows(site,
	    'SELECT count(*) AS n FROM debts WHERE paid < owed'))[0].n, 0);
});

test('a reward that paid a debt is taken back: it is owed again', async () => {
	const a = await newPool(100);
	await owe('dan', 10, a);
	const action = await reward('dan', 25, a);
	assert.equal(action.breakdown[0].debtOffset, 10);
	await holds('dan', { available: 15, debt: 0, earned: 35, spent: 10,
	    back: 10 });
	const back = await reverse(action);
	assert.deepEqual(back.breakdown, [{ stakeholderTypeCode: 'CUSTOMER',
	    expected: 25, clawedBack: 15, debt: 10 }]);
	await holds('dan', { available: 0, debt: 10, earned: 35, spent: 10,
	    back: 25 });
	assert.equal(await available(a), 90);
	await reward('dan', 10, a);
	assert.equal(await available(a), 90);
	await holds('dan', { available: 0, debt: 0, earned: 45, spent: 10,
	    back: 35 });
});

test('what comes back returns to the pool that it came from', async () => {
	const [a, b] = [await newPool(100), await newPool(100)];
	const one = await reward('eve', 30, a);
	await reward('eve', 30, b);
	await spend('eve', 45);
	const back = await reverse(one);
	assert.deepEqual([back.tokensClawedBack, back.breakdown[0].debt],
	    [15, 15]);
	assert.deepEqual([await available(a), await available(b)], [85, 70]);
	await reward('eve', 15, b);
	assert.deepEqual([await available(a), await available(b)], [100, 55]);
});

test('a debtor among several, and twice in one action', async () => {
	const a = await newPool(1000);
	await owe('fay', 8, a);
	const body = await reward(['gus', 'fay', 'fay'], 15, a);
	assert.deepEqual(body.breakdown.map((s) => [s.tokens, s.debtOffset]),
	    [[5, 0], [5, 5], [5, 3]]);
	assert.equal((await balance(acme, 'fay')).available, 2);
	assert.equal((await balance(acme, 'gus')).available, 5);
	assert.deepEqual(good(await acme.get(
	    `/v1/partner/actions/${body.actionId}`)).breakdown,
	    body.breakdown);
});

test('twenty stakeholders who owe to three pools each', async () => {
	const pools = [await newPool(10000), await newPool(10000),
	    await newPool(10000), await newPool(10000)];
	const users = Array.from({ length: 20 }, (_, i) => `debtor_${i}`);
	await owe(users, 10, ...pools.slice(0, 3));
	let paid = 0;
	for (let i = 0; i < 6; i++) {
		const { breakdown } = await reward(users, 400, pools[3]);
		for (const share of breakdown) {
			assert.ok(share.debtOffset <= share.tokens);
			paid += share.debtOffset;
		}
		await site.verify();
	}
	assert.equal(paid, 600);
	for (const pool of pools.slice(0, 3))
		assert.equal(await available(pool), 10000);
	assert.equal(await available(pools[3]), 10000 - 2400);
});

test('a debtor may not spend, and cannot be paid by spending', async () => {
	const a = await newPool(100);
	await owe('hal', 10, a);
	const answer = await acme.post('/v1/partner/users/hal/redeem',
	    { tokens: 1, idempotencyKey: 'hal' });
	assert.equal(answer.body.code, 'INSUFFICIENT_BALANCE');
	await reward('hal', 0, a);
	assert.equal((await balance(acme, 'hal')).debt, 10);
});
