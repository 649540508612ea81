// The dashboards: what a partner has and did, whether every part is at work,
// how webhooks fare, and how much was asked of us.

import assert from 'node:assert/strict';
import test from 'node:test';
import { activate, makeCampaign, setStatus } from '../lib/campaign.mjs';
import { housekeep } from '../lib/cron.mjs';
import { good, refused } from '../lib/expect.mjs';
import { configureHooks, deliver, sql, startReceiver, tenantOf } from
    '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';
import { give as donate } from '../lib/stripe.mjs';

const HOUR = 3600, DAY = 86400;
const V1 = '/v1/partner';

const site = await useSite();
await configureHooks(site);

const look = async (partner, name) => {
	site.clock.advance(1);
	return good(await partner.get(`${V1}/dashboard/${name}`));
};
const give = async (partner, amount, user = 'user_42') => {
	site.clock.advance(1);
	return good(await partner.submit({ amount, stakeholders: [{
		stakeholderTypeCode: 'CUSTOMER', partnerUserId: user }] }));
};
const addHook = async (partner, url) => {
	site.clock.advance(1);
	const { webhookId } = good(await partner.post(`${V1}/webhooks`,
	    { url, receiveAllEvents: true }), 201);
	return webhookId;
};
const sums = (actions, tokensDistributed, reversals, tokensClawedBack) =>
	({ actions, tokensDistributed, reversals, tokensClawedBack });
const without = ({ from, ...rest }) => rest;

test('who may look, and how', async () => {
	const acme = await site.partner();
	const writer = await acme.newKey({ scopes: 'actions:write' });
	for (const name of ['overview', 'integration-health',
	    'webhooks/health', 'api-usage']) {
		const path = `${V1}/dashboard/${name}`;
		good(await acme.get(path));
		good(await acme.get(path, { key: 'pk' }));
		refused(await writer.get(path), 403, 'INSUFFICIENT_SCOPE');
		refused(await acme.get(path, { signature: '0'.repeat(64) }),
		    401, 'INVALID_SIGNATURE');
		refused(await acme.signed('POST', path, { body: {} }), 405,
		    'METHOD_NOT_ALLOWED');
	}
	refused(await acme.get(`${V1}/dashboard`), 404, 'NOT_FOUND');
	refused(await acme.get(`${V1}/dashboard/else`), 404, 'NOT_FOUND');
});

test('the overview of nothing', async () => {
	const acme = await site.partner({ tokens: 0 });
	const body = await look(acme, 'overview');
	for (const name of ['today', 'last7Days', 'last30Days', 'allTime'])
		assert.deepEqual(without(body[name]), sums(0, 0, 0, 0));
	assert.deepEqual([body.users, body.activeCampaigns, body.tokenPools,
		body.tokenPoolsLow, body.webhooks], [0, 0, 1, 0, 0]);
	assert.equal(Date.parse(body.asOf), site.clock.now() * 1000);
});

test('the overview follows what is done, day by day', async () => {
	const start = site.clock.now();
	const acme = await site.partner({ tokens: 1000 });
	await give(acme, 100);
	site.clock.set(start + 25 * DAY);
	const { actionId } = await give(acme, 50);
	site.clock.set(start + 30 * DAY);
	await give(acme, 20, 'user_1');
	site.clock.advance(1);
	good(await acme.post(`${V1}/actions/${actionId}/reverse`,
	    { reversalPercentage: 50, refundIdempotencyKey: 'r' }));

	const body = await look(acme, 'overview');
	const midnight = Math.floor((start + 30 * DAY) / DAY) * DAY;
	for (const [name, days, expected] of [
		['today', 0, sums(1, 20, 1, 25)],
		['last7Days', 6, sums(2, 70, 1, 25)],
		['last30Days', 29, sums(2, 70, 1, 25)],
	]) {
		assert.deepEqual(without(body[name]), expected, name);
		assert.equal(Date.parse(body[name].from),
		    (midnight - days * DAY) * 1000);
	}
	assert.deepEqual(body.allTime, { from: null, ...sums(3, 170, 1, 25) });
	assert.equal(body.users, 2);

	/* The ledger says the same. */
	const [told] = await sql(site, 'SELECT (SELECT sum(tokens) FROM' +
	    ` actions WHERE tenant = t) AS given, (SELECT sum(clawed_back)` +
	    ' FROM reversals WHERE tenant = t) AS back FROM (SELECT' +
	    ` ${await tenantOf(acme)} AS t)`);
	assert.deepEqual(told, { given: 170, back: 25 });

	site.clock.advance(1);
	assert.equal((await acme.signed('DELETE', `${V1}/users/user_1`))
	    .status, 204);
	assert.equal((await look(acme, 'overview')).users, 1);
	site.clock.set(start);
});

test('pools that are low, and another side\'s are not shown', async () => {
	const acme = await site.partner({ tokens: 100 });
	await site.cli('pool', 'set', '--partner', acme.slug, '--side', 'test',
	    '--low-threshold', '50');
	assert.equal((await look(acme, 'overview')).tokenPoolsLow, 0);
	await give(acme, 51);
	assert.equal((await look(acme, 'overview')).tokenPoolsLow, 1);
	const live = await acme.newKey({ side: 'live' });
	const { tokenPools, allTime } = await look(live, 'overview');
	assert.deepEqual([tokenPools, allTime.actions], [0, 0]);
});

test('campaigns that are active are those that match now', async () => {
	const acme = await site.partner();
	const begun = site.clock.now();
	const later = (seconds) => new Date((begun + seconds) * 1000);
	const count = async (expected) => {
		const { activeCampaigns } = await look(acme, 'overview');
		const { data } = good(await acme.get(`${V1}/campaigns/active`));
		assert.deepEqual([activeCampaigns, data.length],
		    [expected, expected]);
	};
	await makeCampaign(acme);
	const paused = await activate(acme);
	await activate(acme);
	await activate(acme, { schedule: { startDate: later(500) } });
	await activate(acme, { schedule: { endDate: later(1000) } });
	const gone = await activate(acme);
	await count(4);
	good(await setStatus(acme, paused.campaignId, 'PAUSED'));
	good(await setStatus(acme, gone.campaignId, 'COMPLETED'));
	await count(2);
	site.clock.set(begun + 498);
	await count(2);
	await count(3);
	/* By the clock, whether or not housekeep has been. */
	site.clock.set(begun + 999);
	await count(3);
	await count(2);
	await housekeep(site);
	await count(2);
	/* One that is out of budget pays no more. */
	await activate(acme, { priority: 1, limits: { totalBudget: 20 } });
	await count(3);
	await give(acme, 10);
	await count(2);
	const other = await site.partner();
	assert.equal((await look(other, 'overview')).activeCampaigns, 0);
	site.clock.set(begun);
});

/* Health. */

const parts = ({ pipelines }) => Object.fromEntries(
    pipelines.map(({ name, status }) => [name, status]));
const fine = { database: 'ok', ledger: 'ok', outbox: 'ok', cron: 'ok',
	providers: 'ok', webhooks: 'ok' };

test('all is well once cron has run, and not if it stops', async () => {
	const acme = await site.partner();
	await give(acme, 10);
	const fresh = await look(acme, 'integration-health');
	assert.deepEqual(parts(fresh), { ...fine, cron: 'down' });
	assert.equal(fresh.status, 'degraded');
	assert.match(fresh.pipelines[3].detail, /never been started/);

	const began = site.clock.now();
	await deliver(site);
	assert.match((await look(acme, 'integration-health')).pipelines[3]
	    .detail, /housekeep/);
	await housekeep(site);
	const well = await look(acme, 'integration-health');
	assert.deepEqual([well.status, parts(well)], ['ok', fine]);
	for (const [ago, status] of [[599, 'ok'], [600, 'degraded'],
	    [2 * HOUR - 1, 'degraded'], [2 * HOUR, 'down']]) {
		site.clock.set(began + ago - 1);
		const body = await look(acme, 'integration-health');
		assert.deepEqual([parts(body).cron, body.status],
		    [status, status === 'ok' ? 'ok' : 'degraded'], `${ago}`);
	}
});

test('what waits too long to be sent', async () => {
	const acme = await site.partner();
	const shop = await startReceiver();
	await addHook(acme, shop.url);
	await give(acme, 10);
	const told = site.clock.now();
	for (const [ago, status] of [[599, 'ok'], [600, 'degraded'],
	    [HOUR - 1, 'degraded'], [HOUR, 'down']]) {
		site.clock.set(told + ago - 1);
		assert.equal(parts(await look(acme, 'integration-health'))
		    .outbox, status, `${ago}`);
	}
	await deliver(site);
	assert.equal(parts(await look(acme, 'integration-health')).outbox,
	    'ok');
});

test('books whose head is not their last transaction', async () => {
	const acme = await site.partner();
	await give(acme, 10);
	const where = `WHERE id = ${await tenantOf(acme)}`;
	const [{ hash }] = await sql(site,
	    `SELECT hex(head_hash) AS hash FROM tenants ${where}`);
	for (const [broken, mended] of [
		['head_hash = zeroblob(32)', `head_hash = x'${hash}'`],
		['unbalanced = 1', 'unbalanced = 0'],
		['head_number = head_number - 1',
			'head_number = head_number + 1'],
	]) {
		await sql(site, `UPDATE tenants SET ${broken} ${where}`);
		const body = await look(acme, 'integration-health');
		assert.deepEqual([body.status, parts(body).ledger],
		    ['down', 'down'], broken);
		await sql(site, `UPDATE tenants SET ${mended} ${where}`);
		assert.equal(parts(await look(acme, 'integration-health'))
		    .ledger, 'ok');
	}
});

test('providers: a live side needs one for donations', async () => {
	const acme = await site.partner({ side: 'live' });
	const before = await look(acme, 'integration-health');
	assert.equal(parts(before).providers, 'ok');
	assert.match(before.pipelines[4].detail, /No payment provider/);
	site.configure({ stripe_key: 'sk_live_x', stripe_secret: 'whsec_x' });
	await site.restart();
	const after = await look(acme, 'integration-health');
	assert.match(after.pipelines[4].detail, /Configured: stripe/);
	const every = { every_org_token: 'f0e1d2c3',
		every_org_secret: 'known-to-nobody-else-0123456789' };
	site.configure({ stripe_key: undefined, stripe_secret: undefined,
		...every });
	await site.restart();
	/* One that has donations and cannot take more. */
	good(await donate(acme, { provider: 'every.org' }));
	const taken = await look(acme, 'integration-health');
	assert.match(taken.pipelines[4].detail, /Configured: every\.org/);
	site.configure(Object.fromEntries(Object.keys(every).map((name) =>
		[name, undefined])));
	await site.restart();
	const body = await look(acme, 'integration-health');
	assert.deepEqual([parts(body).providers, body.status],
	    ['down', 'degraded']);
	assert.match(body.pipelines[4].detail, /donations are refused/);
});

/* Webhooks. */

test('webhooks: how deliveries went, over three windows', async () => {
	const acme = await site.partner();
	const shop = await startReceiver();
	const none = await look(acme, 'webhooks/health');
	assert.deepEqual([none.data, none.lastHour.successRate,
		none.lastHour.p50Ms], [[], null, null]);

	const good1 = await addHook(acme, shop.url);
	await give(acme, 10);		/* and user.created */
	await deliver(site);
	const sick = await startReceiver();
	sick.says(500);
	const bad = await addHook(acme, sick.url);
	await give(acme, 10);
	await deliver(site);

	const body = await look(acme, 'webhooks/health');
	assert.deepEqual(body.data.map((hook) => hook.webhookId),
	    [bad, good1]);
	const [b, g] = body.data;
	assert.deepEqual([g.lastHour.attempts, g.lastHour.succeeded,
		g.lastHour.failed, g.lastHour.successRate, g.backlog,
		g.nextAttemptAt, g.failingSince],
	    [3, 3, 0, 100, 0, null, null]);
	assert.deepEqual([b.lastHour.attempts, b.lastHour.failed,
		b.lastHour.successRate, b.backlog], [1, 1, 0, 1]);
	const { data: waiting } = good(await acme.get(
	    `${V1}/webhooks/${bad}/deliveries?status=PENDING`));
	assert.deepEqual(waiting.map((one) => one.nextAttemptAt),
	    [b.nextAttemptAt]);
	assert.ok(Date.parse(b.nextAttemptAt) > site.clock.now() * 1000 - 2e3);
	assert.ok(Date.parse(b.failingSince) > 0);
	assert.equal(b.url, sick.url);
	for (const name of ['lastHour', 'last24Hours', 'last7Days']) {
		assert.equal(body[name].attempts, 4);
		assert.equal(body[name].successRate, 75);
		assert.ok(body[name].p50Ms >= 0 &&
		    body[name].p95Ms >= body[name].p50Ms);
	}
	assert.deepEqual(parts(await look(acme, 'integration-health'))
	    .webhooks, 'degraded');
	const { webhooks, webhooksFailing, webhooksOff } =
	    await look(acme, 'overview');
	assert.deepEqual([webhooks, webhooksFailing, webhooksOff], [2, 1, 0]);

	/* All of them, off or failing. */
	site.clock.advance(1);
	good(await acme.signed('PATCH', `${V1}/webhooks/${good1}`,
	    { body: { status: 'DISABLED' } }));
	const down = await look(acme, 'integration-health');
	assert.deepEqual([down.status, parts(down).webhooks],
	    ['degraded', 'down']);
	assert.match(down.pipelines[5].detail,
	    /Of 2, 1 failed last and 1 are switched off/);
	site.clock.advance(1);
	good(await acme.signed('PATCH', `${V1}/webhooks/${good1}`,
	    { body: { status: 'ACTIVE' } }));

	/* Off, then gone. */
	site.clock.advance(1);
	good(await acme.signed('PATCH', `${V1}/webhooks/${bad}`,
	    { body: { status: 'DISABLED' } }));
	const off = (await look(acme, 'webhooks/health')).data[0];
	assert.deepEqual([off.status, off.disabledReason],
	    ['DISABLED', 'partner']);
	assert.equal((await look(acme, 'overview')).webhooksOff, 1);
	site.clock.advance(1);
	assert.equal((await acme.signed('DELETE', `${V1}/webhooks/${bad}`))
	    .status, 204);
	const rest = await look(acme, 'webhooks/health');
	assert.deepEqual([rest.data.length, rest.lastHour.attempts], [1, 3]);

	/* Windows pass by. */
	const now = site.clock.now();
	for (const [ago, expected] of [[HOUR + 300, [0, 3, 3]],
	    [DAY + HOUR, [0, 0, 3]], [7 * DAY + HOUR, [0, 0, 0]]]) {
		site.clock.set(now + ago);
		const later = await look(acme, 'webhooks/health');
		assert.deepEqual([later.lastHour, later.last24Hours,
			later.last7Days].map((w) => w.attempts), expected);
	}
	assert.deepEqual((await look(await site.partner(), 'webhooks/health'))
	    .data, []);
});

test('a test of a webhook is an attempt too', async () => {
	const acme = await site.partner();
	const shop = await startReceiver();
	const id = await addHook(acme, shop.url);
	good(await acme.signed('POST', `${V1}/webhooks/${id}/test`));
	const { lastHour } = await look(acme, 'webhooks/health');
	assert.deepEqual([lastHour.attempts, lastHour.succeeded], [1, 1]);
});
