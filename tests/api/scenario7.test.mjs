// Scenario 7: a daily run of 10,000 actions, after a look at the token pool,
// in batches of 100.  All are completed and each is paid once; the same run
// once more finds 10,000 duplicates and moves nothing.  Between the batches
// somebody else's rewards go on.

import assert from 'node:assert/strict';
import test from 'node:test';
import { balance, good, pool } from '../lib/expect.mjs';
import { purchase, useSite } from '../lib/site.mjs';

/* A witness takes its time with each request. */
const ACTIONS = process.env.ALMONER_PROXY ? 1000 : 10000;
const BATCH = 100, USERS = 250;
const V1 = '/v1/partner';

const site = await useSite();
const acme = await site.partner({ slug: 'acme', tokens: 500000 });
const other = await site.partner({ slug: 'other', tokens: 100000 });

const amount = (i) => 1 + i % 40;
const actions = Array.from({ length: ACTIONS }, (_, i) => purchase({
	idempotencyKey: `daily_${i}`, amount: amount(i),
	stakeholders: [{ stakeholderTypeCode: 'CUSTOMER',
		partnerUserId: `user_${i % USERS}` }],
}));
const worth = actions.reduce((sum, action) => sum + action.amount, 0);

/** The whole run, one batch after the other: all results. */
async function run() {
	const results = [];
	const summary = { submitted: 0, completed: 0, duplicates: 0,
		failed: 0, tokensDistributed: 0 };
	for (let i = 0; i < ACTIONS; i += BATCH) {
		const body = good(await acme.post(`${V1}/actions/bulk`,
		    { actions: actions.slice(i, i + BATCH) }));
		results.push(...body.results);
		for (const name of Object.keys(summary))
			summary[name] += body.summary[name];
	}
	return { results, summary };
}

let first;

test('there is enough in the pool for the run', async () => {
	const { availableBalance, reserved } = good(await acme.get(
	    `${V1}/token-pools/${acme.tokenPoolId}/balance`));
	assert.ok(availableBalance >= worth);
	assert.equal(reserved, 0);
});

test(`${ACTIONS} actions in batches of ${BATCH}`, async () => {
	let running = true;
	const aside = (async () => {
		let given = 0;
		for (; running; given++)
			good(await other.submit({ amount: 1 }));
		return given;
	})();
	first = await run();
	running = false;
	const given = await aside;

	assert.deepEqual(first.summary, { submitted: ACTIONS,
		completed: ACTIONS, duplicates: 0, failed: 0,
		tokensDistributed: worth });
	assert.equal(new Set(first.results.map((r) => r.actionId)).size,
	    ACTIONS);
	assert.ok(first.results.every((r, i) => r.index === i % BATCH &&
		r.tokensDistributed === amount(i) &&
		r.idempotencyKey === `daily_${i}`));
	assert.ok(given > 0, 'others went on meanwhile');
	assert.equal((await pool(other)).availableBalance, 100000 - given);
});

test('the pool and each wallet are exact', async () => {
	const paid = await pool(acme);
	assert.deepEqual([paid.availableBalance, paid.distributed],
	    [500000 - worth, worth]);
	for (let user = 0; user < USERS; user += 10) {
		let earned = 0;
		for (let i = user; i < ACTIONS; i += USERS)
			earned += amount(i);
		const { available, lifetimeEarned } =
		    await balance(acme, `user_${user}`);
		assert.deepEqual([available, lifetimeEarned],
		    [earned, earned]);
	}
	const { pagination } = good(await acme.get(`${V1}/actions?limit=1`));
	assert.equal(pagination.total, ACTIONS);
});

test('the same run again: all duplicates, and nothing moves', async () => {
	const before = await pool(acme);
	const { results, summary } = await run();
	assert.deepEqual(summary, { submitted: ACTIONS, completed: 0,
		duplicates: ACTIONS, failed: 0, tokensDistributed: 0 });
	assert.deepEqual(results, first.results.map((result) => ({
		...result, status: 'DUPLICATE', bodyMatches: true })));
	assert.deepEqual(await pool(acme), before);
});
