// Scenario 7: a daily run of 10,000 actions in batches of 100, after the five
// calls that say whether all is well.  All are completed and each is paid
// once; the same run once more finds 10,000 duplicates and moves nothing.
// Between the batches somebody else's rewards go on; and the dashboards tell
// of it to the token.

import assert from 'node:assert/strict';
import test from 'node:test';
import { housekeep } from '../lib/cron.mjs';
import { balance, good, pool } from '../lib/expect.mjs';
import { configureHooks, deliver, startReceiver } from '../lib/hooks.mjs';
import { purchase, useSite } from '../lib/site.mjs';

/* A witness takes its time with each request. */
const ACTIONS = process.env.ALMONER_PROXY ? 1000 : 10000;
const BATCH = 100, USERS = 250;
const V1 = '/v1/partner';

const site = await useSite();
await configureHooks(site);
const shop = await startReceiver();
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

const dashboard = async (name) => {
	site.clock.advance(1);
	return good(await acme.get(`${V1}/dashboard/${name}`));
};

let first;

test('yesterday: a first reward, told of, and cron at work', async () => {
	good(await acme.post(`${V1}/webhooks`,
	    { url: shop.url, eventTypes: ['user.created'] }), 201);
	good(await acme.submit({ amount: 1 }));
	await deliver(site);
	await housekeep(site);
	assert.equal(shop.got.length, 1);
});

test('1: are the pipelines green?', async () => {
	const { status, pipelines } = await dashboard('integration-health');
	assert.equal(status, 'ok', JSON.stringify(pipelines));
	assert.deepEqual(pipelines.map(({ name }) => name), ['database',
		'ledger', 'outbox', 'cron', 'providers', 'webhooks']);
});

test('2: is there enough headroom?', async () => {
	const { availableBalance, reserved } = good(await acme.get(
	    `${V1}/token-pools/${acme.tokenPoolId}/balance`));
	assert.ok(availableBalance >= worth);
	assert.equal(reserved, 0);
});

test('3: is the right campaign live?', async () => {
	const { data } = good(await acme.get(`${V1}/campaigns/active`));
	assert.deepEqual(data, []);
	assert.equal((await dashboard('overview')).activeCampaigns, 0);
});

test('4: do webhooks succeed, more than 99 in 100?', async () => {
	const { lastHour, last24Hours } = await dashboard('webhooks/health');
	assert.ok(lastHour.successRate > 99 && last24Hours.successRate > 99);
	assert.equal(lastHour.attempts, 1);
});

test('5: anywhere near the rate limit?', async () => {
	const { rateLimit, data } = await dashboard('api-usage?days=1');
	assert.equal(data.length, 1);
	assert.equal(data[0].rateLimited, 0);
	assert.ok(rateLimit.remaining > 2 * ACTIONS / BATCH);
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
	    [500000 - worth - 1, worth + 1]);
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
	assert.equal(pagination.total, ACTIONS + 1);
});

test('the overview says the same', async () => {
	const { today, allTime, users, webhooksFailing } =
	    await dashboard('overview');
	for (const sums of [today, allTime])
		assert.deepEqual([sums.actions, sums.tokensDistributed,
			sums.reversals], [ACTIONS + 1, worth + 1, 0]);
	assert.deepEqual([users, webhooksFailing], [USERS, 0]);
});

test('and the new users are told of', async () => {
	for (let runs = 0; shop.got.length < USERS && runs < 9; runs++)
		await deliver(site);
	const { lastHour, data } = await dashboard('webhooks/health');
	assert.deepEqual([lastHour.attempts, lastHour.successRate,
		data[0].backlog], [USERS, 100, 0]);
	assert.equal((await dashboard('integration-health')).status, 'ok');
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
