// POST /actions/bulk: up to a hundred submissions in one commit, each with its
// own result, or all of them or none.  scenario7.test.mjs has many batches,
// generated.test.mjs how each field of each item is read.

import assert from 'node:assert/strict';
import test from 'node:test';
import { balance, good, NO_ID, pool, refused, rows }
    from '../lib/expect.mjs';
import { purchase, useSite } from '../lib/site.mjs';

const site = await useSite();
const BULK = '/v1/partner/actions/bulk';

const send = (partner, actions, more) =>
	partner.post(BULK, { actions, ...more });
const states = ({ results }) => results.map(({ status, error }) =>
	error?.code ?? status);
const count = async (table) => (await rows(site,
    `SELECT count(*) AS n FROM ${table}`))[0].n;
const unknown = () => purchase({ autoCreateUsers: false,
	stakeholders: [{ stakeholderTypeCode: 'CUSTOMER',
	    partnerUserId: 'nobody' }] });

test('each has its result, in order; a bad one fails alone', async () => {
	const partner = await site.partner();
	const actions = [purchase({ amount: 5 }), unknown(),
		purchase({ amount: -1 }), purchase({ actionType: 'DONATION',
		    amount: 1 }), purchase({ tokenPoolId: NO_ID }), 'no object',
		purchase({ actionType: 'UNHEARD_OF' })];
	const body = good(await send(partner, actions));
	assert.deepEqual(states(body), ['COMPLETED', 'USER_NOT_FOUND',
		'INVALID_REQUEST', 'COMPLETED', 'POOL_NOT_FOUND',
		'INVALID_REQUEST', 'NO_REWARD_RULE']);
	assert.deepEqual(body.results.map((r) => r.index),
	    [0, 1, 2, 3, 4, 5, 6]);
	assert.deepEqual(body.results.map((r) => r.error?.errors?.map(
	    ({ pointer }) => pointer)), [undefined,
		['/actions/1/stakeholders/0'], ['/actions/2/amount'],
		undefined, undefined, ['/actions/5'], undefined]);
	assert.deepEqual(body.results.map((r) => r.idempotencyKey),
	    actions.map(({ idempotencyKey }, i) =>
		i === 2 || i === 5 ? null : idempotencyKey));
	assert.deepEqual(body.summary, { submitted: 7, completed: 2,
		duplicates: 0, failed: 5, tokensDistributed: 12 });
	assert.equal((await pool(partner)).distributed, 12);
	const shown = good(await partner.get(
	    `/v1/partner/actions/${body.results[3].actionId}`));
	assert.equal(shown.tokensDistributed, 7);
});

test('the same key twice in one batch is one action', async () => {
	const partner = await site.partner();
	const one = purchase({ amount: 5 });
	const body = good(await send(partner, [one, one,
		{ ...one, amount: 6 }]));
	assert.deepEqual(states(body),
	    ['COMPLETED', 'DUPLICATE', 'DUPLICATE']);
	assert.deepEqual(body.results.map((r) => [r.actionId,
		r.tokensDistributed, r.bodyMatches]),
	    [undefined, true, false].map((matches) =>
		[body.results[0].actionId, 5, matches]));
	assert.deepEqual(body.summary, { submitted: 3, completed: 1,
		duplicates: 2, failed: 0, tokensDistributed: 5 });
	assert.equal((await pool(partner)).distributed, 5);
});

test('a batch sees what it has made: a user, an empty pool', async () => {
	const partner = await site.partner({ tokens: 25 });
	const known = { ...unknown(), amount: 3 };
	const body = good(await send(partner, [known,
		purchase({ amount: 20, stakeholders: known.stakeholders }),
		{ ...known, idempotencyKey: 'later' }, purchase({ amount: 3 }),
		purchase({ amount: 2 })]));
	assert.deepEqual(states(body), ['USER_NOT_FOUND', 'COMPLETED',
		'COMPLETED', 'INSUFFICIENT_POOL', 'COMPLETED']);
	const { available, needed } = body.results[3].error;
	assert.deepEqual([available, needed], [2, 3]);
	assert.equal((await pool(partner)).availableBalance, 0);
	assert.equal((await balance(partner, 'nobody')).available, 23);
	/* A key that failed is free. */
	await site.cli('pool', 'allocate', '--partner', partner.slug,
	    '--side', 'test', '--tokens', '3');
	assert.deepEqual(states(good(await send(partner, [known]))),
	    ['COMPLETED']);
});

for (const [why, bad, status, code, pointers] of [
	['an unknown user', unknown(), 422, 'USER_NOT_FOUND',
	    ['/actions/2/stakeholders/0']],
	['an empty pool', purchase({ amount: 1e9 }), 402,
	    'INSUFFICIENT_POOL', ['/actions/2']],
	['an unknown pool', purchase({ tokenPoolId: NO_ID }), 422,
	    'POOL_NOT_FOUND', ['/actions/2']],
	['a bad field', purchase({ currency: 7 }), 400, 'INVALID_REQUEST',
	    ['/actions/2/currency']],
])
	test(`atomic: ${why}, and nothing is done`, async () => {
		const partner = await site.partner();
		const tables = ['actions', 'users', 'entries', 'events',
			'transactions', 'words', 'shares'];
		const before = await Promise.all(tables.map(count));
		const batch = [purchase(), purchase(), bad, purchase()];
		refused(await send(partner, batch, { atomic: true }),
		    status, code, pointers);
		assert.deepEqual(await Promise.all(tables.map(count)), before);
		/* None of the keys is used up. */
		batch.splice(2, 1);
		assert.deepEqual(states(good(await send(partner, batch,
		    { atomic: true }))), Array(3).fill('COMPLETED'));
	});

test('atomic: what is badly said is told of all at once', async () => {
	const partner = await site.partner();
	refused(await send(partner, [purchase({ amount: '1' }), purchase(),
		unknown(), purchase({ stakeholders: [] }), null],
	    { atomic: true }), 400, 'INVALID_REQUEST',
	    ['/actions/0/amount', '/actions/3/stakeholders', '/actions/4']);
});

test('atomic: a duplicate is no failure', async () => {
	const partner = await site.partner();
	const one = purchase();
	good(await partner.post('/v1/partner/actions/submit', one));
	assert.deepEqual(states(good(await send(partner, [one, purchase()],
	    { atomic: true }))), ['DUPLICATE', 'COMPLETED']);
});

test('a hundred at most, and one at least', async () => {
	const partner = await site.partner();
	const many = (n) => Array.from({ length: n }, () => purchase());
	const body = good(await send(partner, many(100), { atomic: true }));
	assert.equal(body.summary.completed, 100);
	for (const n of [0, 101])
		refused(await send(partner, many(n)), 400, 'INVALID_REQUEST',
		    ['/actions']);
});

test('one batch is one commit, with an event for each action', async () => {
	const partner = await site.partner();
	const before = await count('events');
	const { results } = good(await send(partner, [purchase(),
		purchase({ autoCreateUsers: false }), purchase()]));
	assert.equal(results.length, 3);
	/* user_42 is new, and has three rewards. */
	assert.equal(await count('events'), before + 4);
});
