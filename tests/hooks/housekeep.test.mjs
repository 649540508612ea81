// bin/housekeep, chore by chore: what is due is done, once, and nothing else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activate, makeCampaign } from '../lib/campaign.mjs';
import { count, DAY, ended, housekeep } from '../lib/cron.mjs';
import { balance, good } from '../lib/expect.mjs';
import { addWebhook, configureHooks, deliver, deliveries, sql, startReceiver,
    tenantOf, webhook } from '../lib/hooks.mjs';
import { allow, event, gifts, give, status, tell, useStripe, startStripe }
	from '../lib/stripe.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
await configureHooks(site);
const api = await startStripe();
await useStripe(site, api);

const ms = () => site.clock.now() * 1000;
const V1 = '/v1/partner';
const ahead = async (partner, seconds) => good(await partner.post(
    `${V1}/sandbox/clock`, { advanceSeconds: seconds }));

test('deliveries go webhook_days after they ended; others stay', async () => {
	const acme = await site.partner();
	const tenant = await tenantOf(acme);
	const shop = await startReceiver();
	await addWebhook(acme, { url: shop.url });
	await ended(site, { tenant, count: 500, at_ms: ms() });
	/* One that waits, one that was tried again by hand, and the last. */
	await sql(site, 'UPDATE deliveries SET status = 1, ended_at = NULL,' +
	    ` due_at = ${ms() + 60 * DAY * 1000} WHERE tenant = ${tenant}` +
	    ' AND id = 7; UPDATE deliveries SET ended_at =' +
	    ` ${ms() + DAY * 1000} WHERE tenant = ${tenant} AND id = 450`);
	const left = async () => (await deliveries(acme)).map(({ id }) => id);
	site.clock.advance(30 * DAY - 1);
	await housekeep(site);
	assert.equal((await left()).length, 500);
	site.clock.advance(1);
	await housekeep(site);
	assert.deepEqual(await left(), [7, 450, 500]);
	assert.equal(await count(site, 'attempts', `tenant = ${tenant}`), 3);
	site.clock.advance(DAY);
	await housekeep(site);
	assert.deepEqual(await left(), [7, 500]);
});

test('in the time of their sandbox', async () => {
	const acme = await site.partner();
	const other = await site.partner();
	for (const partner of [acme, other])
		await ended(site, { tenant: await tenantOf(partner),
			count: 10, at_ms: ms() });
	await ahead(acme, 30 * DAY);
	await housekeep(site);
	assert.equal((await deliveries(acme)).length, 1);
	assert.equal((await deliveries(other)).length, 10);
});

test('webhook_days says how long', async () => {
	const acme = await site.partner();
	await ended(site, { tenant: await tenantOf(acme), count: 10,
		at_ms: ms() - 2 * DAY * 1000 });
	site.configure({ webhook_days: 3 });
	await housekeep(site);
	assert.equal((await deliveries(acme)).length, 10);
	site.configure({ webhook_days: 2 });
	await housekeep(site);
	assert.equal((await deliveries(acme)).length, 1);
	site.configure({ webhook_days: 30 });
});

test('a removed webhook: its deliveries, then its secrets', async () => {
	const acme = await site.partner();
	const tenant = await tenantOf(acme);
	const shop = await startReceiver();
	shop.says(500);
	const { webhookId } = good(await acme.post(`${V1}/webhooks`, {
		url: shop.url, eventTypes: ['action.completed'],
		headers: [{ name: 'X-Token', value: 'hush' }] }), 201);
	await ended(site, { tenant, count: 450, at_ms: ms() });
	await acme.submit();
	await deliver(site);
	const gone = await acme.signed('DELETE', `${V1}/webhooks/${webhookId}`);
	assert.equal(gone.status, 204);
	/* One waits to be tried again: it is deliver's to end. */
	await housekeep(site);
	assert.equal((await webhook(acme, 1)).headers, 'X-Token: hush');
	site.clock.advance(60);
	await deliver(site);
	await housekeep(site);
	assert.equal((await deliveries(acme)).length, 1);
	const { headers, secret_sealed: secret, url } =
	    await webhook(acme, 1);
	assert.deepEqual([headers, secret, url], [null, '', shop.url]);
	assert.equal(await count(site, 'webhook_slots',
	    `tenant = ${tenant}`), 0);
	await housekeep(site);
});

test('kept answers and messages of providers', async () => {
	const acme = await site.partner();
	site.clock.advance(DAY);
	await housekeep(site);
	good(await acme.post(`${V1}/users`, { externalId: 'replayed' }), 201);
	const before = site.clock.now();
	const known = (id) => sql(site, 'INSERT INTO provider_events VALUES' +
	    ` (1, '${id}', ${ms()})`);
	await known('old');
	await sql(site, 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT' +
	    ' i + 1 FROM n WHERE i < 1000) INSERT INTO replays SELECT 1,' +
	    ` randomblob(32), randomblob(32), 200, '', 0, ${ms()} + i FROM n`
	    .replace("''", "x''"));
	site.clock.set(before + DAY - 1);
	await housekeep(site);
	assert.equal(await count(site, 'replays'), 1);
	site.clock.set(before + DAY);
	await housekeep(site);
	assert.equal(await count(site, 'replays'), 0);
	await known('young');
	site.clock.set(before + 90 * DAY);
	await housekeep(site);
	assert.deepEqual(await sql(site, 'SELECT id FROM provider_events'),
	    [{ id: 'young' }]);
});

/** A partner whose main pool's rewards expire after a day. */
async function brief() {
	const partner = await site.partner({ tokens: 1000 });
	await site.cli('pool', 'set', '--partner', partner.slug, '--side',
	    'test', '--pool', partner.tokenPoolId, '--expiry-days', '1');
	return partner;
}

const inPool = async (partner) => good(await partner.get(
    `${V1}/token-pools`)).data[0].availableBalance;
const earn = async (partner, user, amount = 1) => good(
    await partner.submit({ amount, stakeholders: [{
	stakeholderTypeCode: 'CUSTOMER', partnerUserId: user }] }));

test('tokens that expired go back to their pool', async () => {
	const acme = await brief();
	const other = await brief();
	for (let n = 0; n < 5; n++)
		await earn(acme, `user-${n}`);
	for (let n = 0; n < 70; n++)
		await earn(acme, 'often');
	await earn(other, 'user');
	await ahead(other, DAY);
	await housekeep(site);
	assert.deepEqual([await inPool(acme), await inPool(other)],
	    [925, 1000]);
	site.clock.advance(DAY);
	await housekeep(site);
	assert.equal(await inPool(acme), 1000);
	assert.equal((await balance(acme, 'often')).available, 0);
	await site.verify();
	const { number } = (await sql(site, 'SELECT count(*) AS number FROM' +
	    ' transactions'))[0];
	await housekeep(site);
	assert.equal(await count(site, 'transactions'), number);
});

test('a lot that cannot be booked keeps nobody waiting', async () => {
	const acme = await brief();
	for (let n = 0; n < 3; n++)
		await earn(acme, `user-${n}`);
	/* A pool that holds all it may: nothing can come back to it. */
	await sql(site, 'UPDATE accounts SET balance = 4000000000000000000' +
	    ` WHERE tenant = ${await tenantOf(acme)} AND kind = 2`);
	const other = await brief();
	await earn(other, 'user');
	site.clock.advance(DAY);
	await housekeep(site);
	assert.equal(await inPool(other), 1000);
	await sql(site, 'UPDATE accounts SET balance = 997' +
	    ` WHERE tenant = ${await tenantOf(acme)} AND kind = 2`);
	await housekeep(site);
	assert.equal(await inPool(acme), 1000);
});

test('campaigns end, each in its own time, and are told of once', async () => {
	const [acme, other] = [await site.partner(), await site.partner()];
	const ends = (seconds) => ({ schedule: {
		endDate: new Date(ms() + seconds * 1000) } });
	const over = async (partner) => count(site, 'campaigns',
	    `tenant = ${await tenantOf(partner)} AND status = 4`);
	const told = async (partner) => good(await partner.get(
	    `${V1}/events?type=campaign.completed`)).pagination.total;
	await activate(acme, ends(DAY));
	await activate(acme, ends(DAY - 1));
	await activate(acme, ends(2 * DAY));
	await makeCampaign(acme, ends(DAY));
	await activate(other, ends(DAY));
	await ahead(other, DAY);
	await housekeep(site);
	assert.deepEqual([await over(acme), await over(other)], [0, 0]);
	await ahead(other, 1);
	await housekeep(site);
	assert.deepEqual([await over(acme), await over(other)], [0, 1]);
	site.clock.advance(DAY);
	await housekeep(site);
	assert.deepEqual([await over(acme), await told(acme)], [1, 1]);
	/* It was away for weeks. */
	site.clock.advance(30 * DAY);
	await housekeep(site);
	await housekeep(site);
	assert.deepEqual([await over(acme), await told(acme)], [3, 3]);
	assert.deepEqual([await over(other), await told(other)], [1, 1]);
});

test('more of them than one step takes', async () => {
	const acme = await site.partner(), tenant = await tenantOf(acme);
	await activate(acme, { schedule: {
		endDate: new Date(ms() + 1000) } });
	const columns = 'pool, name, template, status, priority, multiplier,' +
	    ' action_types, starts_at, ends_at, created_at';
	await sql(site, 'INSERT INTO campaigns (tenant, id,' +
	    ` ${columns}) WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL` +
	    ` SELECT i + 1 FROM n WHERE i < 600) SELECT tenant, i, ${columns}` +
	    ` FROM n, campaigns WHERE tenant = ${tenant} AND id = 1`);
	site.clock.advance(3);
	await housekeep(site);
	assert.equal(await count(site, 'campaigns',
	    `tenant = ${tenant} AND status = 4`), 600);
	assert.equal(await count(site, 'events',
	    `tenant = ${tenant} AND type = 17`), 600);
	await housekeep(site);
	assert.equal(await count(site, 'events',
	    `tenant = ${tenant} AND type = 17`), 600);
});

test('a partner is told of keys that will expire', async () => {
	const acme = await site.partner();
	const shop = await startReceiver();
	await addWebhook(acme, { url: shop.url, events: 1 << 7 });
	for (let n = 0; n < 3; n++)
		await acme.newKey({ expires: new Date(ms() + 20 * DAY * 1000)
		    .toISOString().replace(/\.\d+/, '') });
	await housekeep(site);
	await deliver(site);
	assert.equal(shop.got.length, 0);
	site.clock.advance(6 * DAY);
	await housekeep(site);
	await housekeep(site);
	await deliver(site);
	assert.deepEqual(shop.got.map(({ body }) => JSON.parse(body).type),
	    Array(3).fill('key.expiring'));
});

const paid = ({ partnerDonationId }, amount, n = 1) =>
	event('checkout.session.completed', {
		id: `cs_${partnerDonationId}`, object: 'checkout.session',
		client_reference_id: partnerDonationId, mode: 'payment',
		payment_status: 'paid', amount_total: amount, currency: 'usd',
		payment_intent: `pi_${partnerDonationId}_${n}`,
		customer_details: null, subscription: null,
		metadata: { partner_donation_id: partnerDonationId },
	});

test('links of donations run out, each in its own time', async () => {
	const acme = await site.partner();
	const other = await site.partner();
	for (const partner of [acme, other])
		await allow(partner);
	const ours = good(await give(acme));
	const theirs = good(await give(other));
	const now = async () => [
		(await status(acme, ours.partnerDonationId)).status,
		(await status(other, theirs.partnerDonationId)).status];
	await ahead(other, DAY);
	await housekeep(site);
	assert.deepEqual(await now(), ['PENDING', 'EXPIRED']);
	site.clock.advance(DAY - 1);
	await housekeep(site);
	assert.deepEqual(await now(), ['PENDING', 'EXPIRED']);
	site.clock.advance(1);
	await housekeep(site);
	assert.deepEqual(await now(), ['EXPIRED', 'EXPIRED']);
	/* A payment counts whenever it comes. */
	assert.equal((await tell(site, paid(ours, 2500))).status, 204);
	assert.equal((await now())[0], 'COMPLETED');
});

test('a donation is rewarded when its pool can pay', async () => {
	const acme = await site.partner({ tokens: 0 });
	await allow(acme);
	const links = [];
	for (let n = 0; n < 3; n++)
		links.push(good(await give(acme)));
	for (const link of links)
		assert.equal((await tell(site, paid(link, 2500))).status,
		    204);
	const rewarded = async () => (await gifts(acme))
	    .filter(({ action }) => action !== null).length;
	assert.equal(await rewarded(), 0);
	site.clock.advance(3600);
	await housekeep(site);
	assert.equal(await rewarded(), 0);
	await site.cli('pool', 'allocate', '--partner', acme.slug, '--side',
	    'test', '--pool', acme.tokenPoolId, '--tokens', '1000');
	await housekeep(site);
	assert.equal(await rewarded(), 0, 'it is tried again in an hour');
	site.clock.advance(3600);
	await housekeep(site);
	assert.equal(await rewarded(), 3);
	const given = await count(site, 'actions',
	    `tenant = ${await tenantOf(acme)}`);
	site.clock.advance(3600);
	await housekeep(site);
	assert.equal(given, 3);
	assert.ok((await gifts(acme)).every((row) => row.reward_at === null));
});
