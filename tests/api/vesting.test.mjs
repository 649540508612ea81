// Token pools with conditions: rewards that vest, that expire, and pools that
// pay for some action types only.

import assert from 'node:assert/strict';
import test from 'node:test';
import { balance, good, refused, rows } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const DAY = 86400;
let keys = 0;

const set = (partner, pool, ...words) => site.tryCli('pool', 'set',
    '--partner', partner.slug, '--side', 'test', '--pool', pool, '--json',
    ...words);

/** A partner whose main pool has no conditions, and pools that have. */
async function partnerWith(pools) {
	const partner = await site.partner();
	partner.pools = {};
	for (const [name, words] of Object.entries(pools)) {
		const { tokenPoolId } = await site.cli('pool', 'create',
		    '--partner', partner.slug, '--side', 'test',
		    '--name', name);
		await site.cli('pool', 'allocate', '--partner', partner.slug,
		    '--side', 'test', '--pool', tokenPoolId,
		    '--tokens', '1000');
		const { code, stderr } =
		    await set(partner, tokenPoolId, ...words);
		assert.equal(code, 0, stderr);
		partner.pools[name] = tokenPoolId;
	}
	return partner;
}

const earn = async (partner, amount, pool, users = ['u']) => good(
    await partner.submit({ amount, tokenPoolId: pool,
	stakeholders: users.map((partnerUserId) => ({
		stakeholderTypeCode: 'CUSTOMER', partnerUserId })) }));
const redeem = (partner, tokens, user = 'u') => partner.post(
    `/v1/partner/users/${user}/redeem`,
    { tokens, idempotencyKey: `v_${++keys}` });
const reverse = async (partner, action, percent) => good(
    await partner.post(`/v1/partner/actions/${action.actionId}/reverse`,
    { refundIdempotencyKey: `v_${++keys}`, reversalPercentage: percent }));

/** What a balance says, but for what is 0. */
async function holds(partner, user = 'u') {
	const { externalId, ...all } = await balance(partner, user);
	return Object.fromEntries(Object.entries(all)
	    .filter(([, tokens]) => tokens !== 0));
}

async function inPool(partner, name) {
	const { data } = good(await partner.get('/v1/partner/token-pools'));
	return data.find((p) => p.tokenPoolId === partner.pools[name])
	    .availableBalance;
}

test('a reward that vests is pending until then', async () => {
	const p = await partnerWith({ slow: ['--vesting-days', '10'] });
	await earn(p, 50, p.pools.slow);
	await earn(p, 7);
	assert.equal(await inPool(p, 'slow'), 950);
	assert.deepEqual(await holds(p),
	    { available: 7, pending: 50, lifetimeEarned: 57 });
	refused(await redeem(p, 8), 402, 'INSUFFICIENT_BALANCE');
	assert.equal(good(await redeem(p, 7)).available, 0);
	site.clock.advance(10 * DAY - 1);
	refused(await redeem(p, 1), 402, 'INSUFFICIENT_BALANCE');
	site.clock.advance(1);
	assert.deepEqual(await holds(p), { available: 50,
	    lifetimeEarned: 57, lifetimeSpent: 7 });
	assert.equal(good(await redeem(p, 20)).available, 30);
	site.clock.advance(10000 * DAY);
	assert.equal((await holds(p)).available, 30);
});

test('what expires goes back to its pool, and is no claw-back', async () => {
	const p = await partnerWith({ brief: ['--expiry-days', '40'] });
	await earn(p, 50, p.pools.brief);
	await earn(p, 5);
	assert.deepEqual(await holds(p),
	    { available: 55, lifetimeEarned: 55 });
	site.clock.advance(10 * DAY);
	assert.equal((await holds(p)).expiringSoon, 50);
	good(await redeem(p, 15));
	assert.deepEqual(await holds(p), { available: 40, expiringSoon: 35,
	    lifetimeEarned: 55, lifetimeSpent: 15 });
	site.clock.advance(30 * DAY - 1);
	assert.equal((await holds(p)).available, 40);
	site.clock.advance(1);
	const after = { available: 5, lifetimeEarned: 55, lifetimeSpent: 15 };
	assert.deepEqual(await holds(p), after);
	assert.equal(await inPool(p, 'brief'), 950);

	/* A refused redemption has booked it, and so has any write. */
	refused(await redeem(p, 6), 402, 'INSUFFICIENT_BALANCE');
	assert.equal(await inPool(p, 'brief'), 985);
	assert.deepEqual(await holds(p), after);
	const { data } = good(await p.get(
	    '/v1/partner/users/u/transactions?type=EXPIRY'));
	assert.deepEqual(data.map((line) => line.tokens), [-35]);
	assert.equal(good(await redeem(p, 5)).available, 0);
});

test('what comes back of the expired can pay the next reward', async () => {
	const p = await partnerWith({ brief: ['--expiry-days', '1'] });
	await earn(p, 1000, p.pools.brief);
	refused(await p.submit({ amount: 1, tokenPoolId: p.pools.brief }),
	    402, 'INSUFFICIENT_POOL');
	site.clock.advance(DAY);
	const more = await earn(p, 600, p.pools.brief);
	assert.equal(more.tokensDistributed, 600);
	assert.deepEqual(await holds(p), { available: 600,
	    expiringSoon: 600, lifetimeEarned: 1600 });
	refused(await p.submit({ amount: 600, tokenPoolId: p.pools.brief,
	    stakeholders: [{ stakeholderTypeCode: 'C', partnerUserId: 'u' }],
	}), 402, 'INSUFFICIENT_POOL');
});

test('the soonest to expire is spent first', async () => {
	const p = await partnerWith({
		late: ['--expiry-days', '20'], soon: ['--expiry-days', '5'],
		never: ['--vesting-days', '1'],
	});
	await earn(p, 10);
	await earn(p, 10, p.pools.late);
	await earn(p, 10, p.pools.soon);
	await earn(p, 10, p.pools.never);
	site.clock.advance(DAY);
	good(await redeem(p, 12));
	site.clock.advance(5 * DAY);
	assert.deepEqual([(await holds(p)).available, await inPool(p, 'soon')],
	    [28, 990]);
	site.clock.advance(20 * DAY);
	assert.equal((await holds(p)).available, 20);
	good(await redeem(p, 20));
	assert.equal(await inPool(p, 'late'), 998);
});

test('a reversal takes from its own lot, pending or not', async () => {
	const p = await partnerWith({ slow: ['--vesting-days', '10'] });
	const first = await earn(p, 50, p.pools.slow);
	await earn(p, 30, p.pools.slow);
	assert.deepEqual((await reverse(p, first, 40)).breakdown,
	    [{ stakeholderTypeCode: 'CUSTOMER', expected: 20,
		clawedBack: 20, debt: 0 }]);
	assert.deepEqual(await holds(p), { pending: 60, lifetimeEarned: 80,
	    lifetimeClawedBack: 20 });
	site.clock.advance(10 * DAY);
	good(await redeem(p, 45));
	/* 15 are left, in the lot of the second. */
	const { tokensClawedBack, debtsCreated } =
	    await reverse(p, first, 60);
	assert.deepEqual([tokensClawedBack, debtsCreated], [15, 1]);
	assert.deepEqual(await holds(p), { debt: 15, lifetimeEarned: 80,
	    lifetimeSpent: 45, lifetimeClawedBack: 35 });
});

test('then from what is available, never from other pending', async () => {
	const p = await partnerWith({ slow: ['--vesting-days', '10'] });
	const plain = await earn(p, 50);
	good(await redeem(p, 30));
	await earn(p, 100, p.pools.slow);
	const { breakdown } = await reverse(p, plain, 100);
	assert.deepEqual(breakdown, [{ stakeholderTypeCode: 'CUSTOMER',
		expected: 50, clawedBack: 20, debt: 30 }]);
	assert.deepEqual(await holds(p), { pending: 100, debt: 30,
	    lifetimeEarned: 150, lifetimeSpent: 30,
	    lifetimeClawedBack: 20 });
});

test('a debt is paid at once, of what would vest later too', async () => {
	const p = await partnerWith({ slow: ['--vesting-days', '10'] });
	const plain = await earn(p, 50);
	good(await redeem(p, 50));
	await reverse(p, plain, 100);
	const { breakdown } = await earn(p, 20, p.pools.slow);
	assert.equal(breakdown[0].debtOffset, 20);
	const rest = await earn(p, 40, p.pools.slow);
	assert.equal(rest.breakdown[0].debtOffset, 30);
	assert.deepEqual(await holds(p), { pending: 10, lifetimeEarned: 110,
	    lifetimeSpent: 50, lifetimeClawedBack: 50 });
	/* What paid the debt is in no lot: it is owed again. */
	const back = await reverse(p, rest, 100);
	assert.deepEqual([back.tokensClawedBack, back.debtsCreated], [10, 1]);
	assert.equal((await holds(p)).debt, 30);
});

test('what expired has come back already, and is not owed', async () => {
	const p = await partnerWith({ brief: ['--expiry-days', '5'] });
	const action = await earn(p, 100, p.pools.brief);
	good(await redeem(p, 40));
	await earn(p, 500);
	site.clock.advance(5 * DAY);
	const first = await reverse(p, action, 50);
	assert.deepEqual(first.breakdown, [{ stakeholderTypeCode: 'CUSTOMER',
		expected: 0, clawedBack: 0, debt: 0 }]);
	assert.equal(first.reversalTransactionId, null);
	const second = await reverse(p, action, 50);
	assert.deepEqual(second.breakdown[0], {
		stakeholderTypeCode: 'CUSTOMER', expected: 40,
		clawedBack: 40, debt: 0 });
	assert.equal(await inPool(p, 'brief'), 1000);
	assert.deepEqual(await holds(p), { available: 460,
	    lifetimeEarned: 600, lifetimeSpent: 40, lifetimeClawedBack: 40 });
});

test('each share of an action has a lot of its own', async () => {
	const p = await partnerWith({ slow: ['--vesting-days', '2',
		'--expiry-days', '4'] });
	const action = await earn(p, 31, p.pools.slow, ['u', 'v', 'u']);
	assert.deepEqual([await holds(p), await holds(p, 'v')], [
		{ pending: 21, lifetimeEarned: 21, expiringSoon: 21 },
		{ pending: 10, lifetimeEarned: 10, expiringSoon: 10 }]);
	await reverse(p, action, 50);
	assert.deepEqual([(await holds(p)).pending,
	    (await holds(p, 'v')).pending], [10, 5]);
	site.clock.advance(4 * DAY);
	await reverse(p, action, 10);
	assert.equal(await inPool(p, 'slow'), 1000);
});

test('only some action types', async () => {
	const p = await partnerWith({ some: ['--action-types',
		'VISIT PURCHASE'] });
	const { some } = p.pools;
	await earn(p, 5, some);
	refused(await p.submit({ actionType: 'DONATION', tokenPoolId: some }),
	    422, 'POOL_NOT_ELIGIBLE');
	refused(await p.submit({ actionType: 'UNHEARD', tokenPoolId: some }),
	    422, 'NO_REWARD_RULE');
	await site.rule({ slug: p.slug, type: 'PURCHAS', flat: 1 });
	refused(await p.submit({ actionType: 'PURCHAS', tokenPoolId: some }),
	    422, 'POOL_NOT_ELIGIBLE');
	good(await p.submit({ actionType: 'DONATION' }));
	const { body } = await p.post('/v1/partner/actions/bulk', { actions: [
		{ idempotencyKey: 'b1', actionType: 'DONATION', amount: 1,
			currency: 'USD', tokenPoolId: some,
			stakeholders: [{ stakeholderTypeCode: 'C',
				partnerUserId: 'u' }] }] });
	assert.equal(body.results[0].error.code, 'POOL_NOT_ELIGIBLE');
	const { code, stdout } = await set(p, some, '--action-types', '');
	assert.equal(code, 0);
	assert.deepEqual(JSON.parse(stdout).actionTypes, []);
	good(await p.submit({ actionType: 'DONATION', tokenPoolId: some }));
});

test('conditions are shown, changed one by one, and have limits', async () => {
	const p = await partnerWith({ x: ['--vesting-days', '3',
		'--expiry-days', '4', '--action-types', ' A  B ',
		'--low-threshold', '7'] });
	const shown = async () => {
		const { data } = good(
		    await p.get('/v1/partner/token-pools'));
		const { vestingDays, expiryDays, actionTypes,
		    lowBalanceThreshold } = data.find(
			(pool) => pool.tokenPoolId === p.pools.x);
		return [vestingDays, expiryDays, actionTypes,
			lowBalanceThreshold];
	};
	assert.deepEqual(await shown(), [3, 4, ['A', 'B'], 7]);
	const ok = async (...words) => assert.equal(
	    (await set(p, p.pools.x, ...words)).code, 0, words.join(' '));
	await ok('--vesting-days', '0');
	assert.deepEqual(await shown(), [0, 4, ['A', 'B'], 7]);
	await ok('--expiry-days', '3650', '--vesting-days', '3649');
	await ok('--expiry-days', '0');
	await ok('--action-types', Array(32).fill('T'.repeat(64)).join(' '));
	for (const [status, ...words] of [
		[2, '--vesting-days', '3651'], [2, '--vesting-days', '-1'],
		[2, '--expiry-days', '3651'], [2, '--expiry-days', 'x'],
		[2, '--expiry-days', ''], [2, '--low-threshold', '-1'],
		[2, '--low-threshold', String(10 ** 15 + 1)],
		[1, '--expiry-days', '3649'],
		[1, '--expiry-days', '5', '--vesting-days', '5'],
		[1, '--action-types', 'purchase'],
		[1, '--action-types', 'A B,C'],
		[1, '--action-types', 'T'.repeat(65)],
		[1, '--action-types', Array(33).fill('T').join(' ')],
	])
		assert.equal((await set(p, p.pools.x, ...words)).code, status,
		    words.join(' '));
	assert.deepEqual((await shown()).slice(0, 2), [3649, 0]);
	assert.equal((await set(p, '0'.repeat(24))).code, 1);
});

test('a reward keeps the conditions that it was given under', async () => {
	const p = await partnerWith({ x: ['--vesting-days', '10'] });
	await earn(p, 5, p.pools.x);
	await set(p, p.pools.x, '--vesting-days', '0');
	await earn(p, 7, p.pools.x);
	assert.deepEqual(await holds(p),
	    { available: 7, pending: 5, lifetimeEarned: 12 });
});

test('a random year, to which the lots and the wallets agree', async () => {
	const p = await partnerWith({ slow: ['--vesting-days', '7',
		'--expiry-days', '30'], brief: ['--expiry-days', '9'] });
	const pools = [undefined, p.pools.slow, p.pools.brief];
	const actions = [];
	let seed = 20250510;
	const below = (n) => (seed = seed * 48271 % 2147483647) % n;
	for (let i = 0; i < 150; i++) {
		site.clock.advance(1 + below(3) * DAY);
		const user = `r${below(3)}`;
		switch (below(4)) {
		case 0:
		case 1:
			actions.push(await earn(p, 1 + below(20),
			    pools[below(3)], [user]));
			break;
		case 2:
			await redeem(p, 1 + below(15), user);
			break;
		default:
			if (actions.length > 0)
				await reverse(p, actions.splice(
				    below(actions.length), 1)[0], 100);
		}
	}
	for (const user of ['r0', 'r1', 'r2']) {
		const b = await balance(p, user);
		const { data } = good(await p.get(`/v1/partner/users/${user}` +
		    '/transactions?type=EXPIRY&limit=100'));
		const expired = data.reduce((sum, line) =>
			sum - line.tokens, 0);
		const due = b.lifetimeEarned - b.lifetimeSpent -
		    b.lifetimeClawedBack - expired - b.available - b.pending;
		assert.ok(due >= 0, `${user}: ${JSON.stringify(b)}`);
	}
	assert.deepEqual(await rows(site,
	    'SELECT l.tenant, l.user FROM lots l' +
	    ' GROUP BY l.tenant, l.user HAVING sum(l.remaining) >' +
	    ' (SELECT balance FROM accounts a WHERE a.tenant = l.tenant' +
	    ' AND a.kind = 3 AND a.owner = l.user)'), []);
});
