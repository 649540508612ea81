// What is not sent any more, and what is sent later: webhooks that were
// switched off or removed, sandboxes that were reset, secrets that cannot be
// read, and a run whose time is up.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addWebhook, attempts, configureHooks, deliver, deliveries, sql,
    startReceiver, tenantOf, tryDeliver } from '../lib/hooks.mjs';
import { until, useSite } from '../lib/site.mjs';

const COMPLETED = 1 << 1;

const site = await useSite();
await configureHooks(site);

async function listener(options = {}) {
	const partner = await site.partner();
	const receiver = await startReceiver();
	const id = await addWebhook(partner,
	    { url: receiver.url, events: COMPLETED, ...options });
	return { partner, receiver, id, tenant: await tenantOf(partner) };
}

/** Deliveries of one event, as if so many had been queued. */
async function queue({ partner, id, tenant }, count) {
	await partner.submit();
	await sql(site, 'INSERT INTO deliveries (tenant, id, webhook, event,' +
	    ' due_at, created_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION' +
	    ` ALL SELECT i + 1 FROM n WHERE i < ${count - 1})` +
	    ' SELECT d.tenant, d.id + i, d.webhook, d.event, d.due_at,' +
	    ' d.created_at FROM n, deliveries d' +
	    ` WHERE d.tenant = ${tenant} AND d.webhook = ${id}`);
}

const stateOf = async ({ partner, id }) => [...new Set(
    (await deliveries(partner, id)).map(({ status }) => status))];

for (const [name, change] of [
	['switched off', `disabled_at = 1, disabled_why = 'partner'`],
	['removed', 'removed_at = 1'],
])
	test(`of a webhook that was ${name} all is dropped`, async () => {
		const made = await listener();
		await queue(made, 600);		// in several steps
		await sql(site, `UPDATE webhooks SET ${change}` +
		    ` WHERE tenant = ${made.tenant}`);
		await deliver(site);
		assert.deepEqual(await stateOf(made), [4]);
		assert.equal(made.receiver.got.length, 0);
	});

test('a sandbox that was reset is told nothing', async () => {
	const made = await listener();
	await made.partner.submit();
	const { status, text } = await made.partner.post(
	    '/v1/partner/sandbox/reset', {});
	assert.equal(status, 200, text);
	await deliver(site);
	const rows = await sql(site, 'SELECT status FROM deliveries' +
	    ` WHERE tenant = ${made.tenant} AND status = 1`);
	assert.deepEqual(rows, []);
	assert.equal(made.receiver.got.length, 0);
});

test('an event that is gone is dropped; the next one is sent', async () => {
	const made = await listener();
	await made.partner.submit();
	await sql(site, `DELETE FROM events WHERE tenant = ${made.tenant}`);
	await made.partner.submit();
	await deliver(site);
	const rows = await deliveries(made.partner, made.id);
	assert.deepEqual(rows.map(({ status, attempts: n }) => [status, n]),
	    [[4, 0], [2, 1]]);
	assert.equal(made.receiver.got.length, 1);
});

test('a secret that cannot be read stops its webhook alone', async () => {
	const made = await listener();
	const other = await listener();
	await sql(site, "UPDATE webhooks SET secret_sealed = x'" +
	    `${'00'.repeat(60)}' WHERE tenant = ${made.tenant}`);
	await made.partner.submit();
	await other.partner.submit();
	const { code } = await tryDeliver(site);
	assert.equal(code, 0);
	assert.match(site.log(), / error .* its secret cannot be read/);
	assert.equal(made.receiver.got.length, 0);
	assert.equal(other.receiver.got.length, 1);
	assert.deepEqual(await stateOf(made), [1]);
	await sql(site, 'DELETE FROM deliveries WHERE status = 1');
});

test('a live webhook is never called by http', async () => {
	const partner = await site.partner({ side: 'live' });
	const receiver = await startReceiver();
	const id = await addWebhook(partner,
	    { url: receiver.url, events: COMPLETED });
	await partner.submit();
	await deliver(site);
	assert.equal(receiver.got.length, 0);
	assert.deepEqual(await attempts(partner, id), []);
	await sql(site, 'DELETE FROM deliveries WHERE status = 1');
});

test('its time is up: it leaves, and the next run goes on', async () => {
	const made = await listener();
	made.receiver.answer = (response) =>
		setTimeout(() => response.end(), 100);
	await queue(made, 200);
	const began = performance.now();
	await deliver(site, '--budget', '2');
	/* What a busy machine adds: starting and ending it. */
	assert.ok(performance.now() - began < 2000 + 4000);
	const first = made.receiver.got.length;
	assert.ok(first > 0 && first < 200, `${first}`);
	/* What was not begun was given back as it was. */
	const left = (await deliveries(made.partner, made.id))
	    .filter(({ status }) => status === 1);
	assert.equal(left.length, 200 - first);
	assert.ok(left.every(({ due_at: due }) =>
		due <= site.clock.now() * 1000));
	made.receiver.says(200);
	await deliver(site);
	assert.equal(made.receiver.got.length, 200);
	assert.deepEqual(await stateOf(made), [2]);
});

test('what has not ended in time is left to its lease', async () => {
	const made = await listener();
	made.receiver.answer = () => {};
	await made.partner.submit();
	await deliver(site, '--budget', '1');
	assert.deepEqual(await attempts(made.partner, made.id), []);
	const [row] = await deliveries(made.partner, made.id);
	assert.equal(row.due_at, (site.clock.now() + 120) * 1000);
	made.receiver.says(200);
	site.clock.advance(120);
	await deliver(site);
	assert.equal(made.receiver.got.length, 2);
});

test('a sandbox whose clock is moved ahead gets its retries at once',
    async () => {
	await configureHooks(site, { start_deliver: 'yes' });
	const made = await listener();
	made.receiver.says(500);
	await made.partner.submit();
	assert.ok(await until(async () => (await attempts(made.partner,
	    made.id)).length === 1, 20000));
	made.receiver.says(200);
	const { status } = await made.partner.post(
	    '/v1/partner/sandbox/clock', { advanceSeconds: 60 });
	assert.equal(status, 200);
	assert.ok(await until(() => made.receiver.got.length === 2, 20000));
	await configureHooks(site);
});
