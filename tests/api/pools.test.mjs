// GET /token-pools: what rewards are paid from, and what it says of it.

import assert from 'node:assert/strict';
import test from 'node:test';
import { good, ID, pool, refused } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner({ tokens: 1000 });
const side = ['--partner', acme.slug, '--side', 'test'];

const POOLS = '/v1/partner/token-pools';

const allocate = (tokens, ...words) => site.cli('pool', 'allocate', ...side,
    '--tokens', String(tokens), ...words);

test('a pool says what it got, gave and has', async () => {
	const all = await pool(acme);
	const { tokenPoolId, createdAt } = all;
	assert.match(tokenPoolId, ID);
	assert.match(createdAt, /^\d{4}-\d\d-\d\dT.*Z$/);
	assert.deepEqual(all, { ...all, tokenPoolId, name: 'Main',
	    isDefault: true, totalAllocated: 1000, availableBalance: 1000,
	    distributed: 0, lowBalanceThreshold: 0, percentRemaining: 100,
	    createdAt });
});

test('rewards, reversals and debts show in it', async () => {
	const numbers = async () => {
		const p = await pool(acme);
		return [p.totalAllocated, p.availableBalance, p.distributed,
		    p.percentRemaining];
	};
	const action = good(await acme.submit({ amount: 333 }));
	assert.deepEqual(await numbers(), [1000, 667, 333, 66.7]);
	good(await acme.post('/v1/partner/users/user_42/redeem',
	    { tokens: 33, idempotencyKey: 'spend' }));
	assert.deepEqual(await numbers(), [1000, 667, 333, 66.7]);
	good(await acme.post(
	    `/v1/partner/actions/${action.actionId}/reverse`,
	    { refundIdempotencyKey: 'refund' }));
	assert.deepEqual(await numbers(), [1000, 967, 33, 96.7]);
	good(await acme.submit({ amount: 33 }));
	assert.deepEqual(await numbers(), [1000, 967, 33, 96.7]);
	await allocate(2000);
	assert.deepEqual(await numbers(), [3000, 2967, 33, 98.9]);
	good(await acme.submit({ amount: 2967 }));
	assert.deepEqual(await numbers(), [3000, 0, 3000, 0]);
});

test('an empty pool has no percentage to speak of', async () => {
	const none = await site.partner({ tokens: 0 });
	const { totalAllocated, percentRemaining } = await pool(none);
	assert.deepEqual([totalAllocated, percentRemaining], [0, 0]);
	refused(await none.submit(), 402, 'INSUFFICIENT_POOL');
});

test('percentages are rounded to two digits', async () => {
	const partner = await site.partner({ tokens: 3 });
	good(await partner.submit({ amount: 1 }));
	assert.equal((await pool(partner)).percentRemaining, 66.67);
	good(await partner.submit({ amount: 1 }));
	assert.equal((await pool(partner)).percentRemaining, 33.33);
});

test('one pool is the default, and another may become it', async () => {
	const partner = await site.partner({ slug: 'many', tokens: 100 });
	const words = ['--partner', 'many', '--side', 'test'];
	const defaults = async () => good(await partner.get(POOLS)).data
	    .filter((p) => p.isDefault).map((p) => p.name);
	await site.cli('pool', 'create', ...words, '--name', 'Second');
	assert.deepEqual(await defaults(), ['Main']);
	const third = await site.cli('pool', 'create', ...words,
	    '--name', 'Third', '--default');
	assert.equal(third.isDefault, true);
	assert.deepEqual(await defaults(), ['Third']);
	refused(await partner.submit(), 402, 'INSUFFICIENT_POOL');
	good(await partner.submit({ tokenPoolId: partner.tokenPoolId }));
	await site.cli('pool', 'allocate', ...words, '--tokens', '50');
	good(await partner.submit());
	const { data } = good(await partner.get(POOLS));
	assert.deepEqual(data.map((p) => [p.name, p.availableBalance]),
	    [['Third', 0], ['Second', 0], ['Main', 50]]);
});

test('pools by page and by cursor', async () => {
	const partner = await site.partner({ slug: 'pages' });
	const words = ['--partner', 'pages', '--side', 'test'];
	for (let i = 1; i < 5; i++)
		await site.cli('pool', 'create', ...words,
		    '--name', `Pool ${i}`);
	const seen = [];
	let target = `${POOLS}?limit=2`;
	while (target) {
		const { data, pagination } = good(await partner.get(target));
		seen.push(data.map((p) => p.name));
		const next = pagination.nextCursor;
		target = next && `${POOLS}?limit=2&cursor=${next}`;
	}
	assert.deepEqual(seen, [['Pool 4', 'Pool 3'], ['Pool 2', 'Pool 1'],
	    ['Main']]);
	const { data, pagination } = good(await partner.get(
	    `${POOLS}?page=3&limit=2`));
	assert.deepEqual(data.map((p) => p.name), ['Main']);
	assert.deepEqual(pagination, { page: 3, limit: 2, total: 5,
	    totalPages: 3, nextCursor: null });
	refused(await partner.get(`${POOLS}?limit=0&page=0&from=x&to=y`),
	    400, 'INVALID_REQUEST', ['/page', '/limit', '/from', '/to']);
	refused(await partner.get(`${POOLS}?cursor=${acme.tokenPoolId}`),
	    400, 'INVALID_REQUEST', ['/cursor']);
});

test('pools by when they were made, both ends included', async () => {
	const partner = await site.partner({ slug: 'times' });
	const start = site.clock.now();
	const at = (seconds) =>
		new Date((start + seconds) * 1000).toISOString();
	for (let i = 1; i < 4; i++) {
		site.clock.set(start + 60 * i);
		await site.cli('pool', 'create', '--partner', 'times',
		    '--side', 'test', '--name', `Pool ${i}`);
	}
	const names = async (query) => good(await partner.get(
	    `${POOLS}?${query}`)).data.map((p) => p.name);
	assert.deepEqual(await names(`from=${at(60)}&to=${at(120)}`),
	    ['Pool 2', 'Pool 1']);
	assert.deepEqual(await names(`from=${at(61)}&to=${at(119)}`), []);
	assert.deepEqual(await names(`from=${at(180)}`), ['Pool 3']);
	assert.equal(good(await partner.get(`${POOLS}?to=${at(60)}&limit=1`))
	    .pagination.total, 2);
});

test('the most that a pool may hold', async () => {
	const partner = await site.partner({ slug: 'rich', tokens: 0 });
	const words = ['--partner', 'rich', '--side', 'test'];
	const most = String(10 ** 15);
	for (let i = 0; i < 3; i++)
		await site.cli('pool', 'allocate', ...words,
		    '--tokens', most);
	assert.equal((await pool(partner)).availableBalance, 3 * 10 ** 15);
	good(await partner.submit({ amount: 10 ** 13 }));
	assert.equal((await pool(partner)).availableBalance,
	    3 * 10 ** 15 - 10 ** 13);
});
