// Token pools that are filled again by themselves: when, how often, by whom it
// is approved, and what is told of it.

import assert from 'node:assert/strict';
import test from 'node:test';
import { housekeep } from '../lib/cron.mjs';
import { good, ID, pool, refused, rows } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const DAY = 86400;
const MAY_10 = Date.parse('2025-05-10T11:20:00Z') / 1000;
const JUNE_1 = Date.parse('2025-06-01T00:00:00Z') / 1000;

const site = await useSite();

const sideOf = ({ slug, side }) => ['--partner', slug, '--side', side];
const refill = (partner, ...words) => site.cli('pool', 'auto-refill',
    ...sideOf(partner), '--pool', partner.tokenPoolId, ...words.map(String));
const set = (partner, { threshold = 100, amount = 500, most, approval }) =>
	refill(partner, '--threshold', threshold, '--amount', amount,
	    ...(most ? ['--max-per-month', most] : []),
	    ...(approval ? ['--requires-approval'] : []));
const give = async (partner, amount) => {
	site.clock.advance(1);
	return partner.submit({ amount });
};
const left = async (partner) => (await pool(partner)).availableBalance;
const requests = async (partner, query = '') => good(await partner.get(
    `/v1/partner/token-pools/requests${query}`)).data;
const withdraw = (partner, id) => {
	site.clock.advance(1);
	return partner.signed('DELETE',
	    `/v1/partner/token-pools/requests/${id}`);
};

/* enum event_type of lib/hooks/outbox.h. */
const words = { 6: 'refilled', 8: 'low', 9: 'asked', 10: 'approved',
	11: 'rejected' };
const events = async (partner) => (await rows(site,
    'SELECT e.type FROM events e JOIN tenants t ON t.id = e.tenant' +
    ' JOIN partners p ON p.id = t.partner WHERE e.type IN (6, 8, 9, 10, 11)' +
    ` AND p.slug = '${partner.slug}' AND t.gone_at IS NULL ORDER BY e.id`))
    .map((row) => words[row.type]).slice(1);	/* but its beginning */

test('a fresh pool is not', async () => {
	const acme = await site.partner({ tokens: 1000 });
	const off = { enabled: false, threshold: 0, amount: 0,
		requiresApproval: false, maxPerMonth: 0 };
	assert.deepEqual((await pool(acme)).autoRefill, off);
	good(await give(acme, 1000));
	assert.equal(await left(acme), 0);
	await housekeep(site);
	assert.equal(await left(acme), 0);
	assert.deepEqual(await events(acme), []);
});

test('what is set is shown, and can be switched off', async () => {
	const acme = await site.partner({ tokens: 1000 });
	const { autoRefill } = await set(acme, { threshold: 100, amount: 500,
		most: 3, approval: true });
	assert.deepEqual(autoRefill, { enabled: true, threshold: 100,
	    amount: 500, requiresApproval: true, maxPerMonth: 3 });
	const path = `/v1/partner/token-pools/${acme.tokenPoolId}`;
	assert.deepEqual(good(await acme.get(path)).autoRefill, autoRefill);
	assert.deepEqual((await pool(acme)).autoRefill, autoRefill);
	assert.equal((await set(acme, {})).autoRefill.maxPerMonth, 1);
	assert.equal((await refill(acme, '--off')).autoRefill.enabled, false);
	good(await give(acme, 1000));
	assert.equal(await left(acme), 0);
});

test('what cannot be set', async () => {
	const acme = await site.partner({ tokens: 1000 });
	for (const [words, says] of [
		[[], /--threshold N and --amount N/],
		[['--threshold', '10'], /--amount N/],
		[['--amount', '10'], /--threshold N/],
		[['--threshold', '0', '--amount', '5'], /--threshold/],
		[['--threshold', '5', '--amount', '-5'], /--amount/],
		[['--threshold', '5', '--amount', '1000000000000001'],
			/--amount/],
		[['--threshold', '5', '--amount', '5', '--max-per-month',
			'0'], /--max-per-month/],
		[['--threshold', '5', '--amount', '5', '--max-per-month',
			'1001'], /--max-per-month/],
		[['--threshold', 'x', '--amount', '5'], /--threshold/],
	]) {
		const { code, stderr } = await site.tryCli('pool',
		    'auto-refill', ...sideOf(acme), ...words);
		assert.equal(code, 2, words.join(' '));
		assert.match(stderr, says);
	}
	const { code, stderr } = await site.tryCli('pool', 'auto-refill',
	    ...sideOf(acme), '--off', '--pool', '0'.repeat(24));
	assert.equal(code, 1);
	assert.match(stderr, /pool/i);
	assert.equal((await pool(acme)).autoRefill.enabled, false);
});

test('filled in the transaction that crosses, once', async () => {
	const acme = await site.partner({ tokens: 1000 });
	await set(acme, { most: 5 });
	await site.cli('pool', 'set', ...sideOf(acme),
	    '--low-threshold', '100');
	good(await give(acme, 900));
	assert.equal(await left(acme), 100);
	assert.deepEqual(await events(acme), []);
	good(await give(acme, 1));
	assert.deepEqual([await left(acme),
	    (await pool(acme)).totalAllocated], [599, 1500]);
	/* A pool that is full by the end was never low. */
	assert.deepEqual(await events(acme), ['refilled']);
	good(await give(acme, 499));
	assert.equal(await left(acme), 100);
	assert.deepEqual(await events(acme), ['refilled']);
	good(await give(acme, 100));
	assert.equal(await left(acme), 500);

	const { data } = good(await acme.get('/v1/partner/token-pools/' +
	    `${acme.tokenPoolId}/transactions?type=ALLOCATION`));
	assert.deepEqual(data.map(({ tokens }) => tokens), [500, 500, 1000]);
	const told = good(await acme.get(
	    '/v1/partner/events?type=token_pool.refilled')).data[0].data;
	assert.deepEqual([told.tokens, told.reason, told.tokenPoolId],
	    [500, 'auto-refill', acme.tokenPoolId]);
	assert.match(told.transactionId, ID);
});

test('still low after a refill: that is told too', async () => {
	const acme = await site.partner({ tokens: 1000 });
	await set(acme, { amount: 5, most: 5 });
	await site.cli('pool', 'set', ...sideOf(acme),
	    '--low-threshold', '100');
	good(await give(acme, 950));
	assert.equal(await left(acme), 55);
	assert.deepEqual(await events(acme), ['refilled', 'low']);
});

test('a reward that the refill can pay is not refused', async () => {
	const acme = await site.partner({ tokens: 1000 });
	await set(acme, { most: 2 });
	good(await give(acme, 1400));
	/* 1000 + 500 - 1400, and that is no crossing. */
	assert.equal(await left(acme), 100);
	assert.deepEqual(await events(acme), ['refilled']);
	const { needed, available } = refused(await give(acme, 601), 402,
	    'INSUFFICIENT_POOL');
	assert.deepEqual([available, needed], [100, 601]);
	assert.equal(await left(acme), 100);
	good(await give(acme, 600));
	assert.equal(await left(acme), 0);
	refused(await give(acme, 1), 402, 'INSUFFICIENT_POOL');
	assert.deepEqual(await events(acme), ['refilled', 'refilled']);
});

test('at most so often in a calendar month', async () => {
	const acme = await site.partner({ tokens: 1000 });
	await set(acme, { most: 2 });
	good(await give(acme, 950));
	good(await give(acme, 500));
	assert.equal(await left(acme), 550);
	good(await give(acme, 500));
	assert.equal(await left(acme), 50);
	await housekeep(site);
	assert.equal(await left(acme), 50);
	site.clock.set(JUNE_1 - 1);
	await housekeep(site);
	assert.equal(await left(acme), 50);
	site.clock.set(JUNE_1);
	await housekeep(site);
	assert.equal(await left(acme), 550);
	await housekeep(site);
	assert.equal(await left(acme), 550);
	site.clock.set(MAY_10 + 3600);
});

test('one that is low when it is set is filled at once', async () => {
	const acme = await site.partner({ tokens: 99 });
	const { availableBalance, totalAllocated } = await set(acme, {});
	assert.deepEqual([availableBalance, totalAllocated], [599, 599]);
});

test('with approval it asks once, and waits', async () => {
	const acme = await site.partner({ tokens: 1000 });
	await set(acme, { approval: true, most: 2 });
	good(await give(acme, 950));
	const [asked, ...others] = await requests(acme);
	assert.deepEqual(others, []);
	assert.deepEqual([asked.kind, asked.status, asked.amount,
		asked.reason, asked.tokenPoolId],
	    ['AUTO', 'PENDING', 500, 'auto-refill', acme.tokenPoolId]);
	assert.equal(await left(acme), 50);
	await site.cli('pool', 'allocate', ...sideOf(acme), '--tokens', '100');
	good(await give(acme, 60));
	refused(await give(acme, 91), 402, 'INSUFFICIENT_POOL');
	await housekeep(site);
	assert.equal((await requests(acme)).length, 1);

	await site.cli('request', 'approve', '--request', asked.requestId);
	assert.equal(await left(acme), 590);
	good(await give(acme, 590));
	assert.equal((await requests(acme)).length, 2);
	await site.cli('request', 'approve', '--request',
	    (await requests(acme))[0].requestId);
	good(await give(acme, 450));
	await housekeep(site);
	assert.equal((await requests(acme)).length, 2, 'two a month');
	assert.deepEqual(await events(acme), ['asked', 'refilled',
		'refilled', 'approved', 'asked', 'refilled', 'approved']);
});

test('of what is asked, too, so many in a month, by when it was', async () => {
	const acme = await site.partner({ tokens: 1000 });
	await set(acme, { approval: true, most: 1 });
	const asked = async () => (await requests(acme)).length;
	const decide = async (verb) => site.cli('request', verb, '--request',
	    (await requests(acme, '?status=PENDING'))[0].requestId);
	good(await give(acme, 950));
	assert.equal(await asked(), 1);
	/* One that waits over the end of the month is not asked again. */
	site.clock.set(JUNE_1);
	await housekeep(site);
	assert.equal(await asked(), 1);
	await decide('approve');
	good(await give(acme, (await left(acme)) - 50));
	assert.equal(await asked(), 2, 'the first was of May');
	await decide('approve');
	good(await give(acme, (await left(acme)) - 50));
	site.clock.set(JUNE_1 + 30 * DAY - 1);
	await housekeep(site);
	assert.equal(await asked(), 2);
	/* After months without cron it asks once. */
	site.clock.set(JUNE_1 + 95 * DAY);
	await housekeep(site);
	await housekeep(site);
	assert.equal(await asked(), 3);
	site.clock.set(MAY_10 + 3600);
});

test('who said no is asked again at the next crossing', async () => {
	const acme = await site.partner({ tokens: 1000 });
	await set(acme, { approval: true, most: 9 });
	for (const [end, status] of [
		[(id) => site.cli('request', 'reject', '--request', id),
			'REJECTED'],
		[async (id) => good(await withdraw(acme, id)), 'WITHDRAWN'],
	]) {
		good(await give(acme, (await left(acme)) - 50));
		const [asked] = await requests(acme, '?status=PENDING');
		await end(asked.requestId);
		await housekeep(site);
		good(await give(acme, 1));
		assert.equal((await requests(acme))[0].status, status);
		await site.cli('pool', 'allocate', ...sideOf(acme),
		    '--tokens', '1000');
	}
	assert.equal((await requests(acme)).length, 2);
	/* In another month housekeep asks, crossing or not. */
	good(await give(acme, (await left(acme)) - 99));
	await withdraw(acme, (await requests(acme))[0].requestId);
	await housekeep(site);
	assert.equal((await requests(acme)).length, 3);
	site.clock.set(JUNE_1 + DAY);
	await housekeep(site);
	assert.equal((await requests(acme)).length, 4);
	site.clock.set(MAY_10 + 7200);
});

test('what is too much for the pool asks too', async () => {
	const acme = await site.partner({ tokens: 1000 });
	await set(acme, { approval: true });
	refused(await give(acme, 1001), 402, 'INSUFFICIENT_POOL');
	assert.equal((await requests(acme, '?kind=AUTO'))[0].kind, 'AUTO');
	assert.deepEqual(await requests(acme, '?kind=MANUAL'), []);
	refused(await give(acme, 1001), 402, 'INSUFFICIENT_POOL');
	assert.equal((await requests(acme)).length, 1);
});

test('of two at once, one crosses and one refill is made', async () => {
	const acme = await site.partner({ tokens: 1000 });
	await set(acme, { most: 9 });
	site.clock.advance(1);
	const all = await Promise.all(Array.from({ length: 20 }, () =>
		acme.submit({ amount: 50 })));
	all.forEach((answer) => good(answer));
	assert.deepEqual([await left(acme),
	    (await pool(acme)).totalAllocated], [500, 1500]);
});

test('all or nothing: a bulk that fails takes its refill back', async () => {
	const acme = await site.partner({ tokens: 1000 });
	await set(acme, { most: 1 });
	site.clock.advance(1);
	const item = (key, amount) => ({ idempotencyKey: key, amount,
		actionType: 'PURCHASE', currency: 'USD', autoCreateUsers: true,
		stakeholders: [{ stakeholderTypeCode: 'CUSTOMER',
			partnerUserId: 'user_1' }] });
	refused(await acme.post('/v1/partner/actions/bulk', { atomic: true,
		actions: [item('a', 950), item('b', 1000)] }), 402,
	    'INSUFFICIENT_POOL');
	assert.deepEqual([await left(acme), await events(acme)],
	    [1000, []]);
});

test('a sandbox that begins anew keeps what was set', async () => {
	const acme = await site.partner({ tokens: 1000 });
	const { autoRefill } = await set(acme, { most: 4 });
	site.clock.advance(1);
	good(await acme.post('/v1/partner/sandbox/reset', {}));
	site.clock.advance(1);
	const [fresh] = good(await acme.get('/v1/partner/token-pools')).data;
	assert.deepEqual(fresh.autoRefill, autoRefill);
});
