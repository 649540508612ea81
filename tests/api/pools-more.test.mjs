// One token pool: what it is, its balance, its history, and the warning when
// little is left; and what a refusal for want of tokens says.

import assert from 'node:assert/strict';
import test from 'node:test';
import { good, ID, NO_ID, pool, refused, rows } from '../lib/expect.mjs';
import { purchase, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner({ tokens: 1000 });
const other = await site.partner();

const POOLS = '/v1/partner/token-pools';
const one = (partner = acme) => `${POOLS}/${partner.tokenPoolId}`;
const balance = async (partner = acme) =>
	good(await partner.get(`${one(partner)}/balance`));
const history = async (query = '', partner = acme) =>
	good(await partner.get(`${one(partner)}/transactions${query}`));
const sideOf = ({ slug, side }) => ['--partner', slug, '--side', side];
const allocate = (partner, tokens) => site.cli('pool', 'allocate',
    ...sideOf(partner), '--pool', partner.tokenPoolId,
    '--tokens', String(tokens));
const threshold = (partner, tokens) => site.cli('pool', 'set',
    ...sideOf(partner), '--pool', partner.tokenPoolId,
    '--low-threshold', String(tokens));

let key = 0;
const reverse = async (partner, actionId, more = {}) =>
	good(await partner.post(`/v1/partner/actions/${actionId}/reverse`,
	    { refundIdempotencyKey: `refund_${++key}`, ...more }));
const redeem = async (partner, tokens) =>
	good(await partner.post('/v1/partner/users/user_42/redeem',
	    { tokens, idempotencyKey: `spend_${++key}` }));

/** What was told of low balances: type 8 is token_pool.low_balance. */
const warnings = async (partner) => (await rows(site,
    'SELECT e.data FROM events e JOIN tenants t ON t.id = e.tenant' +
    ' JOIN partners p ON p.id = t.partner' +
    ` WHERE e.type = 8 AND p.slug = '${partner.slug}' ORDER BY e.id`))
    .map((row) => JSON.parse(row.data));

/* A history: 500 in, 100 out twice, half of the first back, 20 spent, all of
   the second back (of which 20 is a debt), 50 out (20 to the debt), 7 in. */
const told = await site.partner({ slug: 'told', tokens: 500 });
const start = site.clock.now();
const first = good(await told.submit({ amount: 100 })).actionId;
site.clock.advance(3600);
const second = good(await told.submit({ amount: 100 })).actionId;
const half = await reverse(told, first, { reversalPercentage: 50 });
await redeem(told, 70);
site.clock.advance(3600);
const whole = await reverse(told, second);
const third = good(await told.submit({ amount: 50 })).actionId;
await allocate(told, 7);
const lines = (await history('?limit=100', told)).data;

test('one pool is what it is in the list', async () => {
	assert.deepEqual(good(await acme.get(one())), await pool(acme));
});

test('its balance', async () => {
	assert.deepEqual(await balance(), { tokenPoolId: acme.tokenPoolId,
	    totalAllocated: 1000, availableBalance: 1000, reserved: 0,
	    distributed: 0, lowBalanceThreshold: 0, percentRemaining: 100 });
	const partner = await site.partner({ tokens: 300 });
	good(await partner.submit({ amount: 100 }));
	await threshold(partner, 50);
	assert.deepEqual(await balance(partner), {
	    tokenPoolId: partner.tokenPoolId, totalAllocated: 300,
	    availableBalance: 200, reserved: 0, distributed: 100,
	    lowBalanceThreshold: 50, percentRemaining: 66.67 });
});

test('a pool that is not there, or is another\'s', async () => {
	for (const id of [other.tokenPoolId, NO_ID, 'x', acme.id,
	    acme.tokenPoolId.toUpperCase(), `${acme.tokenPoolId}0`])
		for (const rest of ['', '/balance', '/transactions'])
			refused(await acme.get(`${POOLS}/${id}${rest}`),
			    404, 'NOT_FOUND');
	refused(await acme.get(`${one()}/else`), 404, 'NOT_FOUND');
});

test('a publishable key may read, a key without the scope not', async () => {
	const asker = await acme.newKey({ scopes: 'token-pools:request' });
	for (const rest of ['', '/balance', '/transactions']) {
		good(await acme.get(one() + rest, { key: 'pk' }));
		refused(await asker.get(one() + rest),
		    403, 'INSUFFICIENT_SCOPE');
	}
});

test('the history of a pool, the newest first', async () => {
	assert.deepEqual(lines.map((l) => [l.type, l.tokens, l.actionId]), [
		['ALLOCATION', 7, null],
		['REWARD', -30, third],
		['REVERSAL', 80, second],
		['REVERSAL', 50, first],
		['REWARD', -100, second],
		['REWARD', -100, first],
		['ALLOCATION', 500, null],
	]);
	const { availableBalance } = await balance(told);
	assert.equal(lines.reduce((sum, l) => sum + l.tokens, 0),
	    availableBalance);
	for (const { transactionId, createdAt } of lines) {
		assert.match(transactionId, ID);
		assert.match(createdAt, /^\d{4}-\d\d-\d\dT.*Z$/);
	}
	assert.deepEqual(lines[2], { transactionId:
	    whole.reversalTransactionId, type: 'REVERSAL', tokens: 80,
	    createdAt: lines[2].createdAt, actionId: second,
	    reversalId: whole.reversalId });
	assert.equal(lines[3].reversalId, half.reversalId);
	assert.deepEqual(Object.keys(lines[0]), ['transactionId', 'type',
	    'tokens', 'createdAt', 'actionId']);
});

test('the transaction of a line is that of its action', async () => {
	const { transactionIds } = good(await told.get(
	    `/v1/partner/actions/${third}`));
	assert.deepEqual(transactionIds, [lines[1].transactionId]);
});

const pick = (...places) => places.map((i) => lines[i]);

for (const [type, expected] of [
	['ALLOCATION', pick(0, 6)], ['REWARD', pick(1, 4, 5)],
	['REVERSAL', pick(2, 3)], ['REDEMPTION', []], ['EXPIRY', []],
])
	test(`its history by type ${type}`, async () => {
		const { data, pagination } =
		    await history(`?type=${type}`, told);
		assert.deepEqual(data, expected);
		assert.equal(pagination.total, expected.length);
		const walked = [];
		for (let cursor = ''; cursor !== null;) {
			const page = await history(`?type=${type}&limit=1${
			    cursor && `&cursor=${cursor}`}`, told);
			walked.push(...page.data);
			cursor = page.pagination.nextCursor;
		}
		assert.deepEqual(walked, expected);
	});

test('its history by page and by cursor', async () => {
	const { data, pagination } = await history('?limit=3&page=2', told);
	assert.deepEqual(data, lines.slice(3, 6));
	assert.deepEqual(pagination, { page: 2, limit: 3, total: 7,
	    totalPages: 3, nextCursor: lines[5].transactionId });
	const rest = await history(
	    `?limit=3&cursor=${pagination.nextCursor}`, told);
	assert.deepEqual(rest.data, lines.slice(6));
	assert.deepEqual(rest.pagination, { page: null, limit: 3,
	    total: null, totalPages: null, nextCursor: null });
	assert.deepEqual((await history('?page=9', told)).data, []);
});

test('its history by time, both ends included', async () => {
	const iso = (s) => new Date((start + s) * 1000).toISOString();
	const between = async (from, to, more = '') => {
		const { data, pagination } = await history(
		    `?from=${iso(from)}&to=${iso(to)}${more}`, told);
		assert.equal(pagination.total, data.length);
		return data;
	};
	assert.deepEqual(await between(0, 0), pick(5, 6));
	assert.deepEqual(await between(1, 3599), []);
	assert.deepEqual(await between(1, 3600), pick(3, 4));
	assert.deepEqual(await between(3600, 7200), pick(0, 1, 2, 3, 4));
	assert.deepEqual(await between(7200, 10 ** 8), pick(0, 1, 2));
	assert.deepEqual(await between(-1000, -1), []);
	assert.deepEqual(await between(10 ** 6, 10 ** 8), []);
	assert.deepEqual(await between(1, 10 ** 8, '&type=REVERSAL'),
	    pick(2, 3));
	assert.deepEqual(await between(3601, 10 ** 8, '&type=REVERSAL'),
	    pick(2));
});

for (const [query, pointer] of [
	['type=reward', '/type'], ['type=', '/type'], ['from=x', '/from'],
	['to=x', '/to'], ['limit=0', '/limit'], ['page=0', '/page'],
	['cursor=x', '/cursor'], [`cursor=${NO_ID}`, '/cursor'],
	[`cursor=${first}`, '/cursor'],
])
	test(`its history with ?${query} is refused`, async () => {
		refused(await told.get(`${one(told)}/transactions?${query}`),
		    400, 'INVALID_REQUEST', [pointer]);
	});

test('another\'s transaction is no cursor', async () => {
	refused(await acme.get(
	    `${one()}/transactions?cursor=${lines[0].transactionId}`),
	    400, 'INVALID_REQUEST', ['/cursor']);
});

test('a pool of its own history, beside another', async () => {
	const partner = await site.partner({ slug: 'two', tokens: 10 });
	const { tokenPoolId } = await site.cli('pool', 'create',
	    ...sideOf(partner), '--name', 'Second');
	await site.cli('pool', 'allocate', ...sideOf(partner),
	    '--pool', tokenPoolId, '--tokens', '20');
	good(await partner.submit({ amount: 5, tokenPoolId }));
	const tokens = async (id, query = '') => good(await partner.get(
	    `${POOLS}/${id}/transactions${query}`))
	    .data.map((l) => l.tokens);
	assert.deepEqual(await tokens(tokenPoolId), [-5, 20]);
	assert.deepEqual(await tokens(partner.tokenPoolId), [10]);
	assert.deepEqual(await tokens(tokenPoolId, '?type=ALLOCATION'), [20]);
	assert.deepEqual(await tokens(partner.tokenPoolId,
	    '?type=ALLOCATION'), [10]);
});

/* The warning. */

test('a warning when the balance crosses its threshold', async () => {
	const partner = await site.partner({ slug: 'low', tokens: 100 });
	await threshold(partner, 50);
	good(await partner.submit({ amount: 50 }));
	assert.deepEqual(await warnings(partner), []);
	const action = good(await partner.submit({ amount: 1 })).actionId;
	const low = (available) => ({ tokenPoolId: partner.tokenPoolId,
	    availableBalance: available, lowBalanceThreshold: 50 });
	assert.deepEqual(await warnings(partner), [low(49)]);

	good(await partner.submit({ amount: 9 }));
	good(await partner.submit({ amount: 0.2 }));
	assert.equal((await warnings(partner)).length, 1);

	/* Up to below it is no crossing, up to it makes the next one. */
	await reverse(partner, action);
	good(await partner.submit({ amount: 1 }));
	assert.equal((await warnings(partner)).length, 1);
	await allocate(partner, 10);
	good(await partner.submit({ amount: 1 }));
	assert.deepEqual(await warnings(partner), [low(49), low(49)]);

	await allocate(partner, 951);
	good(await partner.submit({ amount: 1000 }));
	assert.deepEqual((await warnings(partner)).at(-1), low(0));
	assert.equal((await warnings(partner)).length, 3);
});

test('a reversal makes the next crossing', async () => {
	const partner = await site.partner({ slug: 'back', tokens: 100 });
	await threshold(partner, 50);
	for (let i = 1; i <= 3; i++) {
		const { actionId } = good(await partner.submit(
		    { amount: 60 }));
		assert.equal((await warnings(partner)).length, i);
		await reverse(partner, actionId);
		assert.equal((await warnings(partner)).length, i);
	}
});

test('a debt that is paid back counts in the same breath', async () => {
	const partner = await site.partner({ slug: 'owed', tokens: 100 });
	const { actionId } = good(await partner.submit({ amount: 40 }));
	await redeem(partner, 40);
	await reverse(partner, actionId);
	await threshold(partner, 60);
	/* 60 are left, 40 owed: 30 go out and come back. */
	good(await partner.submit({ amount: 30 }));
	assert.deepEqual(await warnings(partner), []);
	/* Of 15 only 10 come back. */
	good(await partner.submit({ amount: 15 }));
	assert.deepEqual((await warnings(partner))
	    .map((w) => w.availableBalance), [55]);
});

test('in a batch it comes once, and not at all if nothing is', async () => {
	const partner = await site.partner({ slug: 'batch', tokens: 100 });
	await threshold(partner, 50);
	const bulk = (amounts, more = {}) => partner.post(
	    '/v1/partner/actions/bulk', { actions: amounts.map(
	    (amount) => purchase({ amount })), ...more });
	refused(await bulk([60, 60], { atomic: true }),
	    402, 'INSUFFICIENT_POOL', ['/actions/1']);
	assert.deepEqual(await warnings(partner), []);
	assert.equal(good(await bulk([30, 30, 10, 500])).summary.completed,
	    3);
	assert.deepEqual((await warnings(partner))
	    .map((w) => w.availableBalance), [40]);
});

test('a refused action crosses nothing', async () => {
	const partner = await site.partner({ slug: 'short', tokens: 60 });
	await threshold(partner, 50);
	refused(await partner.submit({ amount: 61 }),
	    402, 'INSUFFICIENT_POOL');
	assert.deepEqual(await warnings(partner), []);
});

test('a threshold that rises above the balance warns, once', async () => {
	const partner = await site.partner({ slug: 'rises', tokens: 60 });
	for (const [tokens, times] of [[60, 0], [61, 1], [70, 1], [61, 1],
	    [0, 1], [60, 1], [100, 2]]) {
		await threshold(partner, tokens);
		assert.equal((await warnings(partner)).length, times,
		    `${tokens}`);
	}
	good(await partner.submit({ amount: 1 }));
	assert.equal((await warnings(partner)).length, 2);
});

test('actions of one moment cross once', async () => {
	const partner = await site.partner({ slug: 'race', tokens: 1000 });
	await threshold(partner, 500);
	const all = await Promise.all(Array.from({ length: 40 }, (_, i) =>
		partner.submit({ amount: 25, stakeholders: [{
			stakeholderTypeCode: 'CUSTOMER',
			partnerUserId: `user_${i}`,
		}] })));
	assert.ok(all.every(({ status }) => status === 200));
	assert.deepEqual((await warnings(partner))
	    .map((w) => w.availableBalance), [475]);
});

/* 402. */

test('402 says what there is and what it takes', async () => {
	const partner = await site.partner({ slug: 'poor', tokens: 7 });
	const wants = { amount: 50 };
	const body = refused(await partner.submit(wants),
	    402, 'INSUFFICIENT_POOL');
	assert.equal(body.available, 7);
	assert.equal(body.needed, 50);
	assert.match(body.detail, /7 .* 50/);
	const bulk = good(await partner.post('/v1/partner/actions/bulk',
	    { actions: [purchase({ amount: 7 }), purchase({ amount: 1 }),
		purchase({ amount: -1 })] }));
	const errors = bulk.results.map((r) => r.error);
	assert.equal(errors[0], undefined);
	assert.deepEqual([errors[1].code, errors[1].available,
	    errors[1].needed], ['INSUFFICIENT_POOL', 0, 1]);
	assert.equal(errors[2].available, undefined);
	const atomic = refused(await partner.post('/v1/partner/actions/bulk',
	    { atomic: true, actions: [purchase({ amount: 2 })] }),
	    402, 'INSUFFICIENT_POOL');
	assert.deepEqual([atomic.available, atomic.needed], [0, 2]);
	const spend = refused(await partner.post(
	    '/v1/partner/users/user_42/redeem',
	    { tokens: 8, idempotencyKey: 'too much' }),
	    402, 'INSUFFICIENT_BALANCE');
	assert.deepEqual([spend.available, spend.needed], [7, 8]);
});
